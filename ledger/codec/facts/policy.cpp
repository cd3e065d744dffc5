#include "ledger/domain/facts/policy.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const EventCodec> policy_events() { return make_event_codecs(policy::Events{}); }

}  // namespace daybook::codec
