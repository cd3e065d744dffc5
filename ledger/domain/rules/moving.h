#pragma once

#include "ledger/domain/rules/placement.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/time.h"

/// What moves, transfers and upgrades share.
namespace daybook {

/// The first day that is on no document yet of where the subscription is.
[[nodiscard]] Date billed_until(const StateReader& state, const Subscription& subscription);
/// The same of what lies where it goes: of a profile or enrollment with its other subscriptions.
[[nodiscard]] Date billed_until(const StateReader& state, const ScopeRef& scope);

/// Whether the charges that a subscription brings along have a worth where documents are in `currency` from
/// `first` on (decision 0076). Errors: CURRENCY_MISMATCH: there is no rate, or it is a support plan.
[[nodiscard]] Result<void> check_charges_in(const StateReader& state, const Subscription& subscription, Date first,
                                            Currency currency, std::string_view pointer);
/// The same of its own credit: a monthly one is renewed in that currency, what is left of any other lot pays
/// in its own alone. Errors: CURRENCY_MISMATCH, naming the lot.
[[nodiscard]] Result<void> check_credit_in(const StateReader& state, const Subscription& subscription, Date first,
                                           Currency currency, std::string_view pointer);

/// What the id in a SubscriptionMoved names: by the type of the account a section, a profile or an
/// enrollment account.
[[nodiscard]] Placement named_by(const Account& account, const ScopeId& scope);

}  // namespace daybook
