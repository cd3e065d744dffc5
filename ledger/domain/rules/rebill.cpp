#include "ledger/domain/rules/rebill.h"

#include <algorithm>
#include <limits>

#include "ledger/domain/facts/scope.h"
#include "ledger/domain/facts/usage.h"
#include "ledger/domain/invariant.h"
#include "ledger/domain/rules/beyond_invoice.h"
#include "ledger/domain/rules/bill.h"
#include "ledger/domain/rules/command_rules.h"
#include "ledger/domain/rules/correction_documents.h"
#include "ledger/domain/rules/credit_note.h"
#include "ledger/domain/rules/dunning.h"
#include "ledger/domain/rules/enrollment_credit.h"
#include "ledger/domain/rules/periods.h"
#include "ledger/domain/rules/placed.h"
#include "ledger/domain/rules/planner.h"
#include "ledger/domain/rules/refunded_invoice.h"
#include "ledger/domain/rules/replace_invoice.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

constexpr std::int64_t kMostMinor = std::numeric_limits<std::int64_t>::max();

bool is_of_usage(const InvoiceLine& line) {
  // An adjustment of no meter is what a spending limit left uncharged.
  return line.meter_id || line.charge_type == ChargeType::Discount ||
         line.charge_type == ChargeType::Adjustment;
}

/// Purchases, refunds and terms: what they cost does not depend on prices.
Result<std::vector<DraftLine>> other_lines(const StateReader& state, const Invoice& invoice) {
  std::vector<DraftLine> drafts;
  const InvoiceLines* lines = state.invoice_lines(invoice.invoice_id);
  if (lines == nullptr) return drafts;
  for (const InvoiceLine& line : lines->lines) {
    if (is_of_usage(line)) continue;
    LEDGER_TRY(const Exact value, Exact::from(line.value));
    drafts.push_back({line, value, {}});
  }
  return drafts;
}

/// Whether no document of its scope came before.
bool is_first(const StateReader& state, const InvoiceIssued& issued,
              const Subscription& subscription) {
  if (issued.enrollment_id) {
    const Enrollment* enrollment = state.enrollment(*issued.enrollment_id);
    LEDGER_INVARIANT(enrollment != nullptr);
    return issued.period.start <= enrollment_period(*enrollment, enrollment->start_date).start;
  }
  if (issued.profile_id) {
    const Profile* profile = state.profile(*issued.profile_id);
    LEDGER_INVARIANT(profile != nullptr);
    return issued.period.start <= profile_month(*profile, profile->holds_from).start;
  }
  if (issued.type == InvoiceType::AzureMarketplace) {
    const Period month = month_of(subscription.first_day());
    return issued.period.start <= subscription.days_in(month).start;
  }
  return issued.period.start <= subscription.first_day();
}

/// Bills the charges of one invoice again.
class Rebilling {
 public:
  Rebilling(const StateReader& state, const UsageSource& usage, const Invoice& invoice,
            const InvoiceIssued& issued, CreditPool& credit)
      : state_(state), usage_(usage), invoice_(invoice), issued_(issued) {
    const Account* account = state.account(invoice.account_id);
    LEDGER_INVARIANT(account != nullptr);
    account_ = as_of_type(*account, issued.account_type);
    draft_.account = &account_;
    if (issued.profile_id) draft_.profile = state.profile(*issued.profile_id);
    const Subscription* subscription =
        issued.subscription_id ? state.subscription(*issued.subscription_id) : nullptr;
    if (subscription != nullptr) {
      subscription_ = subscription_at(*subscription, place_of(state, invoice));
      draft_.subscription = &subscription_;
    }
    if (issued.support_plan_id) draft_.support_plan = state.support_plan(*issued.support_plan_id);
    if (issued.enrollment_id) draft_.enrollment = state.enrollment(*issued.enrollment_id);
    LEDGER_INVARIANT(draft_.profile != nullptr || draft_.subscription != nullptr ||
                     draft_.enrollment != nullptr);
    // Of an enrollment whose Marketplace stands apart, that document takes no credit.
    if (draft_.enrollment == nullptr || issued.type == InvoiceType::EnrollmentOverage)
      draft_.credit = &credit;
    draft_.ends_with_credit = issued.type == InvoiceType::AzureServices &&
                              credit.ends(subscription_, issued.period, issued.currency);
  }

  Result<Rebilled> run(Date run_date, Date issue_date, bool with_news) {
    const BillingMark* mark =
        state_.billing_mark(invoice_.scope, invoice_.type, place_of(state_, invoice_));
    const bool is_newest = mark != nullptr && mark->position == rows_upto() &&
                           mark->through == billed_through();
    with_news_ = with_news && is_newest && draft_.support_plan == nullptr &&
                 !issued_.manifest.marks.empty();
    draft_.type = issued_.type;
    draft_.period = issued_.period;
    draft_.run_date = run_date;
    draft_.issue_date = issue_date;
    draft_.currency = issued_.currency;
    LEDGER_TRY(draft_.lines, other_lines(state_, invoice_));
    Rebilled result;
    position_ = with_news_ ? state_.position() : rows_upto();
    const bool is_of_period = draft_.support_plan == nullptr && !issued_.manifest.marks.empty();
    if (is_of_period) LEDGER_CHECK(add_usage(mark, result));
    draft_.manifest.position = state_.position();  // prices up to here counted
    draft_.manifest.charge_positions = issued_.manifest.charge_positions;
    LEDGER_TRY(Document made, make_document(state_, std::move(draft_)));
    made.issued.is_monthly = issued_.is_monthly;
    made.issued.previous_invoice_id = invoice_.invoice_id;
    // A term's mark rests on no rows; else it says up to where they were looked at.
    for (BilledThrough& billed : made.issued.manifest.marks) {
      billed.position = position_;
      billed.place = place_of(state_, invoice_);
      if (!issued_.manifest.marks.empty()) billed.through = issued_.manifest.marks.front().through;
    }
    const bool is_alone = issued_.manifest.marks.empty();
    if (is_alone) stays_alone(made.issued);
    const bool is_issued = invoice_.type == InvoiceType::Profile || is_alone ||
                           made.issued.totals.sub_total.minor_units > 0;
    if (is_issued) {
      result.document = std::move(made);
    } else {
      result.closing = made.credit_events(false);
      close(made, run_date, result);
    }
    return result;
  }

 private:
  /// The document of one charge says nothing about a period, and is paid as it was to be.
  void stays_alone(InvoiceIssued& made) const {
    made.manifest.marks.clear();
    made.method_id = issued_.method_id;
    made.method_family = issued_.method_family;
    made.payment_term_days = issued_.payment_term_days;
    made.due_date = made.issue_date.plus_days(made.payment_term_days);
  }

  [[nodiscard]] Position rows_upto() const { return daybook::rows_upto(issued_); }

  [[nodiscard]] Date billed_through() const {
    const auto& marks = issued_.manifest.marks;
    return marks.empty() ? issued_.period.end_exclusive : marks.front().through.plus_days(1);
  }

  /// No document comes: of a subscription it is said, of an enrollment of each that it holds.
  void close(const Document& made, Date run_date, Rebilled& result) const {
    const InvoiceTotals& totals = made.issued.totals;
    PeriodClosedWithoutInvoice closed{
        SubscriptionId(), invoice_.period, run_date,
        made.is_within_credit() ? NoInvoiceReason::WithinCredit : NoInvoiceReason::NothingOwed, totals,
        invoice_.type,    position_,       deferred_, issued_.enrollment_id,
        place_of(state_, invoice_)};
    if (draft_.profile != nullptr || draft_.support_plan != nullptr) return;
    const PlacedSubscriptions placed = subscriptions();
    for (const Subscription* subscription : placed) {
      const Period days = subscription->days_in(invoice_.period);
      if (days.start == days.end_exclusive) continue;
      closed.subscription_id = subscription->subscription_id;
      result.closing.emplace_back(closed);
      // The sums are those of the whole: they stand once.
      const Money zero{0, issued_.currency};
      closed.totals = {zero, zero, zero, zero, zero, zero, zero, zero};
    }
  }

  [[nodiscard]] PlacedSubscriptions subscriptions() const {
    if (draft_.profile != nullptr) return placed_in(state_, draft_.profile->profile_id);
    if (draft_.enrollment != nullptr) return placed_in(state_, draft_.enrollment->enrollment_id);
    PlacedSubscriptions own;
    own.add(subscription_);
    return own;
  }

  /// A last document may hold more than one period, each rated by itself.
  [[nodiscard]] std::vector<Period> parts() const {
    if (draft_.subscription == nullptr || invoice_.type != InvoiceType::AzureServices) return {};
    return periods_within(subscription_, issued_.period);
  }

  /// What was billed before the void one: it and what it had of earlier periods are free again.
  [[nodiscard]] BillingMark mark_before(const BillingMark* mark) const {
    BillingMark before = billed_before(state_, issued_, subscription_);
    if (before.position != 0 && with_news_ && mark != nullptr) {
      before.deferred.insert(before.deferred.end(), mark->deferred.begin(), mark->deferred.end());
    }
    std::sort(before.deferred.begin(), before.deferred.end());
    return before;
  }

  Result<void> add_usage(const BillingMark* mark, Rebilled& result) {
    BillRequest request;
    request.scope = invoice_.scope;
    request.type = invoice_.type;
    const PlacedSubscriptions placed = subscriptions();
    request.subscriptions = placed.all();
    request.profile = draft_.profile;
    request.enrollment = draft_.enrollment;
    request.marketplace_apart =
        draft_.enrollment != nullptr && bills_marketplace_apart(*draft_.account);
    request.place = draft_.subscription != nullptr ? subscription_.place() : 0;
    request.parts = parts();
    request.currency = issued_.currency;
    request.period = issued_.period;
    request.rate_date = draft_.issue_date;
    request.position = position_;
    request.before = mark_before(mark);
    request.same_rows = !with_news_;
    request.without = issued_.manifest.deferred_positions;
    if (draft_.credit != nullptr) request.credit_edges = draft_.credit->edges();
    result.relied_on.insert({StreamType::CreditAccount,
                             scope_stream_id(invoice_.scope.type, ScopeId(invoice_.scope.id))});
    for (const Subscription* subscription : request.subscriptions)
      result.relied_on.insert({StreamType::Subscription, subscription->subscription_id.text()});
    LEDGER_TRY(Bill bill, bill_usage(state_, usage_, request, {draft_.lines}));
    result.relied_on.merge(bill.relied_on);
    deferred_ = bill.deferred;
    draft_.manifest = manifest_of(bill, position_);
    draft_.lines.insert(draft_.lines.begin(), std::make_move_iterator(bill.lines.begin()),
                        std::make_move_iterator(bill.lines.end()));
    return {};
  }

  const StateReader& state_;
  const UsageSource& usage_;
  const Invoice& invoice_;
  const InvoiceIssued& issued_;
  Account account_;
  Subscription subscription_;  ///< as it stood at the place that the invoice is of
  DraftDocument draft_;
  Position position_ = 0;  ///< rows up to there are looked at
  std::vector<Position> deferred_;
  bool with_news_ = false;
};

}  // namespace

Position rows_upto(const InvoiceIssued& issued) {
  const Manifest& manifest = issued.manifest;
  return manifest.marks.empty() ? manifest.position : manifest.marks.front().position;
}

BillingMark billed_before(const StateReader& state, const InvoiceIssued& issued,
                          const Subscription& subscription) {
  BillingMark before;
  before.scope = ScopeRef(issued.scope_type, issued.scope_id.text());
  before.type = issued.type;
  if (!issued.manifest.marks.empty()) before.place = issued.manifest.marks.front().place;
  if (is_first(state, issued, subscription)) return before;
  before.through = issued.period.start;
  before.position = rows_upto(issued);
  before.deferred = issued.manifest.late_positions;
  return before;
}

Result<Rebilled> rebill(const StateReader& state, const UsageSource& usage, const Invoice& invoice,
                        Date run_date, Date issue_date, bool with_news, CreditPool& credit) {
  const InvoiceDocument* document = state.invoice_document(invoice.invoice_id);
  LEDGER_INVARIANT(document != nullptr);
  const InvoiceIssued& issued = document->issued;
  LEDGER_TRY(const GivenBack given_back, given_back_of(state, invoice));
  if (given_back.is_nothing())
    return Rebilling(state, usage, invoice, issued, credit).run(run_date, issue_date, with_news);
  // What came back to the prepayment stays there; what was overage is asked, and taken back by note.
  const std::int64_t own = issued.totals.credit_applied.minor_units;
  const std::int64_t overage = given_back.overage_minor - came_as_prepayment(state, invoice);
  std::int64_t wanted = given_back.prepaid_minor;
  for (int attempt = 0;; ++attempt) {
    CreditPool trial = credit;
    const std::vector<CreditTaken> held =
        trial.hold_prepayment(given_back.dated_on, attempt == 0 ? own : 0, wanted);
    LEDGER_TRY(Rebilled result, Rebilling(state, usage, invoice, issued, trial)
                                    .run(run_date, issue_date, with_news));
    const std::int64_t asked =
        result.document ? result.document->issued.totals.sub_total.minor_units : 0;
    std::int64_t kept = 0;
    for (const CreditTaken& each : held) kept += each.amount.minor_units;
    if (attempt == 0 && asked < overage) {
      // Of what it could still have taken nothing may be in reach either.
      wanted = kept + overage - asked;
      for (const CreditTaken& each : trial.hold_prepayment(given_back.dated_on, 0, kMostMinor))
        wanted += each.amount.minor_units;
      continue;
    }
    for (const CreditTaken& each : held) trial.put_back(each.lot_id, each.amount.minor_units);
    credit = std::move(trial);
    return result;
  }
}

Result<Plan> plan_rebill(const StateReader& state, const UsageSource& usage,
                         const VoidInvoice& command, const DecisionContext& context) {
  LEDGER_TRY(const Invoice* invoice, voidable(state, command, context));
  const Date today = context.today();
  Planner planner(state, {today, invoice->account_id}, today);
  planner.rely_on(StreamType::Invoice, invoice->invoice_id.text());
  planner.mark(invoice->scope, invoice->type, place_of(state, *invoice));
  CreditPool credit(state, invoice->scope, &invoice->invoice_id);
  Rebilled rebilled;
  const InvoiceDocument* document = state.invoice_document(invoice->invoice_id);
  if (document != nullptr && document->issued.corrected_invoice_id) {
    // What corrects another invoice counts by the prices of that one, whenever it is billed.
    rebilled.document = same_document(state, *invoice, today);
  } else {
    LEDGER_TRY(rebilled, rebill(state, usage, *invoice, today, today, true, credit));
  }
  planner.rely_on(rebilled.relied_on);
  if (rebilled.document) {
    LEDGER_TRY(CarriedCorrections carried,
               carried_corrections(state, *invoice, *rebilled.document));
    LEDGER_TRY(const NetAndGross refunded,
               carried_refunds(state, *invoice, rebilled.document->issued));
    LEDGER_TRY(std::vector<EventData> events,
               replace_invoice(state, *invoice, std::move(*rebilled.document),
                               RebillReason::Correction, today, command.reason,
                               carried.amount_minor, nullptr, std::move(carried.corrections),
                               refunded));
    for (EventData& event : events) planner.add(std::move(event));
    for (EventData& event : carried.credit) planner.add(std::move(event));
    return planner.finish();
  }
  // Worth nothing by what is known now: no invoice comes, and what was paid is given back.
  VoidInvoice alone = command;
  alone.rebill = false;
  LEDGER_TRY(Decision decision, handle_command(state, alone, context));
  for (EventData& event : decision.events) planner.add(std::move(event));
  for (EventData& event : rebilled.closing) planner.add(std::move(event));
  LEDGER_TRY(const std::vector<EventData> beyond, refunds_without_invoice(state, *invoice, today));
  for (const EventData& event : beyond) planner.add(event);
  return planner.finish();
}

}  // namespace daybook
