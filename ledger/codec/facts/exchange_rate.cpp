#include "ledger/domain/facts/exchange_rate.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const EventCodec> exchange_rate_events() {
  return make_event_codecs(exchange_rate::Events{});
}

}  // namespace daybook::codec
