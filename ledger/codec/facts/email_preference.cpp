#include "ledger/domain/facts/email_preference.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const EventCodec> email_preference_events() {
  return make_event_codecs(email_preference::Events{});
}

}  // namespace daybook::codec
