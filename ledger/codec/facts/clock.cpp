#include "ledger/domain/facts/clock.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const EventCodec> clock_events() { return make_event_codecs(clock::Events{}); }

}  // namespace daybook::codec
