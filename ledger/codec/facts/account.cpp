#include "ledger/domain/facts/account.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const EventCodec> account_events() { return make_event_codecs(account::Events{}); }

}  // namespace daybook::codec
