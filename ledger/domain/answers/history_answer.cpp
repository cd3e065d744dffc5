#include "ledger/domain/answers/history_answer.h"

#include <array>
#include <compare>
#include <map>
#include <utility>

#include "ledger/domain/decimal.h"

namespace daybook {
namespace {

tl::unexpected<Error> no_condition(std::string_view text) {
  return rejected("BAD_QUERY",
                  "\"" + std::string(text) +
                      "\" is no condition; write total > 100, amountDue = 0 or status = Paid: total, credited, paid "
                      "and amountDue with = != < <= > >= and an amount, status with = != and a status.");
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

const Money& amount_of(const InvoiceStandingView& standing, std::string_view field) {
  if (field == "credited") return standing.credited;
  if (field == "paid") return standing.paid;
  if (field == "amountDue") return standing.amount_due;
  return standing.total;
}

/// The standing of what is not there, or void: nothing.
InvoiceStandingView nothing(Currency currency) {
  const Money zero{0, currency};
  return {InvoiceStatus::Void, zero, zero, zero, zero};
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
  return InvoiceStandingView{invoice->status,
                             {invoice->total_minor, currency},
                             {invoice->credited_minor, currency},
                             {paid, currency},
                             invoice->amount_due()};
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

Result<InvoiceCondition> InvoiceCondition::parse(std::string_view text) {
  // The longer ones first: `<=` begins with `<`.
  constexpr std::array<std::pair<std::string_view, Relation>, 6> kRelations = {
      {{"!=", Relation::NotEqual},
       {"<=", Relation::AtMost},
       {">=", Relation::AtLeast},
       {"=", Relation::Equal},
       {"<", Relation::Less},
       {">", Relation::More}}};
  for (const auto& [sign, relation] : kRelations) {
    const std::size_t at = text.find(sign);
    if (at == std::string_view::npos) continue;
    InvoiceCondition condition;
    condition.field_ = trimmed(text.substr(0, at));
    condition.relation_ = relation;
    const std::string_view value = trimmed(text.substr(at + sign.size()));
    if (condition.field_ == "status") {
      const auto status = parse_enum<InvoiceStatus>(value);
      const bool is_compared = relation != Relation::Equal && relation != Relation::NotEqual;
      if (!status || is_compared) return no_condition(text);
      condition.status_ = *status;
      return condition;
    }
    constexpr std::array<std::string_view, 4> kAmounts = {"total", "credited", "paid", "amountDue"};
    bool is_amount = false;
    for (const std::string_view name : kAmounts) is_amount = is_amount || name == condition.field_;
    const Result<Exact> amount = Decimal::parse(value).and_then(&Exact::from);
    if (!is_amount || !amount) return no_condition(text);
    condition.amount_ = *amount;
    return condition;
  }
  return no_condition(text);
}

bool InvoiceCondition::holds(const InvoiceStandingView& standing) const {
  if (field_ == "status") return (standing.status == status_) == (relation_ == Relation::Equal);
  const Money& money = amount_of(standing, field_);
  const std::strong_ordering order =
      Exact::from_minor(money.minor_units, money.currency.minor_digits()) <=> amount_;
  switch (relation_) {
    case Relation::Equal:
      return order == 0;
    case Relation::NotEqual:
      return order != 0;
    case Relation::Less:
      return order < 0;
    case Relation::AtMost:
      return order <= 0;
    case Relation::More:
      return order > 0;
    case Relation::AtLeast:
      return order >= 0;
  }
  return false;
}

}  // namespace daybook
