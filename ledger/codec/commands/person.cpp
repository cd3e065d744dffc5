#include "ledger/domain/commands/person.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const CommandCodec> person_commands() { return make_command_codecs(person::Commands{}); }

}  // namespace daybook::codec
