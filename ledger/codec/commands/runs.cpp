#include "ledger/domain/commands/runs.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const CommandCodec> runs_commands() { return make_command_codecs(runs::Commands{}); }

}  // namespace daybook::codec
