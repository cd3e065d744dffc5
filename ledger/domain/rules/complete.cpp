#include "ledger/domain/rules/complete.h"

#include "ledger/domain/facts/account.h"
#include "ledger/domain/facts/credit.h"
#include "ledger/domain/facts/enrollment.h"
#include "ledger/domain/facts/profile.h"

namespace daybook {
namespace {

template <class Fact>
bool complete_enrollment(const StateReader& state, EventData& fact) {
  Fact* data = fact.get_if<Fact>();
  if (data == nullptr || data->enrollment_id) return false;
  const Enrollment* enrollment = state.enrollment_of(data->enrollment_account_id);
  if (enrollment == nullptr) return false;
  data->enrollment_id = enrollment->enrollment_id;
  return true;
}

bool complete_administrator(const StateReader& state, EventData& fact) {
  auto* data = fact.get_if<AccountAdministratorChanged>();
  const Account* account = data != nullptr ? state.account(data->account_id) : nullptr;
  if (account == nullptr || data->previous_identity_id) return false;
  data->previous_identity_id = account->administrator;
  return true;
}

bool complete_credit(const StateReader& state, EventData& fact) {
  auto* data = fact.get_if<CreditAdjusted>();
  const CreditLot* lot = data != nullptr ? state.find<CreditLot>(data->lot_id.text()) : nullptr;
  if (lot == nullptr || data->scope_id) return false;
  data->scope_type = lot->scope.type;
  data->scope_id = ScopeId(lot->scope.id);
  return true;
}

bool complete_contact(const StateReader& state, EventData& fact) {
  auto* data = fact.get_if<AccountsPayableContactRemoved>();
  const Profile* profile = data != nullptr ? state.profile(data->profile_id) : nullptr;
  if (profile == nullptr || data->recipient_id) return false;
  const PayablesContact* contact = profile->contact(data->new_value);
  if (contact == nullptr) return false;
  data->recipient_id = contact->recipient_id;
  data->new_value.sealed.clear();  // under the contact's own key from now on, which goes with it
  return true;
}

}  // namespace

bool complete(const StateReader& state, EventData& fact) {
  return complete_administrator(state, fact) || complete_credit(state, fact) || complete_contact(state, fact) ||
         complete_enrollment<AccountOwnerActivated>(state, fact) ||
         complete_enrollment<AccountOwnerChanged>(state, fact);
}

}  // namespace daybook
