#include "ledger/domain/answers/lacking_details.h"

#include <algorithm>

namespace daybook {

std::vector<std::string_view> lacking_details(const StateReader& state, Date day) {
  const std::vector<std::string> accounts = state.accounts();
  const bool charges_tax = std::any_of(accounts.begin(), accounts.end(), [&](const std::string& id) {
    const Account* account = state.find<Account>(id);
    return account != nullptr && state.tax_rates(account->country) != nullptr;
  });
  return missing_details(state.provider().on(day), charges_tax);
}

}  // namespace daybook
