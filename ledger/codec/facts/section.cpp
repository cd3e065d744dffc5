#include "ledger/domain/facts/section.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const EventCodec> section_events() { return make_event_codecs(section::Events{}); }

}  // namespace daybook::codec
