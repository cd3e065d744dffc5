#include "ledger/domain/facts/invoice.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const EventCodec> invoice_events() { return make_event_codecs(invoice::Events{}); }

}  // namespace daybook::codec
