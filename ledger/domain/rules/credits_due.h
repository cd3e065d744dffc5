#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "ledger/domain/result.h"
#include "ledger/domain/rules/credit_pool.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/usage_source.h"
#include "ledger/domain/time.h"

namespace daybook {

/// What usage that is recorded but not yet billed would take of a scope's credit.
struct PendingCredit {
  std::map<std::string, std::int64_t> of_lots;  ///< minor units by lot id
  /// Of the period that holds the day asked for: its eligible charges, what covers them, and the
  /// credit that was left for it; nothing where no lot covers a day of it.
  std::int64_t eligible_minor = 0;
  std::int64_t covered_minor = 0;
  std::optional<std::int64_t> credit_minor;

  [[nodiscard]] std::int64_t of(const LotId& lot) const {
    const auto found = of_lots.find(lot.text());
    return found != of_lots.end() ? found->second : 0;
  }
};

/// As the periods from the oldest unbilled one through that of `day` would be billed by what is
/// known now, of a MOSP subscription, a profile or an enrollment. Errors: those of `usage`; AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<PendingCredit> pending_credit(const StateReader& state,
                                                   const UsageSource& usage, const ScopeRef& scope,
                                                   Date day, CreditPool pool);

}  // namespace daybook
