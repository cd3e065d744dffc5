#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "tests/support/in_memory_ledger.h"

namespace daybook::testing {

/// What is told of a document where only its day and period matter.
struct Issued {
  std::string scope;
  std::string date;
  std::string from;
  std::string through;
  friend bool operator==(const Issued&, const Issued&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Issued& issued) {
    return out << issued.scope << " on " << issued.date << " for " << issued.from << ".."
               << issued.through;
  }
};

inline std::vector<Issued> issued(const InMemoryLedger& ledger) {
  std::vector<Issued> result;
  for (const Invoice* invoice : ledger.invoices()) {
    result.push_back({invoice->scope.id, invoice->issue_date.text(), invoice->period.start.text(),
                      invoice->period.last_day().text()});
  }
  return result;
}

}  // namespace daybook::testing
