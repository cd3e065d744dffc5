#include "ledger/domain/facts/usage.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const EventCodec> usage_events() { return make_event_codecs(usage::Events{}); }

}  // namespace daybook::codec
