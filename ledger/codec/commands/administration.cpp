#include "ledger/domain/commands/administration.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const CommandCodec> administration_commands() {
  return make_command_codecs(administration::Commands{});
}

}  // namespace daybook::codec
