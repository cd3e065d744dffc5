#include "ledger/log/lineage.h"

#include <algorithm>

#include "ledger/log/hash.h"

namespace daybook::log {

Hash Lineage::first_chain() const { return log::first_chain(origins.empty() ? ledger_id : origins.front().ledger); }

Hash Lineage::chain_after(Position position, const Hash& in_row) const {
  for (std::size_t i = 0; i < origins.size(); ++i) {
    if (origins[i].position != position) continue;
    return branch_chain(in_row, i + 1 < origins.size() ? origins[i + 1].ledger : ledger_id);
  }
  return in_row;
}

bool Lineage::branches_inside(Position first, Position last) const {
  return std::any_of(origins.begin(), origins.end(),
                     [&](const Origin& origin) { return origin.position >= first && origin.position < last; });
}

Lineage Lineage::branch(const LedgerId& branch, Position position) const {
  // Whose event the one at `position` is, that ledger is the origin.
  Lineage made;
  made.ledger_id = branch;
  for (const Origin& origin : origins) {
    if (origin.position >= position) {
      made.origins.push_back({origin.ledger, position});
      return made;
    }
    made.origins.push_back(origin);
  }
  made.origins.push_back({ledger_id, position});
  return made;
}

}  // namespace daybook::log
