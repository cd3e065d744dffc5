#include "ledger/domain/commands/enrollment.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const CommandCodec> enrollment_commands() {
  return make_command_codecs(enrollment::Commands{});
}

}  // namespace daybook::codec
