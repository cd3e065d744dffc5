#include "ledger/domain/facts/support_request.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const EventCodec> support_request_events() {
  return make_event_codecs(support_request::Events{});
}

}  // namespace daybook::codec
