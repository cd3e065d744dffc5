#include "ledger/domain/facts/provider.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const EventCodec> provider_events() { return make_event_codecs(provider::Events{}); }

}  // namespace daybook::codec
