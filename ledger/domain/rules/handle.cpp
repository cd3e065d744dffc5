#include "ledger/domain/rules/command_rules.h"
#include "ledger/domain/rules/reservation_rules.h"
#include "ledger/domain/rules/invoice_id.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

using Handled = TypeList<AdvanceClock, RunInvoicing, RunMospInvoicing, RunMarketplaceInvoicing,
                         RunProfileInvoicing, EvaluateDunning, SetInvoiceSharing, AssignRole,
                         RevokeRole, SetCustomerCostVisibility, SetEnrollmentPolicy,
                         UpdatePoNumber, RunEaInvoicing, WithdrawInvitation, UpdateProfile, CreateSupportRequest,
                         ChangeAccountAdministrator, AcceptEmailTerms, OptInEmailInvoice, OptOutEmailInvoice,
                         UpdatePreferredEmail, AddEmailRecipient, RemoveEmailRecipient,
                         DeliverInvoiceEmails, PayNow, SettleBalance, AmendInvoice, VoidInvoice,
                         IssueCreditNote, LockInvoice, UnlockInvoice, ReactivateSubscription,
                         SetPolicy, CreateKey, RevokeKey, PublishEmailTerms, CancelSupportPlan,
                         RefundReservation, ExchangeReservation, ApplyConfiguration>;

}  // namespace

tl::unexpected<Error> not_found() {
  return failed(ErrorKind::NotFound, "NOT_FOUND", "There is nothing here, or nothing for you to see.");
}

Result<void> require_operator(const DecisionContext& context) {
  if (context.viewer.is_operator() && !context.viewer.tenant) return {};
  return failed(ErrorKind::Forbidden, "FORBIDDEN",
                "only the operator may do this, with a key bound to no tenant");
}

Result<void> require_seen(const StateReader& state, const DecisionContext& context,
                          const AccessObject& object) {
  if (!may(state, context.viewer, Action::See, object).seen) return not_found();
  return {};
}

Result<void> require(const StateReader& state, const DecisionContext& context, Action action,
                     const AccessObject& object, ErrorKind kind, std::string_view code,
                     std::string_view detail) {
  const Permission permission = may(state, context.viewer, action, object);
  if (permission.allowed) return {};
  if (!permission.seen) return not_found();
  std::string sentence(detail);
  // The reason is a member of the problem document (permission_reason).
  if (code == "NO_PERMISSION") sentence += " (" + std::string(permission.reason) + ")";
  return failed(kind, code, std::move(sentence));
}

std::string made_id(const DecisionContext& context, std::string_view prefix,
                    std::string_view what) {
  return std::string(prefix) + letters_and_digits(context.seed + "/" + std::string(what), 20);
}

Result<Decision> handle(const StateReader& state, const CommandData& command,
                        const DecisionContext& context) {
  Result<Decision> result =
      rejected("UNKNOWN_EVENT_TYPE",
               "this version has no rules for the command " + std::string(name(command.type())));
  dispatch(Handled(), command,
           [&](const auto& data) { result = handle_command(state, data, context); });
  return result;
}

}  // namespace daybook
