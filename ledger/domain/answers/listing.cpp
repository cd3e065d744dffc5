#include "ledger/domain/answers/listing.h"

#include <set>

#include "ledger/domain/rules/access_rules.h"

namespace daybook {

std::vector<std::string> accounts_in_reach(const StateReader& state, const Viewer& viewer) {
  if (viewer.is_operator()) return state.accounts();
  std::set<std::string> accounts;
  for (const std::string& text :
       state.members(Relation::ScopesOfIdentity, viewer.identity->text())) {
    const auto scope = ScopeRef::parse(text);
    const Account* account = scope ? account_of(state, *scope) : nullptr;
    if (account != nullptr) accounts.insert(account->account_id.text());
  }
  return {accounts.begin(), accounts.end()};
}

}  // namespace daybook
