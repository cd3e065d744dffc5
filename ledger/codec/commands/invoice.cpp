#include "ledger/domain/commands/invoice.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const CommandCodec> invoice_commands() {
  return make_command_codecs(invoice::Commands{});
}

}  // namespace daybook::codec
