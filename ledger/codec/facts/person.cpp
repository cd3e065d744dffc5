#include "ledger/domain/facts/person.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const EventCodec> person_events() { return make_event_codecs(person::Events{}); }

}  // namespace daybook::codec
