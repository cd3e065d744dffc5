#include "ledger/domain/commands/reservation.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const CommandCodec> reservation_commands() {
  return make_command_codecs(reservation::Commands{});
}

}  // namespace daybook::codec
