#include <algorithm>

#include "ledger/domain/days_kept.h"
#include "ledger/domain/facts/enrollment.h"
#include "ledger/domain/rules/command_rules.h"
#include "ledger/domain/rules/enrollment_mail.h"
#include "ledger/domain/rules/mail.h"
#include "ledger/domain/rules/try.h"

/// Wishes about enrollments.
namespace daybook {
namespace {

/// The enrollment, once the viewer may do `action` there.
Result<const Enrollment*> allowed_enrollment(const StateReader& state, const EnrollmentId& id,
                                             const DecisionContext& context, Action action) {
  const Enrollment* enrollment = state.enrollment(id);
  if (enrollment == nullptr) return not_found();
  LEDGER_CHECK(require(state, context, action, AccessObject::of(ScopeRef(id)), ErrorKind::Invalid,
                       "NOT_EA_ADMIN",
                       "only an Enterprise Administrator changes this; purchase orders and "
                       "recipients also the partner of an indirect enrollment"));
  return enrollment;
}

bool has_document(const StateReader& state, const EnrollmentId& id, Period period) {
  const auto is_issued = [&](InvoiceType type) {
    const BilledPeriod* billed = state.billed_period(ScopeRef(id), type, period.start);
    return billed != nullptr && billed->invoice_id.has_value();
  };
  return is_issued(InvoiceType::EnrollmentOverage) || is_issued(InvoiceType::AzureMarketplace);
}

}  // namespace

Result<Decision> handle_command(const StateReader& state, const SetEnrollmentPolicy& command,
                                const DecisionContext& context) {
  LEDGER_TRY(const Enrollment* enrollment,
             allowed_enrollment(state, command.enrollment_id, context,
                                Action::SetEnrollmentPolicy));
  if (enrollment->policy(command.policy) == command.value) return Decision();
  return Decision{
      {EnrollmentPolicyChanged{command.enrollment_id, command.policy, command.value}}, {}};
}

Result<Decision> handle_command(const StateReader& state, const UpdatePoNumber& command,
                                const DecisionContext& context) {
  LEDGER_TRY(const Enrollment* enrollment,
             allowed_enrollment(state, command.enrollment_id, context, Action::UpdatePoNumber));
  LEDGER_CHECK(check_day_kept(command.period, "/period"));
  if (command.period < enrollment->start_date.first_of_month()) {
    return rejected("INVALID_TIME", "the enrollment begins on " + enrollment->start_date.text(),
                    "/period");
  }
  if (command.po_number.empty())
    return rejected("INVALID_STRING", "a purchase order has a number", "/poNumber");
  const Period period = enrollment_period(*enrollment, command.period);
  if (context.today() > enrollment_run(state.policies(), period) ||
      has_document(state, command.enrollment_id, period)) {
    return conflict("PO_LOCKED",
                    "the purchase order of a period changes through " +
                        enrollment_run(state.policies(), period).text() +
                        ", while no invoice exists; ask support");
  }
  if (po_number_of(*enrollment, period) == command.po_number) return Decision();
  return Decision{
      {PoNumberUpdatedForPeriod{command.enrollment_id, period, command.po_number}}, {}};
}

Result<Decision> add_enrollment_recipient(const StateReader& state,
                                          const AddEmailRecipient& command,
                                          const DecisionContext& context) {
  const EnrollmentId id(command.scope_id.text());
  LEDGER_TRY(const Enrollment* enrollment,
             allowed_enrollment(state, id, context, Action::ChangeEmailPreference));
  LEDGER_CHECK(check_mail_address(command.address, "/address"));
  for (const EmailRecipient& recipient : enrollment->recipients) {
    if (recipient.address.value &&
        normalised_email(*recipient.address.value) == normalised_email(command.address)) {
      return conflict("DUPLICATE", "this address is a recipient already", "/address");
    }
  }
  EnrollmentRecipientAdded added;
  added.enrollment_id = id;
  added.recipient_id = RecipientId(made_id(context, "r-", ScopeRef(id).text()));
  added.address = Personal<std::string>(command.address);
  Decision decision;
  decision.events.emplace_back(added);
  // The first address gets what could not be sent before (EML-23), and still stands.
  for (const InvoiceId& invoice : enrollment->unsent) {
    const Invoice* issued = state.invoice(invoice);
    if (issued == nullptr || issued->status == InvoiceStatus::Void) continue;
    decision.events.emplace_back(
        enrollment_mail(id, invoice, {added.recipient_id, added.address}));
  }
  return decision;
}

Result<Decision> remove_enrollment_recipient(const StateReader& state,
                                             const RemoveEmailRecipient& command,
                                             const DecisionContext& context) {
  const EnrollmentId id(command.scope_id.text());
  LEDGER_TRY(const Enrollment* enrollment,
             allowed_enrollment(state, id, context, Action::ChangeEmailPreference));
  if (command.recipient_id.has_value() == command.address.has_value()) {
    return rejected("INVALID_FIELD", "name either the recipientId or the address", "/recipientId");
  }
  const auto found = std::find_if(
      enrollment->recipients.begin(), enrollment->recipients.end(),
      [&](const EmailRecipient& recipient) {
        if (command.recipient_id) return recipient.recipient_id == *command.recipient_id;
        return recipient.address.value && normalised_email(*recipient.address.value) ==
                                              normalised_email(*command.address);
      });
  if (found == enrollment->recipients.end()) {
    return rejected("UNKNOWN_REFERENCE", "there is no such recipient",
                    command.recipient_id ? "/recipientId" : "/address");
  }
  return Decision{{EnrollmentRecipientRemoved{id, found->recipient_id}}, {}};
}

}  // namespace daybook
