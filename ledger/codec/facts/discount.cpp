#include "ledger/domain/facts/discount.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const EventCodec> discount_events() { return make_event_codecs(discount::Events{}); }

}  // namespace daybook::codec
