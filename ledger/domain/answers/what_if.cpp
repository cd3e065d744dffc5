#include "ledger/domain/answers/what_if.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "ledger/domain/answers/summed_usage.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

Result<void> add_to(Money& sum, Money more) {
  LEDGER_TRY(sum, add(sum, more));
  return {};
}

Result<void> add_to(WhatIfChargesView& sum, const WhatIfChargesView& more) {
  LEDGER_CHECK(add_to(sum.charges, more.charges));
  LEDGER_CHECK(add_to(sum.tax, more.tax));
  return add_to(sum.total, more.total);
}

WhatIfChargesView nothing(Currency currency) {
  const Money zero{0, currency};
  return {zero, zero, zero};
}

/// What is left over by one document stands on the next.
BillingMark mark_with(const BillingScope& scope, Date through,
                      const std::vector<Position>& deferred) {
  BillingMark mark;
  if (deferred.empty()) return mark;
  mark.scope = scope.scope;
  mark.type = scope.type;
  mark.through = through;
  mark.position = std::numeric_limits<Position>::max();  // nothing else is late
  mark.deferred = deferred;
  mark.place = scope.place;
  return mark;
}

/// Bills the documents of a scope one after another, by one state.
class Biller {
 public:
  Biller(const StateReader& state, const UsageSource& usage, const BillingScope& scope)
      : state_(state), usage_(usage), scope_(scope) {}

  Result<WhatIfChargesView> bill(const ScopeDocument& document, Date issue_date,
                                 const SummedUsage& summed) {
    LEDGER_TRY(auto lines, lines_of_sums(document, issue_date, summed));
    if (!lines) {
      LEDGER_TRY(lines, lines_of_rows(document, issue_date));
    }
    DraftDocument draft = scope_.draft();
    draft.period = document.period;
    draft.run_date = document.run_date;
    draft.issue_date = issue_date;
    draft.lines = std::move(*lines);
    LEDGER_TRY(const Document made, make_document(state_, std::move(draft)));
    const InvoiceTotals& totals = made.issued.totals;
    return WhatIfChargesView{totals.sub_total, totals.tax, totals.total};
  }

  [[nodiscard]] bool owes_rows() const { return !deferred_.empty(); }

 private:
  /// Nothing where only rows tell.
  Result<std::optional<std::vector<DraftLine>>> lines_of_sums(const ScopeDocument& document,
                                                              Date issue_date,
                                                              const SummedUsage& summed) {
    std::vector<DraftLine> lines;
    if (!deferred_.empty()) return std::nullopt;
    const RatingScope rating{state_, scope_.subscriptions, scope_.currency, issue_date,
                             std::nullopt};
    Exact sum;
    for (std::size_t i = 0; i < summed.parts.size(); ++i) {
      const UsageBatch& part = summed.parts[i];
      if (!sums_suffice(rating, part)) return std::nullopt;
      LEDGER_TRY(const RatedUsage rated, rate(rating, part));
      for (const RatedLine& line : rated.lines) {
        lines.push_back(draft_line(line, rating, document.parts[i]));
        LEDGER_TRY(sum, add(sum, line.value));
      }
    }
    if (sum.is_negative()) return std::nullopt;  // R-65 takes rows, not sums
    return lines;
  }

  Result<std::vector<DraftLine>> lines_of_rows(const ScopeDocument& document, Date issue_date) {
    BillRequest request = scope_.request(state_.position());
    request.period = document.period;
    request.parts = document.parts;
    request.rate_date = issue_date;
    request.before = mark_with(scope_, document.period.start, deferred_);
    request.with_late = document.is_first || !deferred_.empty();
    LEDGER_TRY(Bill bill, bill_usage(state_, usage_, request));
    deferred_ = std::move(bill.deferred);
    return std::move(bill.lines);
  }

  const StateReader& state_;
  const UsageSource& usage_;
  const BillingScope& scope_;
  std::vector<Position> deferred_;
};

/// The day of a document: that of the one that was issued, else of its run.
Date issue_date_of(const StateReader& state, const BillingScope& scope,
                   const ScopeDocument& document) {
  const BilledPeriod* billed = state.billed_period(scope.scope, scope.type, document.period.start);
  const Invoice* invoice =
      billed != nullptr && billed->invoice_id ? state.invoice(*billed->invoice_id) : nullptr;
  return invoice != nullptr ? invoice->issue_date : document.run_date;
}

using ByCurrency = std::map<Currency, WhatIfAccountView>;

Result<void> bill_scope(const StateReader& now, const StateReader& then, const UsageSource& usage,
                        const BillingScope& scope, Period days, ByCurrency& views) {
  Biller before(now, usage, scope);
  Biller after(then, usage, scope);
  for (const ScopeDocument& document :
       documents_of(now, scope, days.start, days.end_exclusive)) {
    LEDGER_TRY(const SummedUsage summed, summed_usage(usage, scope, document, now.position()));
    if (summed.rows == 0 && !before.owes_rows() && !after.owes_rows()) continue;
    const Date issue_date = issue_date_of(now, scope, document);
    LEDGER_TRY(const WhatIfChargesView was, before.bill(document, issue_date, summed));
    LEDGER_TRY(const WhatIfChargesView would, after.bill(document, issue_date, summed));
    const auto [view, is_new] = views.try_emplace(scope.currency);
    if (is_new) {
      view->second.currency = scope.currency;
      view->second.before = view->second.after = nothing(scope.currency);
    }
    ++view->second.documents;
    view->second.rows += summed.rows;
    LEDGER_CHECK(add_to(view->second.before, was));
    LEDGER_CHECK(add_to(view->second.after, would));
  }
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
Result<void> compare(View& view) {
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

Result<std::vector<WhatIfAccountView>> what_if_account(const StateReader& now,
                                                       const StateReader& then,
                                                       const UsageSource& usage,
                                                       const Account& account, Period days) {
  ByCurrency views;
  LEDGER_CHECK(each_billing_scope(now, account, [&](const BillingScope& scope) {
    return bill_scope(now, then, usage, scope, days, views);
  }));
  std::vector<WhatIfAccountView> result;
  for (auto& [currency, view] : views) {
    view.account_id = account.account_id;
    LEDGER_CHECK(compare(view));
    result.push_back(std::move(view));
  }
  return result;
}

Result<std::vector<WhatIfTotalsView>> what_if_totals(const std::vector<WhatIfAccountView>& accounts,
                                                     std::size_t movers) {
  std::map<Currency, std::vector<const WhatIfAccountView*>> by_currency;
  for (const WhatIfAccountView& account : accounts)
    by_currency[account.currency].push_back(&account);
  std::vector<WhatIfTotalsView> result;
  for (const auto& [currency, members] : by_currency) {
    WhatIfTotalsView view;
    view.currency = currency;
    view.before = view.after = nothing(currency);
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
