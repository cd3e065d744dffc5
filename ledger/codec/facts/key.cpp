#include "ledger/domain/facts/key.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const EventCodec> key_events() { return make_event_codecs(key::Events{}); }

}  // namespace daybook::codec
