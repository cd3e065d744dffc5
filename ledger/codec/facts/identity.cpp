#include "ledger/domain/facts/identity.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const EventCodec> identity_events() { return make_event_codecs(identity::Events{}); }

}  // namespace daybook::codec
