#include "ledger/domain/facts/subscription.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const EventCodec> subscription_events() {
  return make_event_codecs(subscription::Events{});
}

}  // namespace daybook::codec
