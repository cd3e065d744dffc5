#include "ledger/domain/answers/balance.h"

#include <algorithm>
#include <map>

#include "ledger/domain/rules/reservation_refund.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
Result<std::vector<Money>> balances(const StateReader& state,
                                    const std::vector<std::string>& open_invoices, Currency own) {
  std::map<Currency, Money> sums;
  for (const std::string& id : open_invoices) {
    const Invoice* invoice = state.find<Invoice>(id);
    if (invoice == nullptr) continue;
    Money& sum = sums.try_emplace(invoice->currency, Money{0, invoice->currency}).first->second;
    LEDGER_TRY(sum, add(sum, invoice->amount_due()));
  }
  const auto of_own = sums.find(own);
  std::vector<Money> result = {of_own != sums.end() ? of_own->second : Money{0, own}};
  for (const auto& [currency, sum] : sums) {
    if (currency != own) result.push_back(sum);
  }
  return result;
}

Result<ReservationRefundsView> reservation_refunds(const StateReader& state,
                                                   const ScopeRef& scope, Currency currency,
                                                   Date today) {
  LEDGER_TRY(const RefundLimit refunds, refund_limit(state, scope, currency, today));
  const std::int64_t left = refunds.limit.minor_units - refunds.used.minor_units;
  return ReservationRefundsView{
      refunds.limit, refunds.used, {std::max<std::int64_t>(left, 0), currency}};
}

}  // namespace daybook
