#include "ledger/domain/facts/charge.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const EventCodec> charge_events() { return make_event_codecs(charge::Events{}); }

}  // namespace daybook::codec
