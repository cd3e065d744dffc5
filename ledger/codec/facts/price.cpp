#include "ledger/domain/facts/price.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const EventCodec> price_events() { return make_event_codecs(price::Events{}); }

}  // namespace daybook::codec
