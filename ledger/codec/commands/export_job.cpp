#include "ledger/domain/commands/export_job.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const CommandCodec> export_job_commands() {
  return make_command_codecs(export_job::Commands{});
}

}  // namespace daybook::codec
