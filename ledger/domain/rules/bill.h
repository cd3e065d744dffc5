#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "ledger/domain/enums.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/document.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/rating.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/usage_source.h"
#include "ledger/domain/time.h"

namespace daybook {

/// Whose usage is billed together, and for which days.
struct BillRequest {
  ScopeRef scope;
  InvoiceType type = InvoiceType::AzureServices;
  std::vector<const Subscription*> subscriptions;
  Currency currency;
  Period period;
  /// Of a last document: the periods that stand on it one after another, each rated by itself
  /// . Empty: `period` is one.
  std::vector<Period> parts = {};
  Date rate_date;         ///< exchange rates are those of the issue date
  bool with_late = true;  ///< also what came late for earlier periods
  Position position = 0;  ///< P: rows up to there
  /// Of a document that takes the place of a void one: what was billed before that one, in place of
  /// the scope's own mark.
  std::optional<BillingMark> before = {};
  /// Such a document, where later ones stand: the rows of the void one and no others, priced anew.
  bool same_rows = false;
  std::vector<Position> without = {};  ///< rows of the period that stand elsewhere

  /// The mark that counts; null: nothing was billed before.
  [[nodiscard]] const BillingMark* mark(const StateReader& state) const {
    if (!before) return state.billing_mark(scope, type, place);
    return before->position == 0 ? nullptr : &*before;
  }
  const Enrollment* enrollment = nullptr;  ///< EA: whose periods they are
  bool marketplace_apart = false;          ///< EA: Marketplace charges have their own document
  const Profile* profile = nullptr;        ///< MCA, MPA: whose months they are
  std::int32_t place = 0;                  ///< of a subscription that moved: whose marks count
  std::vector<Date> credit_edges{};  ///< of the scope's credit pool
  std::vector<Position> apart{};  ///< late rows and corrections on documents of their own; sorted
  bool with_rows = false;         ///< lines come with their derivation
};

/// Whether a row stands on the document that is asked for.
[[nodiscard]] bool stands_on(const BillRequest& request, const UsageRow& row);

/// A refund that stands on the document beside its usage if there is room for it.
struct RefundInTurn {
  Turn turn;
  Exact value;      ///< negative
  std::string key;  ///< unique among all charges
};

/// What else stands on a document.
struct OtherCharges {
  std::vector<DraftLine> lines;  ///< support terms, purchases
  std::vector<RefundInTurn> refunds{};
};

/// The usage lines of a document and what they rest on.
struct Bill {
  std::vector<DraftLine> lines;
  std::int64_t rows_seen = 0;  ///< of the period, unmatched ones too, and late ones that are billed
  std::int64_t rows_of_period = 0;  ///< of these, those of the period
  std::int64_t rows_billed = 0;
  std::set<Position> prices;
  std::set<Position> exchange_rates;
  std::vector<Position> late;      ///< rows of earlier periods on it
  std::vector<Position> deferred;  ///< negative rows left for the next document (R-65)
  std::set<std::string> waiting{};  ///< keys of the refunds that are left for it
  std::set<StreamKey> relied_on;
};

/// Rates what `request` asks for, beside what else stands on the document. The sum of all is kept at
/// 0 or above: negative rows and refunds are taken in order of date, then position, while it is, the
/// others are left for the next document. Errors: those of `usage`; AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<Bill> bill_usage(const StateReader& state, const UsageSource& usage,
                                      const BillRequest& request, const OtherCharges& others = {});

/// What `bill_usage` adds for earlier periods alone: late rows and corrections.
[[nodiscard]] Result<Bill> bill_late(const StateReader& state, const UsageSource& usage,
                                     const BillRequest& request);

/// What was billed with a document, once more, to explain it: of the request's periods all rows but
/// those that it left over, of earlier ones those that stand on it (its manifest names both).
/// `only_late`: nothing of its own periods. Errors: as `bill_usage`.
[[nodiscard]] Result<Bill> bill_again(const StateReader& state, const UsageSource& usage,
                                      const BillRequest& request, const Manifest& manifest,
                                      bool only_late);

/// Whose periods usage belongs to: a subscription's own, or those of its profile or enrollment.
struct PeriodOwner {
  InvoiceType type = InvoiceType::AzureServices;
  const Profile* profile = nullptr;
  const Enrollment* enrollment = nullptr;
};

/// The period in which usage dated `day` of `subscription` is billed at its place.
[[nodiscard]] Period usage_period(const PeriodOwner& owner, const Subscription& subscription,
                                  Date day);
[[nodiscard]] inline Period usage_period(const BillRequest& request,
                                         const Subscription& subscription, Date day) {
  return usage_period({request.type, request.profile, request.enrollment}, subscription, day);
}

}  // namespace daybook
