#include "ledger/domain/facts/tax_rate.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const EventCodec> tax_rate_events() { return make_event_codecs(tax_rate::Events{}); }

}  // namespace daybook::codec
