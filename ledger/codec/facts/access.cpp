#include "ledger/domain/facts/access.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const EventCodec> access_events() { return make_event_codecs(access::Events{}); }

}  // namespace daybook::codec
