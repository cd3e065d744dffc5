#include "ledger/domain/facts/payment_method.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const EventCodec> payment_method_events() {
  return make_event_codecs(payment_method::Events{});
}

}  // namespace daybook::codec
