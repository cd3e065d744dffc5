#include "ledger/domain/rules/command_rules.h"
#include "ledger/domain/rules/credit_note.h"
#include "ledger/domain/rules/dunning.h"
#include "ledger/domain/rules/fact_checker.h"
#include "ledger/domain/rules/replace_invoice.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

void append(std::vector<EventData>& events, std::vector<EventData> more) {
  std::move(more.begin(), more.end(), std::back_inserter(events));
}

Result<const Invoice*> invoice_for_operator(const StateReader& state,
                                            const DecisionContext& context, const InvoiceId& id) {
  LEDGER_CHECK(require_operator(context));
  const Invoice* invoice = state.invoice(id);
  if (invoice == nullptr) return not_found();
  return invoice;
}

tl::unexpected<Error> already_void() {
  return conflict("ALREADY_VOID", "the invoice is void; act on the one that bills its charges now",
                  "/invoiceId");
}

tl::unexpected<Error> locked() {
  return conflict("LOCKED", "the invoice is locked; unlock it first", "/invoiceId");
}

/// The bill-to and purchase order that an amended document gets.
struct Heading {
  std::optional<Personal<Address>> bill_to;
  std::optional<std::string> po_number;

  friend bool operator==(const Heading&, const Heading&) = default;
};

}  // namespace

Result<const Invoice*> voidable(const StateReader& state, const VoidInvoice& command,
                                const DecisionContext& context) {
  LEDGER_TRY(const Invoice* invoice, invoice_for_operator(state, context, command.invoice_id));
  if (invoice->status == InvoiceStatus::Void) return already_void();
  return invoice;
}

Result<Decision> handle_command(const StateReader& state, const VoidInvoice& command,
                                const DecisionContext& context) {
  LEDGER_TRY(const Invoice* invoice, voidable(state, command, context));
  Decision decision;
  if (command.rebill.value_or(false)) return decision;
  LEDGER_TRY(decision.events,
             void_invoice(state, *invoice, context.today(), command.reason, std::nullopt));
  append(decision.events, give_back(invoice->invoice_id, invoice->payments,
                                    paid_net_minor(*invoice), invoice->currency));
  PaymentChanges changes;
  changes.paid.insert(invoice->invoice_id.text());
  append(decision.events, reenable(state, *invoice, context.today(), changes));
  return decision;
}

Result<Decision> handle_command(const StateReader& state, const IssueCreditNote& command,
                                const DecisionContext& context) {
  LEDGER_TRY(const Invoice* invoice, invoice_for_operator(state, context, command.invoice_id));
  if (invoice->status == InvoiceStatus::Void) return already_void();
  if (invoice->status == InvoiceStatus::Locked) return locked();
  if (command.amount.currency != invoice->currency) {
    return rejected("CURRENCY_MISMATCH",
                    "the invoice is in " + std::string(invoice->currency.text()),
                    "/amount/currency");
  }
  if (command.amount.minor_units <= 0) {
    return rejected("INVALID_AMOUNT", "a credit note is over more than nothing", "/amount/amount");
  }
  const std::int64_t left = invoice->total_minor - invoice->credited_minor;
  if (command.amount.minor_units > left) {
    return rejected("EXCEEDS_INVOICE",
                    "credit notes cannot exceed the invoice's total; " +
                        Money{left, invoice->currency}.amount_text() + " can still be credited",
                    "/amount/amount");
  }
  Decision decision;
  LEDGER_TRY(decision.events, credit_invoice(state, *invoice, command.amount, command.reason,
                                             context.today()));
  return decision;
}

Result<Decision> handle_command(const StateReader& state, const LockInvoice& command,
                                const DecisionContext& context) {
  LEDGER_TRY(const Invoice* invoice, invoice_for_operator(state, context, command.invoice_id));
  if (invoice->status == InvoiceStatus::Void) return already_void();
  Decision decision;
  if (invoice->status == InvoiceStatus::Locked) return decision;
  decision.events.emplace_back(InvoiceLocked{invoice->invoice_id, command.reason});
  if (invoice->status != InvoiceStatus::PastDue) return decision;
  // While it does not count, what it alone had blocked goes on.
  PaymentChanges changes;
  changes.paid.insert(invoice->invoice_id.text());
  append(decision.events, reenable(state, *invoice, context.today(), changes));
  return decision;
}

Result<Decision> handle_command(const StateReader& state, const UnlockInvoice& command,
                                const DecisionContext& context) {
  LEDGER_TRY(const Invoice* invoice, invoice_for_operator(state, context, command.invoice_id));
  if (invoice->status == InvoiceStatus::Void) return already_void();
  Decision decision;
  if (invoice->status == InvoiceStatus::Locked)
    decision.events.emplace_back(InvoiceUnlocked{invoice->invoice_id, command.reason});
  return decision;
}

Result<Decision> handle_command(const StateReader& state, const AmendInvoice& command,
                                const DecisionContext& context) {
  const Invoice* invoice = state.invoice(command.invoice_id);
  if (invoice == nullptr) return not_found();
  const AccessObject object = AccessObject::of(*invoice);
  if (!may(state, context.viewer, Action::ViewInvoices, object).allowed) return not_found();
  LEDGER_CHECK(require(state, context, Action::UpdateProperties, object, ErrorKind::Forbidden,
                       "NO_PERMISSION",
                       "amending an invoice needs an owner or contributor of its profile"));
  if (invoice->scope.type != ScopeType::Profile) {
    return rejected("NOT_MCA", "only the invoices of billing profiles are amended", "/invoiceId");
  }
  if (invoice->status == InvoiceStatus::Void) return already_void();
  if (invoice->status == InvoiceStatus::Locked) return locked();
  if (command.bill_to) {
    LEDGER_CHECK(check_address(*command.bill_to, "/billTo"));
  }

  Document document = same_document(state, *invoice, context.today());
  InvoiceIssued& issued = document.issued;
  const Heading before{issued.bill_to, issued.po_number};
  Heading heading = before;
  if (!command.bill_to && !command.po_number) {
    // Nothing named: as the profile has it now.
    const Profile* profile = state.profile(ProfileId(invoice->scope.id));
    if (profile != nullptr) heading = {profile->bill_to, profile->po_number};
  }
  if (command.bill_to) heading.bill_to = Personal<Address>(*command.bill_to);
  if (command.po_number) heading.po_number = command.po_number;
  if (heading == before) return Decision();
  const RebillReason why =
      heading.bill_to == before.bill_to ? RebillReason::PoNumber : RebillReason::BillTo;
  issued.bill_to = std::move(heading.bill_to);
  issued.po_number = std::move(heading.po_number);
  Decision decision;
  LEDGER_TRY(decision.events,
             replace_invoice(state, *invoice, std::move(document), why, context.today(),
                             why == RebillReason::BillTo ? "Bill-to amended"
                                                         : "Purchase order amended",
                             invoice->credited_minor + invoice->refunded_minor));
  return decision;
}

}  // namespace daybook
