#include "ledger/domain/rules/placed.h"

#include <string>
#include <utility>

namespace daybook {
namespace {

/// The earlier places that are of this scope, and those who are there now.
template <class IsHere>
PlacedSubscriptions gather(const StateReader& state, const ScopeRef& scope,
                           const std::vector<std::string>& present, IsHere is_here) {
  PlacedSubscriptions placed;
  for (const std::string& id : state.members(Relation::FormerSubscriptions, scope.text())) {
    const Subscription* subscription = state.find<Subscription>(id);
    if (subscription == nullptr) continue;
    for (std::size_t n = 0; n < subscription->earlier.size(); ++n) {
      if (is_here(subscription->earlier[n])) placed.add(subscription->at_place(n));
    }
  }
  for (const std::string& id : present) {
    const Subscription* subscription = state.find<Subscription>(id);
    if (subscription != nullptr) placed.add(*subscription);
  }
  return placed;
}

}  // namespace

PlacedSubscriptions placed_under(const StateReader& state, const Account& account) {
  const auto present = account.type == AccountType::MOSP
                           ? state.subscriptions_of(account.account_id)
                           : std::vector<std::string>();
  return gather(state, ScopeRef(account.account_id), present,
                [&](const EarlierPlace& place) {
                  return place.account_type == AccountType::MOSP &&
                         place.account_id == account.account_id;
                });
}

PlacedSubscriptions placed_in(const StateReader& state, const ProfileId& profile) {
  return gather(state, ScopeRef(profile), state.subscriptions_of(profile),
                [&](const EarlierPlace& place) { return place.profile_id == profile; });
}

PlacedSubscriptions placed_in(const StateReader& state, const EnrollmentId& enrollment) {
  return gather(state, ScopeRef(enrollment), state.subscriptions_of(enrollment),
                [&](const EarlierPlace& place) { return place.enrollment_id == enrollment; });
}

bool bills_subscriptions(const StateReader& state, const Account& account) {
  return account.type == AccountType::MOSP ||
         (account.has_profiles() &&
          !state.members(Relation::FormerSubscriptions, ScopeRef(account.account_id).text())
               .empty());
}

Account as_of_type(const Account& account, AccountType type) {
  Account then = account;
  then.type = type;
  return then;
}

std::int32_t place_of(const InvoiceIssued& issued) {
  return issued.manifest.marks.empty() ? 0 : issued.manifest.marks.front().place;
}

std::int32_t place_of(const StateReader& state, const Invoice& invoice) {
  const InvoiceDocument* document = state.invoice_document(invoice.invoice_id);
  return document == nullptr ? 0 : place_of(document->issued);
}

Subscription subscription_on(const Subscription& subscription, Date day) {
  for (std::size_t n = 0; n < subscription.earlier.size(); ++n) {
    if (day < subscription.earlier[n].until) return subscription.at_place(n);
  }
  return subscription;
}

Subscription subscription_at(const Subscription& subscription, std::int32_t place) {
  return place < subscription.place() ? subscription.at_place(static_cast<std::size_t>(place))
                                      : subscription;
}

}  // namespace daybook
