#include "ledger/domain/commands/subscription.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const CommandCodec> subscription_commands() {
  return make_command_codecs(subscription::Commands{});
}

}  // namespace daybook::codec
