#pragma once

#include <optional>
#include <string>

#include <boost/describe/class.hpp>

#include "ledger/domain/enums.h"
#include "ledger/domain/facts/payment_method.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/state_kind.h"
#include "ledger/domain/time.h"

namespace daybook {

/// A card or another way to pay, of one account. Who uses it: Relation::SubscriptionsOnMethod.
struct PaymentMethod {
  static constexpr StateKind kState = StateKind::PaymentMethod;

  MethodId method_id;
  AccountId account_id;
  PaymentFamily family = PaymentFamily::CreditCard;
  std::optional<std::string> expiry;
  bool removed = false;

  /// Whether its month of expiry is over on `day`.
  [[nodiscard]] bool is_expired_on(Date day) const;

  friend bool operator==(const PaymentMethod&, const PaymentMethod&) = default;
};
BOOST_DESCRIBE_STRUCT(PaymentMethod, (), (method_id, account_id, family, expiry, removed))

/// `CreditCard`, `EWallet` and `DirectDebit` are charged on the issue date; the others are wire
///
[[nodiscard]] constexpr bool is_card(PaymentFamily family) {
  return family == PaymentFamily::CreditCard || family == PaymentFamily::EWallet ||
         family == PaymentFamily::DirectDebit;
}

void apply(PaymentMethod& method, const PaymentMethodAdded& event, const Occurrence& at);

}  // namespace daybook
