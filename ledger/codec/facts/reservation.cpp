#include "ledger/domain/facts/reservation.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const EventCodec> reservation_events() {
  return make_event_codecs(reservation::Events{});
}

}  // namespace daybook::codec
