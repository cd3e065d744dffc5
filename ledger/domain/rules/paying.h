#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "ledger/domain/result.h"
#include "ledger/domain/rules/state_reader.h"

namespace daybook {

/// How a document is paid.
struct PayingMethod {
  std::optional<MethodId> method_id;
  std::optional<PaymentFamily> family;
  bool is_card = false;
};

/// The subscription's own method, else the account's default, else a card.
[[nodiscard]] PayingMethod paying_method(const StateReader& state, const Account& account,
                                         const Subscription& subscription);
/// Every subscription that a method pays by itself: those that name it, and where it is the account's default, those
/// without one of their own.
[[nodiscard]] std::set<std::string> subscriptions_paid_by(const StateReader& state, const MethodId& id);
/// Whether it is one of these.
[[nodiscard]] bool is_paid_by(const StateReader& state, const Subscription& subscription, const MethodId& id);
/// The profile's own method, else the account's default, else wire.
[[nodiscard]] PayingMethod paying_method(const StateReader& state, const Account& account,
                                         const Profile& profile);

/// PAY-2: METHOD_NOT_ALLOWED where a card would become the default of what a representative signed.
[[nodiscard]] Result<void> check_default_method(const Account& account, const PaymentMethod& method,
                                                std::string_view pointer);

/// Days from issue to due: none when a card pays, else the profile's, else `payment.termDays` (PAY-4).
[[nodiscard]] std::int32_t payment_term_days(const Policies& policies, const PayingMethod& method,
                                             const Profile* profile);

}  // namespace daybook
