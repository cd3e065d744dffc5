#pragma once

#include "ledger/domain/describe.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/identifiers.h"

/// Wishes about a subscription.
namespace daybook {

/// After cancellation or expiry.
struct ReactivateSubscription {
  static constexpr CommandType kType = CommandType::ReactivateSubscription;

  SubscriptionId subscription_id;

  friend bool operator==(const ReactivateSubscription&, const ReactivateSubscription&) = default;
};
BOOST_DESCRIBE_STRUCT(ReactivateSubscription, (), (subscription_id))

namespace subscription {
using Commands = TypeList<ReactivateSubscription>;
}  // namespace subscription

}  // namespace daybook
