#include "ledger/domain/facts/invoice_documents.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const EventCodec> invoice_documents_events() {
  return make_event_codecs(invoice_documents::Events{});
}

}  // namespace daybook::codec
