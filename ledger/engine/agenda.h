#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "ledger/domain/rules/plan.h"
#include "ledger/engine/books.h"

namespace daybook::engine {

/// When something next falls due for each account: kept from one run to the next, refreshed for the accounts
/// whose rows changed since (architecture.md 2, Books).
class Agenda {
 public:
  /// Looks again at what changed. `from`: nothing before it is asked for.
  void refresh(const StateReader& state, const Books::Touched& touched, Date from);
  /// The work of `account` up to and including `day` is done.
  void done(const StateReader& state, const std::string& account, Date day);
  /// The accounts of the earliest day on or before `through`, and that day; none: nothing is due.
  [[nodiscard]] std::vector<Work> next(Date through) const;

 private:
  void set(const StateReader& state, const std::string& account, Date from);

  std::set<std::pair<Date, std::string>> by_date_;
  std::map<std::string, Date> by_account_;
  std::map<std::string, Date> done_through_;
};

}  // namespace daybook::engine
