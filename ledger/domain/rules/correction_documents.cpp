#include "ledger/domain/rules/correction_documents.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <utility>

#include "ledger/domain/facts/credit.h"
#include "ledger/domain/rounding.h"
#include "ledger/domain/rules/rule_versions.h"
#include "ledger/domain/rules/corrections.h"
#include "ledger/domain/rules/credit_note.h"
#include "ledger/domain/rules/late_usage.h"
#include "ledger/domain/rules/replace_invoice.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// Whether credit of the scope may cover a line of usage.
bool may_be_covered(InvoiceType type, const InvoiceLine& line) {
  return type != InvoiceType::AzureMarketplace && is_credit_eligible(line) && !is_reservation(line);
}

/// What a spending limit left uncharged: what is lower than before is not simply owed less.
bool is_limited(const std::vector<InvoiceLine>& lines) {
  return std::any_of(lines.begin(), lines.end(), [](const InvoiceLine& line) {
    return line.charge_type == ChargeType::Adjustment && !line.meter_id;
  });
}

/// What an invoice took of one lot, less what it gave back.
struct LotUse {
  LotId lot_id;
  std::int64_t minor = 0;
};

/// In the order of use.
std::vector<LotUse> lots_of(const StateReader& state, const Invoice& invoice) {
  std::vector<LotUse> result;
  for (const CreditLot& lot : credit_lots(state, invoice.scope)) {
    std::int64_t used = 0;
    for (const CreditUse& use : lot.uses) {
      if (use.invoice_id == invoice.invoice_id) used += use.amount_minor;
    }
    if (used > 0 && !lot.is_for_reservations) result.push_back({lot.lot_id, used});
  }
  return result;
}

/// What is taken back of an invoice, before and after credit.
struct Reduction {
  std::int64_t charges_minor = 0;
  std::int64_t eligible_minor = 0;
  std::int64_t credit_minor = 0;  ///< of it, back to the lots
  std::int64_t gross_minor = 0;   ///< of the note, with tax; 0: nothing that was asked is lower
};

/// First what was asked beyond the credit is lower, then what the credit paid: as if it had been
/// billed so. `before`: what earlier notes took back.
Result<Reduction> reduce(const InvoiceIssued& issued, const std::vector<InvoiceLine>& lines,
                         const std::vector<InvoiceCorrection>& before, std::int64_t charges,
                         std::int64_t eligible) {
  std::int64_t uncovered = 0;
  std::int64_t covered = 0;
  for (const InvoiceLine& line : lines) {
    if (!may_be_covered(issued.type, line)) continue;
    uncovered += line.amount.minor_units - line.credit.minor_units;
    covered += line.credit.minor_units;
  }
  for (const InvoiceCorrection& each : before) {
    uncovered -= each.eligible.minor_units - each.credit.minor_units;
    covered -= each.credit.minor_units;
  }
  Reduction result{charges, eligible, 0, 0};
  const std::int64_t beyond = eligible - std::max<std::int64_t>(uncovered, 0);
  result.credit_minor = std::clamp<std::int64_t>(beyond, 0, std::max<std::int64_t>(covered, 0));
  const std::int64_t net = charges - result.credit_minor;
  if (net <= 0) return result;
  LEDGER_TRY(const std::int64_t tax, tax_of(net, issued));
  result.gross_minor = net + tax;
  return result;
}

/// `CreditApplied` below 0: the last lot in the order of use gets back first.
std::vector<EventData> credit_back(const Invoice& invoice, std::vector<LotUse> lots,
                                   std::int64_t minor) {
  std::vector<EventData> events;
  std::reverse(lots.begin(), lots.end());
  for (const LotUse& lot : lots) {
    const std::int64_t part = std::min(minor, lot.minor);
    if (part <= 0) continue;
    minor -= part;
    events.emplace_back(CreditApplied{invoice.scope.type, ScopeId(invoice.scope.id), lot.lot_id,
                                      {-part, invoice.currency}, invoice.invoice_id,
                                      invoice.period});
  }
  return events;
}

InvoiceCorrection correction_of(const Reduction& reduction, Currency currency, Manifest manifest) {
  return {{reduction.charges_minor, currency},
          {reduction.eligible_minor, currency},
          {reduction.credit_minor, currency},
          std::move(manifest)};
}

/// What was corrected of one invoice.
struct Corrected {
  const Invoice* invoice = nullptr;
  std::vector<DraftLine> lines;
  std::vector<Position> positions;
};

/// Plans the documents of one scope.
class CorrectionPlan {
 public:
  CorrectionPlan(Planner& planner, const UsageSource& usage, const BillRequest& request,
                 const DraftDocument& draft, bool has_notes_alone = false)
      : planner_(planner), usage_(usage), request_(request), draft_(draft), has_notes_alone_(has_notes_alone) {}

  Result<CorrectionsApart> run() {
    const BillingMark* mark = request_.mark(planner_.state());
    if (mark == nullptr) return std::move(apart_);
    LEDGER_TRY(bill_, bill_late(planner_.state(), usage_, request_));
    if (bill_.lines.empty()) return std::move(apart_);
    planner_.rely_on(bill_.relied_on);
    for (auto& [id, corrected] : by_invoice()) {
      planner_.rely_on(StreamType::Invoice, id);
      LEDGER_CHECK(take(std::move(corrected)));
    }
    std::sort(apart_.positions.begin(), apart_.positions.end());
    std::sort(apart_.held.begin(), apart_.held.end());
    finish(*mark);
    return std::move(apart_);
  }

 private:
  [[nodiscard]] Rounding rounding() const {
    return rules_in_force().billed.mode(draft_.enrollment != nullptr);
  }

  std::map<std::string, Corrected> by_invoice() {
    const StateReader& state = planner_.state();
    std::map<std::string, Corrected> result;
    for (DraftLine& draft : bill_.lines) {
      const Invoice* invoice = corrected_invoice(state, request_.scope, request_.type, draft);
      if (invoice == nullptr) continue;
      Corrected& of_invoice = result[invoice->invoice_id.text()];
      of_invoice.invoice = invoice;
      of_invoice.positions.insert(of_invoice.positions.end(), draft.rows.begin(), draft.rows.end());
      draft.line.corrected_invoice_id = invoice->invoice_id;
      of_invoice.lines.push_back(std::move(draft));
    }
    for (auto& [id, corrected] : result) {
      std::sort(corrected.positions.begin(), corrected.positions.end());
      corrected.positions.erase(
          std::unique(corrected.positions.begin(), corrected.positions.end()),
          corrected.positions.end());
    }
    return result;
  }

  Result<void> take(Corrected corrected) {
    Exact sum;
    Exact eligible;
    for (const DraftLine& draft : corrected.lines) {
      LEDGER_TRY(sum, add(sum, draft.value));
      if (!may_be_covered(request_.type, draft.line)) continue;
      LEDGER_TRY(eligible, add(eligible, draft.value));
    }
    const int digits = request_.currency.minor_digits();
    LEDGER_TRY(const std::int64_t minor, sum.to_minor(digits, rounding()));
    if (minor > 0) return has_notes_alone_ ? Result<void>() : ask(std::move(corrected));
    if (minor == 0) return {};
    LEDGER_TRY(const std::int64_t eligible_minor, eligible.to_minor(digits, rounding()));
    return take_back(std::move(corrected), -minor, -eligible_minor);
  }

  [[nodiscard]] Manifest manifest(const Corrected& corrected) const {
    Manifest result = manifest_of(bill_, planner_.position());
    result.rule_version = rules_in_force().number;
    result.late_positions = corrected.positions;
    const std::vector<BilledRow> rows = rows_of(corrected.lines);
    result.row_count = static_cast<std::int64_t>(rows.size());
    result.rows_root = rows_root(rows);
    return result;
  }

  /// More is owed: an invoice beside those of the months.
  Result<void> ask(Corrected corrected) {
    DraftDocument draft = draft_;
    draft.period = corrected.invoice->period;
    draft.ends_with_credit = false;
    draft.charges.clear();
    draft.manifest = manifest(corrected);
    draft.lines = std::move(corrected.lines);
    CreditPool& pool = planner_.credit(request_.scope);
    CreditPool trial = pool;
    draft.credit = draft_.credit != nullptr ? &trial : nullptr;
    LEDGER_TRY(Document made, make_document(planner_.state(), std::move(draft)));
    // What credit covers is asked of nobody: the next document says it.
    if (made.issued.totals.sub_total.minor_units <= 0) return {};
    if (draft_.credit != nullptr) pool = std::move(trial);
    made.issued.is_monthly = false;
    made.issued.corrected_invoice_id = corrected.invoice->invoice_id;
    documents_.push_back(std::move(made));
    take_positions(corrected.positions);
    return {};
  }

  /// Less is owed: a note over the invoice, where that can bear it.
  Result<void> take_back(Corrected corrected, std::int64_t charges, std::int64_t eligible) {
    const StateReader& state = planner_.state();
    const Invoice& invoice = *corrected.invoice;
    const InvoiceDocument* document = state.invoice_document(invoice.invoice_id);
    const InvoiceLines* lines = state.invoice_lines(invoice.invoice_id);
    if (document == nullptr || lines == nullptr || is_limited(lines->lines)) return {};
    LEDGER_TRY(Reduction reduction,
               reduce(document->issued, lines->lines, corrections_of(state, invoice), charges,
                      eligible));
    const std::int64_t left = invoice.total_minor - invoice.credited_minor;
    // The tax of every note was rounded by itself: the last one has what is left.
    const auto slack = static_cast<std::int64_t>(invoice.credit_note_ids.size());
    if (reduction.gross_minor <= 0 || left <= 0 || reduction.gross_minor > left + slack) return {};
    if (invoice.status == InvoiceStatus::Locked) {
      apart_.held.insert(apart_.held.end(), corrected.positions.begin(), corrected.positions.end());
      take_positions(corrected.positions);
      return {};
    }
    const Money amount{std::min(reduction.gross_minor, left), invoice.currency};
    LEDGER_TRY(std::vector<EventData> events,
               credit_invoice(state, invoice, amount,
                              "Usage from " + invoice.period.start.text() + " through " +
                                  invoice.period.last_day().text() + " corrected after the invoice",
                              draft_.issue_date));
    auto note = events.front().get<CreditNoteIssued>();
    note.totals.billed.minor_units += reduction.credit_minor;
    note.totals.credit_applied.minor_units = reduction.credit_minor;
    note.corrections = {correction_of(reduction, invoice.currency, manifest(corrected))};
    std::int64_t prepaid = 0;
    CreditPool& pool = planner_.credit(request_.scope);
    for (EventData& event : credit_back(invoice, lots_of(state, invoice), reduction.credit_minor)) {
      const auto& applied = event.get<CreditApplied>();
      const CreditLot* lot = state.find<CreditLot>(applied.lot_id.text());
      if (lot != nullptr && lot->source == CreditSource::Prepayment)
        prepaid -= applied.amount.minor_units;
      pool.put_back(applied.lot_id, -applied.amount.minor_units);
      events.push_back(std::move(event));
    }
    note.totals.azure_prepayment_applied.minor_units = prepaid;
    note.totals.free_azure_credit_applied.minor_units = reduction.credit_minor - prepaid;
    events.front() = EventData(std::move(note));
    notes_.push_back(std::move(events));
    take_positions(corrected.positions);
    return {};
  }

  void take_positions(const std::vector<Position>& positions) {
    apart_.positions.insert(apart_.positions.end(), positions.begin(), positions.end());
  }

  /// The documents say up to where the scope was looked at, and what of it still waits, in case
  /// that no other document of this run does.
  void finish(const BillingMark& mark) {
    std::vector<Position> waiting = bill_.late;
    waiting.insert(waiting.end(), mark.deferred.begin(), mark.deferred.end());
    std::erase_if(waiting, [&](Position position) {
      return std::binary_search(apart_.positions.begin(), apart_.positions.end(), position);
    });
    waiting.insert(waiting.end(), apart_.held.begin(), apart_.held.end());
    std::sort(waiting.begin(), waiting.end());
    waiting.erase(std::unique(waiting.begin(), waiting.end()), waiting.end());
    const BilledThrough through{request_.scope.type,      ScopeId(request_.scope.id), request_.type,
                                mark.through.plus_days(-1), planner_.position(),
                                request_.place};
    for (Document& made : documents_) {
      made.issued.manifest.marks = {through};
      made.issued.manifest.deferred_positions = waiting;
      planner_.issue(made);
    }
    for (std::vector<EventData>& events : notes_) {
      auto note = events.front().get<CreditNoteIssued>();
      note.corrections.front().manifest.marks = {through};
      note.corrections.front().manifest.deferred_positions = waiting;
      events.front() = EventData(std::move(note));
      for (EventData& event : events) planner_.add(std::move(event));
    }
  }

  Planner& planner_;
  const UsageSource& usage_;
  const BillRequest& request_;
  const DraftDocument& draft_;
  bool has_notes_alone_;
  Bill bill_;
  CorrectionsApart apart_;
  std::vector<Document> documents_;
  std::vector<std::vector<EventData>> notes_;
};

}  // namespace

Result<CorrectionsApart> plan_corrections(Planner& planner, const UsageSource& usage,
                                          const BillRequest& request, const DraftDocument& draft, bool is_last) {
  const bool has_documents = planner.state().policies().word("corrections", draft.account->account_id) == "note";
  if (!has_documents && !is_last) return CorrectionsApart();
  return CorrectionPlan(planner, usage, request, draft, !has_documents).run();
}

const Invoice* corrected_invoice(const StateReader& state, const ScopeRef& scope, InvoiceType type,
                                 const DraftLine& line) {
  const BilledPeriod* billed = state.billed_period(scope, type, line.line.period.start);
  if (billed == nullptr || !billed->invoice_id) return nullptr;
  const Invoice* invoice = state.invoice(*billed->invoice_id);
  return invoice != nullptr && invoice->status != InvoiceStatus::Void ? invoice : nullptr;
}

Result<Bill> late_bill(const StateReader& state, const UsageSource& usage,
                       const BillingScope& scope, Date rate_date) {
  const BillingMark* mark = state.billing_mark(scope.scope, scope.type, scope.place);
  if (mark == nullptr) return Bill();
  BillRequest request = scope.request(state.position());
  request.rate_date = rate_date;
  return bill_late(state, usage, request);
}

Result<void> plan_correction_notes(Planner& planner, const UsageSource& usage,
                                   const Account& account) {
  return each_billing_scope(
      planner.state(), account, [&](const BillingScope& scope) -> Result<void> {
        const BillingMark* mark = planner.mark(scope.scope, scope.type, scope.place);
        if (mark == nullptr || !mark->reopened.empty()) return {};
        BillRequest request = scope.request(planner.position());
        request.rate_date = planner.today();
        DraftDocument draft = scope.draft();
        draft.run_date = draft.issue_date = planner.today();
        if (scope.may_have_credit()) draft.credit = &planner.credit(scope.scope);
        request.credit_edges = planner.credit(scope.scope).edges();
        planner.rely_on(scope.scope.type == ScopeType::Profile      ? StreamType::BillingProfile
                        : scope.scope.type == ScopeType::Enrollment ? StreamType::Enrollment
                                                                    : StreamType::Subscription,
                        scope.scope.id);
        for (const Subscription* subscription : scope.subscriptions)
          planner.rely_on(StreamType::Subscription, subscription->subscription_id.text());
        LEDGER_TRY(const CorrectionsApart apart,
                   CorrectionPlan(planner, usage, request, draft).run());
        static_cast<void>(apart);  // the scope's next document leaves out what the log says then
        return {};
      });
}

Result<CarriedCorrections> carried_corrections(const StateReader& state, const Invoice& invoice,
                                               const Document& made) {
  CarriedCorrections result;
  const std::vector<InvoiceCorrection> before = corrections_of(state, invoice);
  if (before.empty()) return result;
  std::int64_t charges = 0;
  std::int64_t eligible = 0;
  Manifest manifest = before.front().manifest;
  manifest.late_positions.clear();
  if (before.size() > 1) {  // of what several notes took back no one root was kept
    manifest.row_count = 0;
    manifest.rows_root.clear();
    for (const InvoiceCorrection& each : before) manifest.row_count += each.manifest.row_count;
  }
  for (const InvoiceCorrection& each : before) {
    charges += each.charges.minor_units;
    eligible += each.eligible.minor_units;
    std::copy(each.manifest.late_positions.begin(), each.manifest.late_positions.end(),
              std::back_inserter(manifest.late_positions));
  }
  std::sort(manifest.late_positions.begin(), manifest.late_positions.end());
  LEDGER_TRY(const Reduction reduction, reduce(made.issued, made.lines, {}, charges, eligible));
  Invoice rebill;  // as it will stand: no reader knows it yet
  apply(rebill, made.issued, {});
  result.amount_minor = std::min(reduction.gross_minor, rebill.total_minor);
  result.corrections = {correction_of(reduction, invoice.currency, std::move(manifest))};
  std::vector<LotUse> lots;
  for (const CreditTaken& taken : made.credit)
    lots.push_back({taken.lot_id, taken.amount.minor_units});
  result.credit = credit_back(rebill, std::move(lots), reduction.credit_minor);
  return result;
}

}  // namespace daybook
