#include "ledger/engine/fact_batch.h"

#include <algorithm>

namespace daybook::engine {

void FactBatch::clear() {
  caller = {};
  atomic = false;
  facts.clear();
  bytes.clear();
  events.clear();
  errors.clear();
  keys.clear();
  run_hits.clear();
  content_bytes = 0;
  first = last = head = 0;
  recorded_at = 0;
}

std::size_t FactBatch::count(FactStatus status) const {
  return static_cast<std::size_t>(
      std::count_if(facts.begin(), facts.end(), [&](const PreparedFact& fact) { return fact.status == status; }));
}

}  // namespace daybook::engine
