#include "ledger/domain/answers/balance.h"

#include <map>

#include "ledger/domain/exact.h"
#include "ledger/domain/rounding.h"
#include "ledger/domain/rules/price_lookup.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

constexpr std::int64_t kRefundLimitUsd = 50'000;

}  // namespace

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

Result<ReservationRefundsView> reservation_refunds(const StateReader& state, Currency currency,
                                                   Date today) {
  Exact limit(kRefundLimitUsd);
  if (currency != kUsd) {
    const ExchangeRateVersion* rate = exchange_rate_on(state, kUsd, currency, today);
    if (rate != nullptr) {
      LEDGER_TRY(limit, limit.times(rate->rate, Rounding::HalfAwayFromZero));
    }
  }
  LEDGER_TRY(const Money most, Money::rounded(limit, currency, kCostView.mode(false)));
  return ReservationRefundsView{most, {0, currency}, most};
}

}  // namespace daybook
