#include "ledger/domain/commands/account.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const CommandCodec> account_commands() {
  return make_command_codecs(account::Commands{});
}

}  // namespace daybook::codec
