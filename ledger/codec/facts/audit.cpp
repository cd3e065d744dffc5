#include "ledger/domain/facts/audit.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const EventCodec> audit_events() { return make_event_codecs(audit::Events{}); }

}  // namespace daybook::codec
