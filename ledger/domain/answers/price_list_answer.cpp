#include "ledger/domain/answers/price_list_answer.h"

#include <string>

#include "ledger/domain/answers/refusals.h"
#include "ledger/domain/rules/access_rules.h"
#include "ledger/domain/rules/price_lookup.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

PriceItemView item_of(const MeterId& meter, const PriceVersion& price) {
  PriceItemView item;
  item.meter_id = meter;
  item.unit = price.unit;
  item.currency = price.currency;
  if (price.tiers.size() == 1) {
    item.unit_price = price.tiers.front().unit_price;
  } else {
    item.tiers = price.tiers;
    item.tier_mode = price.tier_mode;
  }
  item.included_quantity = price.included_quantity;
  item.effective_on = price.effective_on;
  if (price.scope) item.scope_type = price.scope->type;
  item.position = price.position;
  return item;
}

}  // namespace

Result<PriceListView> price_list_answer(const StateReader& state, const Viewer& viewer,
                                        const ScopeRef& scope, Date on, const PageRequest& page) {
  LEDGER_CHECK(require_view(state, viewer, Action::ViewPrices, scope));
  const Account& account = *account_of(state, scope);
  PriceScopes scopes;
  scopes.account = account.account_id.text();
  Currency currency = account.currency;
  if (scope.type == ScopeType::Profile) {
    scopes.profile = scope.id;
    currency = state.profile(ProfileId(scope.id))->currency;
  }
  if (scope.type == ScopeType::Enrollment) scopes.enrollment = scope.id;
  PriceListView view;
  view.on = on;
  for (const std::string& id : state.members(Relation::AllMeters, {})) {
    if (page.after && id <= *page.after) continue;
    const MeterPrices* prices = state.prices(id);
    if (prices == nullptr) continue;
    const auto price = price_in_force(state, *prices, scopes, on, {currency, std::nullopt});
    if (!price) continue;
    if (view.items.size() == page.limit) {
      view.next_cursor = view.items.back().meter_id.text();
      break;
    }
    view.items.push_back(item_of(MeterId(id), *price->version));
  }
  return view;
}

}  // namespace daybook
