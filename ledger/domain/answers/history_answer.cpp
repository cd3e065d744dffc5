#include "ledger/domain/answers/history_answer.h"

#include <map>
#include <utility>

namespace daybook {
namespace {

constexpr Condition::Field kOfInvoice[] = {
    {"total", Condition::Kind::Amount},     {"subTotal", Condition::Kind::Amount}, {"tax", Condition::Kind::Amount},
    {"credited", Condition::Kind::Amount},  {"paid", Condition::Kind::Amount},     {"amountDue", Condition::Kind::Amount},
    {"lines", Condition::Kind::Count},      {"creditNotes", Condition::Kind::Count},
    {"status", Condition::Kind::Status}};

constexpr Condition::Field kOfEstimate[] = {{"total", Condition::Kind::Amount},
                                            {"charges", Condition::Kind::Amount},
                                            {"credit", Condition::Kind::Amount},
                                            {"tax", Condition::Kind::Amount},
                                            {"lines", Condition::Kind::Count}};

template <class T>
Condition::Value figure_of(const std::optional<T>& figure) {
  return figure ? Condition::Value(*figure) : Condition::Value();
}

/// The standing of what is not there, or void: nothing.
InvoiceStandingView nothing(Currency currency) {
  const Money zero{0, currency};
  return {InvoiceStatus::Void, zero, zero, zero, zero, zero, zero, 0, 0};
}

void add(Money& sum, const Money& more, const Money& less) {
  sum.minor_units += more.minor_units - less.minor_units;
}

}  // namespace

std::optional<InvoiceStandingView> standing_of(const StateReader& state, const InvoiceId& id) {
  const Invoice* invoice = state.invoice(id);
  if (invoice == nullptr) return std::nullopt;
  std::int64_t paid = 0;
  for (const InvoicePayment& payment : invoice->payments)
    paid += payment.amount_minor - payment.reversed_minor;
  const Currency currency = invoice->currency;
  const auto* document = state.find<InvoiceDocument>(id.text());
  return InvoiceStandingView{invoice->status,
                             {invoice->total_minor, currency},
                             {invoice->credited_minor, currency},
                             {paid, currency},
                             invoice->amount_due(),
                             document != nullptr ? document->issued.totals.sub_total : Money{0, currency},
                             document != nullptr ? document->issued.totals.tax : Money{0, currency},
                             document != nullptr ? document->issued.line_count : 0,
                             static_cast<std::int64_t>(invoice->credit_note_ids.size())};
}

DiffView diff_answer(const StateReader& before, const StateReader& after,
                     const std::set<std::string>& invoices) {
  DiffView view;
  view.from = before.position();
  view.to = after.position();
  std::map<std::pair<std::string, Currency>, AccountDifferenceView> accounts;
  for (const std::string& text : invoices) {
    const InvoiceId id(text);
    const Invoice* invoice = after.invoice(id);
    const std::optional<InvoiceStandingView> now = standing_of(after, id);
    if (!now) continue;
    const std::optional<InvoiceStandingView> then = standing_of(before, id);
    if (then == now) continue;
    view.invoices.push_back({id, invoice->account_id, then, *now});
    const Currency currency = invoice->currency;
    const auto [found, is_new] =
        accounts.try_emplace({invoice->account_id.text(), currency});
    AccountDifferenceView& account = found->second;
    if (is_new) {
      const Money zero{0, currency};
      account = {invoice->account_id, currency, 0, 0, zero, zero, zero, zero};
    }
    ++(then ? account.changed : account.issued);
    const InvoiceStandingView was = then.value_or(nothing(currency));
    const Money zero{0, currency};
    add(account.total, now->status == InvoiceStatus::Void ? zero : now->total,
        was.status == InvoiceStatus::Void ? zero : was.total);
    add(account.credited, now->credited, was.credited);
    add(account.paid, now->paid, was.paid);
    add(account.amount_due, now->amount_due, was.amount_due);
  }
  for (auto& [key, account] : accounts) view.accounts.push_back(std::move(account));
  return view;
}

EstimateStandingView standing_of(const StatementView& statement) {
  return {statement.charges,
          statement.credit,
          statement.tax,
          statement.total,
          static_cast<std::int64_t>(statement.lines.size()),
          statement.is_estimate,
          statement.invoice_id};
}

EstimateStandingView standing_of_pending(Money charges) {
  return {charges, std::nullopt, std::nullopt, charges, std::nullopt, true, std::nullopt};
}

Result<InvoiceCondition> InvoiceCondition::parse(std::string_view text) {
  return Condition::parse(text, kOfInvoice).map([](Condition condition) { return InvoiceCondition(std::move(condition)); });
}

bool InvoiceCondition::holds(const InvoiceStandingView& standing) const {
  return condition_.holds([&](std::string_view field) -> Condition::Value {
    if (field == "status") return standing.status;
    if (field == "lines") return standing.lines;
    if (field == "creditNotes") return standing.credit_notes;
    if (field == "subTotal") return standing.sub_total;
    if (field == "tax") return standing.tax;
    if (field == "credited") return standing.credited;
    if (field == "paid") return standing.paid;
    if (field == "amountDue") return standing.amount_due;
    return standing.total;
  });
}

Result<EstimateCondition> EstimateCondition::parse(std::string_view text) {
  return Condition::parse(text, kOfEstimate).map([](Condition condition) { return EstimateCondition(std::move(condition)); });
}

namespace {

Condition::ValueOf figures_of(const EstimateStandingView& standing) {
  return [&standing](std::string_view field) -> Condition::Value {
    if (field == "charges") return standing.charges;
    if (field == "credit") return figure_of(standing.credit);
    if (field == "tax") return figure_of(standing.tax);
    if (field == "lines") return figure_of(standing.lines);
    return standing.total;
  };
}

}  // namespace

bool EstimateCondition::holds(const EstimateStandingView& standing) const { return condition_.holds(figures_of(standing)); }

bool EstimateCondition::may_hold_between(const EstimateStandingView& least, const EstimateStandingView& most) const {
  return condition_.may_hold_between(figures_of(least), figures_of(most));
}

}  // namespace daybook
