#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/facts/scope.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/money.h"

/// Payment methods of an account. Stream `PaymentMethod`.
namespace daybook {

/// A method that scopes of the account may be paid with.
struct PaymentMethodAdded {
  static constexpr EventType kType = EventType::PaymentMethodAdded;
  static constexpr StreamType kStream = StreamType::PaymentMethod;

  MethodId method_id;
  AccountId account_id;
  PaymentFamily family{};
  std::optional<std::string> expiry{};  ///< month, `2027-04`
  std::vector<SubscriptionId> shared_by_subscriptions{};

  [[nodiscard]] std::string stream_id() const { return method_id.text(); }
  friend bool operator==(const PaymentMethodAdded&, const PaymentMethodAdded&) = default;
};
BOOST_DESCRIBE_STRUCT(PaymentMethodAdded, (),
                      (method_id, account_id, family, expiry, shared_by_subscriptions))

/// The method that pays what is issued to the scope from now on.
struct PaymentMethodMadeDefault {
  static constexpr EventType kType = EventType::PaymentMethodMadeDefault;
  static constexpr StreamType kStream = StreamType::PaymentMethod;

  MethodId method_id;
  ScopeType scope_type{};
  ScopeId scope_id;

  [[nodiscard]] std::string stream_id() const { return method_id.text(); }
  friend bool operator==(const PaymentMethodMadeDefault&,
                         const PaymentMethodMadeDefault&) = default;
};
BOOST_DESCRIBE_STRUCT(PaymentMethodMadeDefault, (), (method_id, scope_type, scope_id))

/// The subscription is no longer paid with it.
struct PaymentMethodDetached {
  static constexpr EventType kType = EventType::PaymentMethodDetached;
  static constexpr StreamType kStream = StreamType::PaymentMethod;

  MethodId method_id;
  SubscriptionId subscription_id;

  [[nodiscard]] std::string stream_id() const { return method_id.text(); }
  friend bool operator==(const PaymentMethodDetached&, const PaymentMethodDetached&) = default;
};
BOOST_DESCRIBE_STRUCT(PaymentMethodDetached, (), (method_id, subscription_id))

/// Nothing is paid with it any more; not while in use (PAY-9).
struct PaymentMethodRemoved {
  static constexpr EventType kType = EventType::PaymentMethodRemoved;
  static constexpr StreamType kStream = StreamType::PaymentMethod;

  MethodId method_id;

  [[nodiscard]] std::string stream_id() const { return method_id.text(); }
  friend bool operator==(const PaymentMethodRemoved&, const PaymentMethodRemoved&) = default;
};
BOOST_DESCRIBE_STRUCT(PaymentMethodRemoved, (), (method_id))

/// All that a declined card left unpaid was paid at once with `method_id`, which is the default
/// from now on.
struct BalanceSettled {
  static constexpr EventType kType = EventType::BalanceSettled;
  static constexpr StreamType kStream = StreamType::PaymentMethod;

  MethodId method_id;
  AccountId account_id;
  PaymentId payment_id;
  Money amount;
  std::vector<InvoiceId> invoice_ids{};
  MethodId new_default_method_id;

  [[nodiscard]] std::string stream_id() const { return method_id.text(); }
  friend bool operator==(const BalanceSettled&, const BalanceSettled&) = default;
};
BOOST_DESCRIBE_STRUCT(BalanceSettled, (),
                      (method_id, account_id, payment_id, amount, invoice_ids,
                       new_default_method_id))

namespace payment_method {
using Events = TypeList<PaymentMethodAdded, PaymentMethodMadeDefault, PaymentMethodDetached,
                        PaymentMethodRemoved, BalanceSettled>;
}  // namespace payment_method

}  // namespace daybook
