#include "ledger/domain/rules/discount.h"

#include <algorithm>

#include "ledger/domain/rules/state_reader.h"

namespace daybook {

void apply(Discount& discount, const DiscountGranted& event, const Occurrence& at) {
  discount.discount_id = event.discount_id;
  if (event.scope_type && event.scope_id)
    discount.scope = ScopeRef(*event.scope_type, event.scope_id->text());
  discount.percent = event.percent;
  discount.start_on = event.start_on;
  discount.meter_id = event.meter_id;
  discount.end_on = event.end_on;
  discount.position = at.position;
}

void apply(Discount& discount, const DiscountEnded& event, const Occurrence& at) {
  discount.endings.push_back({at.position, event.end_on});
}

bool Discount::covers(Date day, std::string_view meter, std::optional<Position> upto) const {
  if ((upto && position > *upto) || day < start_on || (meter_id && meter_id->text() != meter)) return false;
  std::optional<Date> end = end_on;
  for (const DiscountEnding& ending : endings) {
    if (!upto || ending.position <= *upto) end = ending.end_on;
  }
  return !end || day < *end;
}

std::vector<const Discount*> discounts_for(const StateReader& state,
                                           const Subscription& subscription) {
  std::vector<std::string> scopes = {ScopeRef(subscription.subscription_id).text()};
  if (subscription.profile_id) scopes.push_back(ScopeRef(*subscription.profile_id).text());
  if (subscription.enrollment_id) scopes.push_back(ScopeRef(*subscription.enrollment_id).text());
  scopes.push_back(ScopeRef(subscription.account_id).text());
  scopes.emplace_back();  // for everybody
  std::vector<const Discount*> result;
  for (const std::string& scope : scopes) {
    const auto first = static_cast<std::ptrdiff_t>(result.size());
    for (const std::string& id : state.members(Relation::DiscountsOfScope, scope)) {
      const Discount* discount = state.find<Discount>(id);
      if (discount != nullptr) result.push_back(discount);
    }
    std::sort(result.begin() + first, result.end(),
              [](const Discount* left, const Discount* right) {
                if (left->meter_id.has_value() != right->meter_id.has_value())
                  return left->meter_id.has_value();
                return left->position > right->position;
              });
  }
  return result;
}

const Discount* discount_on(const std::vector<const Discount*>& discounts, Date day,
                            std::string_view meter, std::optional<Position> upto) {
  const auto found =
      std::find_if(discounts.begin(), discounts.end(), [&](const Discount* discount) {
        return discount->covers(day, meter, upto);
      });
  return found != discounts.end() ? *found : nullptr;
}

}  // namespace daybook
