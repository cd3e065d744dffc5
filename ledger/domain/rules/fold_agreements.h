#pragma once

#include "ledger/domain/rules/state_reader.h"

/// What `fold()` does with events of enrollments and their credit, of customers, invitations and
/// persons.
namespace daybook {

void fold_event(StateStore& store, const CustomerCostVisibilityChanged& event,
                const Occurrence& at);
void fold_event(StateStore& store, const EnrollmentRegistered& event, const Occurrence& at);
void fold_event(StateStore& store, const DepartmentCreated& event, const Occurrence& at);
void fold_event(StateStore& store, const EnrollmentBillingCycleChanged& event,
                const Occurrence& at);
void fold_event(StateStore& store, const EnrollmentRecipientAdded& event, const Occurrence& at);
void fold_event(StateStore& store, const EnrollmentRecipientRemoved& event, const Occurrence& at);
void fold_event(StateStore& store, const PoNumberUpdatedForPeriod& event, const Occurrence& at);
void fold_event(StateStore& store, const EnrollmentPolicyChanged& event, const Occurrence& at);
void fold_event(StateStore& store, const OverageNotificationSent& event, const Occurrence& at);
void fold_event(StateStore& store, const EnrollmentAccountAdded& event, const Occurrence& at);
void fold_event(StateStore& store, const AccountOwnerActivated& event, const Occurrence& at);
void fold_event(StateStore& store, const AccountOwnerChanged& event, const Occurrence& at);
void fold_event(StateStore& store, const CreditGranted& event, const Occurrence& at);
void fold_event(StateStore& store, const CreditApplied& event, const Occurrence& at);
void fold_event(StateStore& store, const RoleInvited& event, const Occurrence& at);
void fold_event(StateStore& store, const RoleInvitationAccepted& event, const Occurrence& at);
void fold_event(StateStore& store, const RoleInvitationWithdrawn& event, const Occurrence& at);
void fold_event(StateStore& store, const RoleInvitationExpired& event, const Occurrence& at);
void fold_event(StateStore& store, const CommunicationEmailChanged& event, const Occurrence& at);
void fold_event(StateStore& store, const LanguageChanged& event, const Occurrence& at);

}  // namespace daybook
