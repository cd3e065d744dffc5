#include "ledger/domain/facts/enrollment.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const EventCodec> enrollment_events() { return make_event_codecs(enrollment::Events{}); }

}  // namespace daybook::codec
