#include "ledger/domain/facts/credit.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const EventCodec> credit_events() { return make_event_codecs(credit::Events{}); }

}  // namespace daybook::codec
