#pragma once

#include <optional>
#include <string>

#include "ledger/domain/describe.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/facts/json_text.h"
#include "ledger/domain/identifiers.h"

/// The switches of the conflict register. One stream: `Policy:policy`.
namespace daybook {

/// The value in force from here on, for all or for one account.
struct PolicyChanged {
  static constexpr EventType kType = EventType::PolicyChanged;
  static constexpr StreamType kStream = StreamType::Policy;

  std::string policy;  ///< `mosp.invoiceDay`
  JsonText value;
  std::optional<AccountId> account_id{};  ///< `corrections` alone
  std::optional<bool> by_configuration{};  ///< the configuration said so; absent: a command did

  [[nodiscard]] std::string stream_id() const { return "policy"; }
  friend bool operator==(const PolicyChanged&, const PolicyChanged&) = default;
};
BOOST_DESCRIBE_STRUCT(PolicyChanged, (), (policy, value, account_id, by_configuration))

namespace policy {
using Events = TypeList<PolicyChanged>;
}  // namespace policy

}  // namespace daybook
