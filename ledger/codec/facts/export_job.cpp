#include "ledger/domain/facts/export_job.h"

#include "ledger/codec/codec_tables.h"
#include "ledger/codec/registry.h"

namespace daybook::codec {

std::span<const EventCodec> export_job_events() { return make_event_codecs(export_job::Events{}); }

}  // namespace daybook::codec
