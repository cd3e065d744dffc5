#pragma once

#include <string>

#include "ledger/domain/describe.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/identifiers.h"

/// Customers of a partner (MPA). Stream `Customer`.
namespace daybook {

/// A customer whose subscriptions the partner pays for.
struct CustomerRegistered {
  static constexpr EventType kType = EventType::CustomerRegistered;
  static constexpr StreamType kStream = StreamType::Customer;

  CustomerId customer_id;
  AccountId account_id;
  TenantId tenant_id;
  std::string name;

  [[nodiscard]] std::string stream_id() const { return customer_id.text(); }
  friend bool operator==(const CustomerRegistered&, const CustomerRegistered&) = default;
};
BOOST_DESCRIBE_STRUCT(CustomerRegistered, (), (customer_id, account_id, tenant_id, name))

/// Whether identities of the customer's tenant see usage at pay-as-you-go prices.
struct CustomerCostVisibilityChanged {
  static constexpr EventType kType = EventType::CustomerCostVisibilityChanged;
  static constexpr StreamType kStream = StreamType::Customer;

  CustomerId customer_id;
  bool value = false;

  [[nodiscard]] std::string stream_id() const { return customer_id.text(); }
  friend bool operator==(const CustomerCostVisibilityChanged&,
                         const CustomerCostVisibilityChanged&) = default;
};
BOOST_DESCRIBE_STRUCT(CustomerCostVisibilityChanged, (), (customer_id, value))

namespace customer {
using Events = TypeList<CustomerRegistered, CustomerCostVisibilityChanged>;
}  // namespace customer

}  // namespace daybook
