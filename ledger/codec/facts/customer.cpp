#include "ledger/domain/facts/customer.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const EventCodec> customer_events() { return make_event_codecs(customer::Events{}); }

}  // namespace daybook::codec
