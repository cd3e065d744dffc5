#include "ledger/domain/facts/support_plan.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const EventCodec> support_plan_events() {
  return make_event_codecs(support_plan::Events{});
}

}  // namespace daybook::codec
