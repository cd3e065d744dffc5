#include "ledger/domain/commands/email_preference.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const CommandCodec> email_preference_commands() {
  return make_command_codecs(email_preference::Commands{});
}

}  // namespace daybook::codec
