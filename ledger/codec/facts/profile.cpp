#include "ledger/domain/facts/profile.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const EventCodec> profile_events() { return make_event_codecs(profile::Events{}); }

}  // namespace daybook::codec
