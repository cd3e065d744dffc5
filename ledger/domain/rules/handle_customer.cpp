#include "ledger/domain/facts/customer.h"
#include "ledger/domain/rules/command_rules.h"
#include "ledger/domain/rules/try.h"

namespace daybook {

Result<Decision> handle_command(const StateReader& state, const SetCustomerCostVisibility& command,
                                const DecisionContext& context) {
  const Customer* customer = state.customer(command.customer_id);
  if (customer == nullptr) return not_found();
  LEDGER_CHECK(require(state, context, Action::SetCostVisibility,
                       AccessObject::of(ScopeRef(customer->account_id)), ErrorKind::Forbidden,
                       "NO_PERMISSION",
                       "only an owner of the partner's account lets a customer see cost"));
  if (customer->cost_visibility == command.value) return Decision();
  return Decision{{CustomerCostVisibilityChanged{command.customer_id, command.value}}, {}};
}

}  // namespace daybook
