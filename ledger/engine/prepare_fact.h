#pragma once

#include "ledger/domain/event.h"
#include "ledger/engine/fact_batch.h"

namespace daybook::engine {

struct Core;

/// Adds one fact to a body on the thread that read it: its event bytes, leaf and identity, and what is wrong with the fact
/// itself. What the state has against it the sequencer finds (FactSubmission). From any thread.
void prepare_fact(const Core& core, FactBatch& batch, Event&& fact);

}  // namespace daybook::engine
