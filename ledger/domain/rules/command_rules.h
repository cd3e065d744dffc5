#pragma once

#include <string>
#include <string_view>

#include "ledger/domain/commands/access.h"
#include "ledger/domain/commands/account.h"
#include "ledger/domain/commands/administration.h"
#include "ledger/domain/commands/email_preference.h"
#include "ledger/domain/commands/enrollment.h"
#include "ledger/domain/commands/invoice.h"
#include "ledger/domain/commands/person.h"
#include "ledger/domain/commands/reservation.h"
#include "ledger/domain/commands/runs.h"
#include "ledger/domain/commands/subscription.h"
#include "ledger/domain/rules/access_rules.h"
#include "ledger/domain/rules/decide.h"

namespace daybook {

/// 404: there is no such thing, or not for this viewer.
[[nodiscard]] tl::unexpected<Error> not_found();
/// 403 FORBIDDEN unless the operator asks, and one that is bound to no tenant.
[[nodiscard]] Result<void> require_operator(const DecisionContext& context);
/// 404 unless the viewer sees the scope.
[[nodiscard]] Result<void> require_seen(const StateReader& state, const DecisionContext& context,
                                        const AccessObject& object);
/// 404 unless the viewer sees the scope; then `code` unless `may` allows the action.
[[nodiscard]] Result<void> require(const StateReader& state, const DecisionContext& context,
                                   Action action, const AccessObject& object, ErrorKind kind,
                                   std::string_view code, std::string_view detail);
/// An id for what this command makes: `prefix` and characters drawn from the seed and `what`.
[[nodiscard]] std::string made_id(const DecisionContext& context, std::string_view prefix,
                                  std::string_view what);

/// A method of the account that an invoice can be paid with at once. Errors: UNKNOWN_REFERENCE,
/// METHOD_NOT_ALLOWED.
[[nodiscard]] Result<const PaymentMethod*> usable_card(const StateReader& state,
                                                       const Account& account, const MethodId& id,
                                                       Date day);
/// The invoice, if it may be voided: by the operator, and it is not. Errors: FORBIDDEN, NOT_FOUND,
/// ALREADY_VOID.
[[nodiscard]] Result<const Invoice*> voidable(const StateReader& state, const VoidInvoice& command,
                                              const DecisionContext& context);

// One overload a command.
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const AdvanceClock&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const RunInvoicing&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const RunMospInvoicing&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const RunMarketplaceInvoicing&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const RunProfileInvoicing&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const EvaluateDunning&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const SetInvoiceSharing&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const AssignRole&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const RevokeRole&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const SetCustomerCostVisibility&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const SetEnrollmentPolicy&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const UpdatePoNumber&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const RunEaInvoicing&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const WithdrawInvitation&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const UpdateProfile&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const CreateSupportRequest&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const ChangeAccountAdministrator&,
                                              const DecisionContext&);
/// To the one identity with the address, else an invitation (ROL-13). The viewer may assign.
[[nodiscard]] Result<Decision> assign_role_by_email(const StateReader&, const AssignRole&,
                                                    const DecisionContext&);
/// The recipients of an enrollment's documents (EML-23).
[[nodiscard]] Result<Decision> add_enrollment_recipient(const StateReader&,
                                                        const AddEmailRecipient&,
                                                        const DecisionContext&);
[[nodiscard]] Result<Decision> remove_enrollment_recipient(const StateReader&,
                                                           const RemoveEmailRecipient&,
                                                           const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const AcceptEmailTerms&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const OptInEmailInvoice&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const OptOutEmailInvoice&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const UpdatePreferredEmail&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const AddEmailRecipient&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const RemoveEmailRecipient&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const DeliverInvoiceEmails&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const PublishEmailTerms&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const PayNow&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const SettleBalance&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const AmendInvoice&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const VoidInvoice&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const IssueCreditNote&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const LockInvoice&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const UnlockInvoice&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const ReactivateSubscription&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const SetPolicy&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const ApplyConfiguration&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const CreateKey&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const RevokeKey&,
                                              const DecisionContext&);
[[nodiscard]] Result<Decision> handle_command(const StateReader&, const CancelSupportPlan&,
                                              const DecisionContext&);

}  // namespace daybook
