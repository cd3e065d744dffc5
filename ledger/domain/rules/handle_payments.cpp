#include <set>

#include "ledger/domain/rules/command_rules.h"
#include "ledger/domain/rules/dunning.h"
#include "ledger/domain/rules/exchange.h"
#include "ledger/domain/rules/tax_receipt.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// PAY-2: single invoices of an account signed by a representative are payable by card up to 50,000
/// USD.
Result<bool> is_over_card_limit(const StateReader& state, const Account& account,
                                const Money& amount, Date day) {
  if (account.type != AccountType::MCA || account.channel != SalesChannel::Representative)
    return false;
  LEDGER_TRY(const Money limit,
             dollar_limit(state, state.policies().number("payment.cardLimit"), amount.currency, day));
  return amount.minor_units > limit.minor_units;
}

}  // namespace

Result<Decision> handle_command(const StateReader& state, const PayNow& command,
                                const DecisionContext& context) {
  const Invoice* invoice = state.invoice(command.invoice_id);
  if (invoice == nullptr) return not_found();
  const Permission view =
      may(state, context.viewer, Action::ViewInvoices, AccessObject::of(*invoice));
  if (!view.allowed) return not_found();
  LEDGER_CHECK(require(
      state, context, Action::Pay, AccessObject::of(*invoice), ErrorKind::Forbidden,
      "NO_PERMISSION",
      "paying needs the Account Administrator, or an owner, contributor or invoice manager"));
  if (invoice->status == InvoiceStatus::Void)
    return conflict("ALREADY_VOID", "the invoice is void; pay the one that bills its charges now",
                    "/invoiceId");
  if (invoice->status == InvoiceStatus::Locked)
    return conflict("LOCKED", "the invoice is locked; unlock it first", "/invoiceId");
  if (invoice->status == InvoiceStatus::Paid)
    return conflict("ALREADY_PAID", "nothing is owed for this invoice", "/invoiceId");
  const Account& account = *state.account(invoice->account_id);
  if (invoice->account_type == AccountType::EA) {
    return rejected("PAY_NOW_UNAVAILABLE", "invoices of an enrollment are paid by wire alone",
                    "/invoiceId");
  }
  LEDGER_TRY(const PaymentMethod* method,
             usable_card(state, account, command.method_id, context.today()));
  const Money due = invoice->amount_due();
  LEDGER_TRY(const bool is_over, is_over_card_limit(state, account, due, context.today()));
  if (is_over) {
    return rejected("AMOUNT_OVER_CARD_LIMIT",
                    "cards pay invoices of this account up to " +
                        std::to_string(state.policies().number("payment.cardLimit")) +
                        " USD or its worth (policy payment.cardLimit); pay by wire",
                    "/methodId");
  }
  const PaymentId payment =
      command.payment_id.value_or(PaymentId(made_id(context, "p-", invoice->invoice_id.text())));
  if (invoice->payment(payment) != nullptr)
    return conflict("ALREADY_EXISTS", "there is a payment of this id; give the new one another", "/paymentId");
  Decision decision;
  decision.events.emplace_back(InvoicePaymentSucceeded{
      invoice->invoice_id, payment, due, context.today(), method->family, method->method_id});
  decision.events.emplace_back(InvoicePaid{invoice->invoice_id, context.today()});
  if (auto receipt = tax_receipt_of_next(state, *invoice, context.today()))
    decision.events.push_back(std::move(*receipt));
  PaymentChanges changes;
  changes.paid.insert(invoice->invoice_id.text());
  for (EventData& event : reenable(state, *invoice, context.today(), changes)) {
    decision.events.push_back(std::move(event));
  }
  return decision;
}

}  // namespace daybook
