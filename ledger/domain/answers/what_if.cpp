#include "ledger/domain/answers/what_if.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "ledger/domain/answers/condensed_usage.h"
#include "ledger/domain/answers/summed_usage.h"
#include "ledger/domain/answers/what_if_sums.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

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

/// What the lines of a document come to before they are rounded.
struct ExactSums {
  Exact billed;
  Exact refunds;  ///< negative

  static Result<ExactSums> of(const std::vector<DraftLine>& lines) {
    ExactSums sums;
    for (const DraftLine& each : lines) {
      Exact& sum = each.line.charge_type == ChargeType::Refund ? sums.refunds : sums.billed;
      LEDGER_TRY(sum, add(sum, each.value));
    }
    return sums;
  }
};

/// The totals of a document that rounds otherwise: where the rules round, and nowhere else (MONEY-2, domain.md 2.8).
Result<WhatIfChargesView> rounded_anew(const ExactSums& sums, const InvoiceIssued& issued, Rounding rounding) {
  const int digits = issued.currency.minor_digits();
  LEDGER_TRY(const std::int64_t billed, sums.billed.to_minor(digits, rounding));
  LEDGER_TRY(const std::int64_t refunds, sums.refunds.to_minor(digits, rounding));
  LEDGER_TRY(const Money charges, add(Money{billed, issued.currency}, Money{refunds, issued.currency}));
  Money tax{0, issued.currency};
  for (const TaxLine& line : issued.taxes) {
    LEDGER_TRY(const Exact percent, Exact::from_minor(charges.minor_units, digits).times(line.rate_percent, Rounding::HalfAwayFromZero));
    LEDGER_TRY(const Exact exact, percent.divided_by(Decimal(100), Rounding::HalfAwayFromZero));
    LEDGER_TRY(const std::int64_t part, exact.to_minor(digits, rounding));
    LEDGER_TRY(tax, add(tax, Money{part, issued.currency}));
  }
  LEDGER_TRY(const Money total, add(charges, tax));
  return WhatIfChargesView{charges, tax, total};
}

/// Bills the documents of a scope one after another, by one state.
class Biller {
 public:
  Biller(const StateReader& state, const UsageSource& usage, const BillingScope& scope, std::optional<Rounding> rounding)
      : state_(state), usage_(usage), scope_(scope), rounding_(rounding) {}

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
    ExactSums sums;
    if (rounding_) {
      LEDGER_TRY(sums, ExactSums::of(draft.lines));
    }
    LEDGER_TRY(const Document made, make_document(state_, std::move(draft)));
    if (rounding_) return rounded_anew(sums, made.issued, *rounding_);
    const InvoiceTotals& totals = made.issued.totals;
    return WhatIfChargesView{totals.sub_total, totals.tax, totals.total};
  }

  [[nodiscard]] bool owes_rows() const { return !deferred_.empty(); }
  [[nodiscard]] RatingScope rating_on(Date issue_date) const {
    return {state_, scope_.subscriptions, scope_.currency, issue_date, std::nullopt};
  }

 private:
  /// Nothing where only rows tell.
  Result<std::optional<std::vector<DraftLine>>> lines_of_sums(const ScopeDocument& document,
                                                              Date issue_date,
                                                              const SummedUsage& summed) {
    std::vector<DraftLine> lines;
    if (!deferred_.empty()) return std::nullopt;
    const RatingScope rating = rating_on(issue_date);
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
  std::optional<Rounding> rounding_;  ///< instead of the agreement's
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

/// The documents of a scope by one state, and their days.
struct Side {
  std::vector<ScopeDocument> documents;
  std::vector<Date> issue_dates;
};

bool have_the_same_periods(const std::vector<ScopeDocument>& left, const std::vector<ScopeDocument>& right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](const ScopeDocument& one, const ScopeDocument& other) { return one.parts == other.parts; });
}

/// What a subscription used at a place that it left may be one document by one policy and several by another: as a whole
/// it counts where the first of it begins.
void keep_those_of(Period days, std::vector<ScopeDocument>& before, std::vector<ScopeDocument>& after) {
  const auto [first, other] = std::mismatch(
      before.begin(), before.end(), after.begin(), after.end(),
      [](const ScopeDocument& one, const ScopeDocument& another) { return one.parts == another.parts; });
  const Date rest = first != before.end() ? first->period.start
                    : other != after.end() ? other->period.start
                                           : kFirstDate;
  const bool takes_rest = days.start <= rest && rest < days.end_exclusive;
  const auto is_left_out = [&](const ScopeDocument& document) {
    if (document.period.start >= rest) return !takes_rest;
    return document.period.start < days.start || document.period.start >= days.end_exclusive;
  };
  std::erase_if(before, is_left_out);
  std::erase_if(after, is_left_out);
}

/// What a ledger has and would have: documents that differ, if at all, in their days, or where a subscription moved.
std::pair<Side, Side> sides_of(const StateReader& now, const StateReader& then, const BillingScope& scope, Period days) {
  Side before;
  Side after;
  before.documents = documents_of(now, scope, days.start, days.end_exclusive);
  after.documents = documents_of(then, scope, days.start, days.end_exclusive);
  if (!have_the_same_periods(before.documents, after.documents) && scope.subscription != nullptr &&
      scope.subscription->placed_until) {
    before.documents = documents_of(now, scope, kFirstDate, *scope.subscription->placed_until);
    after.documents = documents_of(then, scope, kFirstDate, *scope.subscription->placed_until);
    keep_those_of(days, before.documents, after.documents);
  }
  for (const ScopeDocument& document : before.documents) before.issue_dates.push_back(issue_date_of(now, scope, document));
  for (const ScopeDocument& document : after.documents) {
    const auto same = std::find_if(before.documents.begin(), before.documents.end(), [&](const ScopeDocument& each) {
      return each.period == document.period && each.run_date == document.run_date;
    });
    after.issue_dates.push_back(same == before.documents.end()
                                    ? document.run_date
                                    : before.issue_dates[static_cast<std::size_t>(same - before.documents.begin())]);
  }
  return {std::move(before), std::move(after)};
}

using ByCurrency = std::map<Currency, WhatIfAccountView>;

/// The documents of a scope, by what is and by what would be.
class Comparison {
 public:
  Comparison(const StateReader& now, const StateReader& then, const UsageSource& usage, const BillingScope& scope,
             std::optional<Rounding> rounding, ByCurrency& views)
      : now_(now),
        usage_(usage),
        scope_(scope),
        before_(now, usage, scope, std::nullopt),
        after_(then, usage, scope, rounding),
        views_(views) {}

  /// Both from the same usage, read once.
  Result<void> bill_alike(const Side& before, const Side& after) {
    SummedDocuments sums(usage_, scope_, before.documents, now_.position());
    for (std::size_t i = 0; i < before.documents.size(); ++i) {
      LEDGER_TRY(SummedUsage summed, sums.take(i));
      if (summed.rows == 0 && !before_.owes_rows() && !after_.owes_rows()) continue;
      LEDGER_CHECK(condense(summed, std::array{before_.rating_on(before.issue_dates[i]), after_.rating_on(after.issue_dates[i])}));
      LEDGER_TRY(const WhatIfChargesView was, before_.bill(before.documents[i], before.issue_dates[i], summed));
      LEDGER_TRY(const WhatIfChargesView would, named(after_.bill(after.documents[i], after.issue_dates[i], summed), after.documents[i]));
      LEDGER_CHECK(add_to(view().before, was));
      LEDGER_CHECK(add_to(view().after, would));
      count(summed);
    }
    return {};
  }

  /// Documents of other periods; those that are told are the ledger's own.
  Result<void> bill_apart(const Side& before, const Side& after) {
    LEDGER_CHECK(bill_side(before_, before, [&](const WhatIfChargesView& was, const SummedUsage& summed) {
      count(summed);
      return add_to(view().before, was);
    }));
    return bill_side(after_, after, [&](const WhatIfChargesView& would, const SummedUsage&) { return add_to(view().after, would); });
  }

 private:
  /// Of an amount that cannot be kept whose document it stands on: one slip in a file of prices concerns many.
  Result<WhatIfChargesView> named(Result<WhatIfChargesView> billed, const ScopeDocument& document) const {
    if (billed || billed.error().code != "AMOUNT_OUT_OF_RANGE") return billed;
    return rejected("AMOUNT_OUT_OF_RANGE",
                    "What " + std::string(wire_name(scope_.scope.type)) + " " + scope_.scope.id + " of account " +
                        scope_.biller->account_id.text() + " would be billed for " + document.period.start.text() + " to before " +
                        document.period.end_exclusive.text() + " is too large or has too many decimal places to be kept exactly. Look "
                        "through the prices, rates and discounts that are tried and concern it.");
  }

  template <class Take>
  Result<void> bill_side(Biller& biller, const Side& side, Take&& take) {
    SummedDocuments sums(usage_, scope_, side.documents, now_.position());
    for (std::size_t i = 0; i < side.documents.size(); ++i) {
      LEDGER_TRY(SummedUsage summed, sums.take(i));
      if (summed.rows == 0 && !biller.owes_rows()) continue;
      LEDGER_CHECK(condense(summed, std::array{biller.rating_on(side.issue_dates[i])}));
      LEDGER_TRY(const WhatIfChargesView charges, named(biller.bill(side.documents[i], side.issue_dates[i], summed), side.documents[i]));
      LEDGER_CHECK(take(charges, summed));
    }
    return {};
  }

  template <std::size_t kScopes>
  static Result<void> condense(SummedUsage& summed, const std::array<RatingScope, kScopes>& scopes) {
    for (UsageBatch& part : summed.parts) {
      LEDGER_TRY(part, condensed(part, scopes));
    }
    return {};
  }

  WhatIfAccountView& view() {
    const auto [found, is_new] = views_.try_emplace(scope_.currency);
    if (is_new) {
      found->second.currency = scope_.currency;
      found->second.before = found->second.after = no_charges(scope_.currency);
    }
    return found->second;
  }

  void count(const SummedUsage& summed) {
    ++view().documents;
    view().rows += summed.rows;
  }

  const StateReader& now_;
  const UsageSource& usage_;
  const BillingScope& scope_;
  Biller before_;
  Biller after_;
  ByCurrency& views_;
};

Result<void> bill_scope(const StateReader& now, const StateReader& then, const UsageSource& usage, const BillingScope& scope,
                        Period days, std::optional<Rounding> rounding, ByCurrency& views) {
  const auto [before, after] = sides_of(now, then, scope, days);
  Comparison comparison(now, then, usage, scope, rounding, views);
  return have_the_same_periods(before.documents, after.documents) ? comparison.bill_alike(before, after)
                                                                   : comparison.bill_apart(before, after);
}

}  // namespace

Result<std::vector<WhatIfAccountView>> what_if_account(const StateReader& now,
                                                       const StateReader& then,
                                                       const UsageSource& usage,
                                                       const Account& account, Period days,
                                                       std::optional<Rounding> rounding) {
  ByCurrency views;
  LEDGER_CHECK(each_billing_scope(now, account, [&](const BillingScope& scope) {
    return bill_scope(now, then, usage, scope, days, rounding, views);
  }));
  std::vector<WhatIfAccountView> result;
  for (auto& [currency, view] : views) {
    view.account_id = account.account_id;
    LEDGER_CHECK(compare(view));
    result.push_back(std::move(view));
  }
  return result;
}

}  // namespace daybook
