#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include "ledger/domain/answers/what_if.h"
#include "ledger/domain/answers/what_if_sums.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

Result<void> add_to(Money& sum, Money more) {
  LEDGER_TRY(sum, add(sum, more));
  return {};
}

/// `difference` in per cent of `before`, rounded half away from zero to two places.
std::optional<Decimal> percent_of(Money difference, Money before) {
  if (before.minor_units == 0) return std::nullopt;
  const Int128 whole = static_cast<Int128>(difference.minor_units) * 10'000;
  const Int128 base = before.minor_units;
  const bool is_negative = (whole < 0) != (base < 0);
  const Int128 numerator = whole < 0 ? -whole : whole;
  const Int128 denominator = base < 0 ? -base : base;
  const Int128 rounded = (numerator * 2 + denominator) / (denominator * 2);
  const Result<Decimal> percent = Decimal::from_parts(is_negative ? -rounded : rounded, 2);
  return percent ? std::optional(*percent) : std::nullopt;
}

template <class View>
Result<void> compare_sides(View& view) {
  LEDGER_TRY(view.difference, subtract(view.after.total, view.before.total));
  view.change_percent = percent_of(view.difference, view.before.total);
  return {};
}

std::uint64_t size_of(Money difference) {
  const auto bits = static_cast<std::uint64_t>(difference.minor_units);
  return difference.minor_units < 0 ? 0 - bits : bits;
}

/// Nearest rank: the least difference that so many per cent of the accounts do not exceed.
std::vector<WhatIfPercentileView> percentiles_of(std::vector<std::int64_t> differences,
                                                 Currency currency) {
  std::sort(differences.begin(), differences.end());
  std::vector<WhatIfPercentileView> result;
  for (const std::int64_t percentile : {1, 5, 10, 25, 50, 75, 90, 95, 99}) {
    const std::size_t rank =
        (static_cast<std::size_t>(percentile) * differences.size() + 99) / 100;
    result.push_back({percentile, {differences[rank - 1], currency}});
  }
  return result;
}

std::vector<WhatIfAccountView> movers_of(const std::vector<const WhatIfAccountView*>& accounts,
                                         std::size_t count) {
  std::vector<const WhatIfAccountView*> moved;
  std::copy_if(accounts.begin(), accounts.end(), std::back_inserter(moved),
               [](const WhatIfAccountView* each) { return each->difference.minor_units != 0; });
  const auto is_larger = [](const WhatIfAccountView* left, const WhatIfAccountView* right) {
    const std::uint64_t of_left = size_of(left->difference);
    const std::uint64_t of_right = size_of(right->difference);
    return of_left != of_right ? of_left > of_right : left->account_id < right->account_id;
  };
  const auto last = moved.begin() + static_cast<std::ptrdiff_t>(std::min(count, moved.size()));
  std::partial_sort(moved.begin(), last, moved.end(), is_larger);
  std::vector<WhatIfAccountView> result;
  for (auto each = moved.begin(); each != last; ++each) result.push_back(**each);
  return result;
}

}  // namespace

Result<void> add_to(WhatIfChargesView& sum, const WhatIfChargesView& more) {
  LEDGER_CHECK(add_to(sum.charges, more.charges));
  LEDGER_CHECK(add_to(sum.tax, more.tax));
  return add_to(sum.total, more.total);
}

WhatIfChargesView no_charges(Currency currency) {
  const Money zero{0, currency};
  return {zero, zero, zero};
}

Result<void> compare(WhatIfAccountView& view) { return compare_sides(view); }

Result<void> compare(WhatIfTotalsView& view) { return compare_sides(view); }

Result<std::vector<WhatIfTotalsView>> what_if_totals(const std::vector<WhatIfAccountView>& accounts,
                                                     std::size_t movers) {
  std::map<Currency, std::vector<const WhatIfAccountView*>> by_currency;
  for (const WhatIfAccountView& account : accounts)
    by_currency[account.currency].push_back(&account);
  std::vector<WhatIfTotalsView> result;
  for (const auto& [currency, members] : by_currency) {
    WhatIfTotalsView view;
    view.currency = currency;
    view.before = view.after = no_charges(currency);
    std::vector<std::int64_t> differences;
    for (const WhatIfAccountView* account : members) {
      ++view.accounts;
      view.documents += account->documents;
      view.rows += account->rows;
      view.increased += account->difference.minor_units > 0 ? 1 : 0;
      view.decreased += account->difference.minor_units < 0 ? 1 : 0;
      differences.push_back(account->difference.minor_units);
      LEDGER_CHECK(add_to(view.before, account->before));
      LEDGER_CHECK(add_to(view.after, account->after));
    }
    LEDGER_CHECK(compare(view));
    view.percentiles = percentiles_of(std::move(differences), currency);
    view.movers = movers_of(members, movers);
    result.push_back(std::move(view));
  }
  return result;
}

}  // namespace daybook
