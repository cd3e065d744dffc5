#include "ledger/domain/rules/enrollment_credit.h"

#include <algorithm>
#include <tuple>

#include "ledger/domain/allocate.h"
#include "ledger/domain/rules/try.h"

namespace daybook {

std::vector<CreditLot> credit_lots(const StateReader& state, const ScopeRef& scope) {
  std::vector<CreditLot> lots;
  for (const std::string& id : state.members(Relation::LotsOfScope, scope.text())) {
    if (const CreditLot* lot = state.find<CreditLot>(id)) lots.push_back(*lot);
  }
  const auto order = [](const CreditLot& lot) {
    return std::tuple(lot.expires_on.value_or(kLastDate), lot.start_on, lot.granted_at);
  };
  std::sort(lots.begin(), lots.end(), [&](const CreditLot& left, const CreditLot& right) {
    return order(left) < order(right);
  });
  return lots;
}

bool is_covered(const InvoiceLine& line) {
  return line.is_credit_eligible && line.publisher_type != PublisherType::Marketplace;
}

Result<std::int64_t> cover_lines(std::span<InvoiceLine*> lines, std::int64_t available) {
  std::vector<std::int64_t> weights;
  std::int64_t eligible = 0;
  for (const InvoiceLine* line : lines) {
    weights.push_back(is_covered(*line) ? line->amount.minor_units : 0);
    eligible += weights.back();
  }
  const std::int64_t credit = std::clamp<std::int64_t>(eligible, 0, available);
  if (credit == 0) return 0;
  LEDGER_TRY(const std::vector<std::int64_t> parts, allocate(credit, weights));
  for (std::size_t i = 0; i < lines.size(); ++i) lines[i]->credit.minor_units = parts[i];
  return credit;
}

std::int64_t overage_of(const std::vector<InvoiceLine>& lines) {
  std::int64_t over = 0;
  for (const InvoiceLine& line : lines) {
    if (is_covered(line)) over += line.amount.minor_units - line.credit.minor_units;
  }
  return over;
}

bool bills_marketplace_apart(const Account& account) {
  return account.country == "AU" || account.country == "JP" || account.country == "SG";
}

}  // namespace daybook
