#include "ledger/domain/commands/access.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const CommandCodec> access_commands() { return make_command_codecs(access::Commands{}); }

}  // namespace daybook::codec
