#pragma once

#include <cstdint>

#include <boost/describe/class.hpp>

#include "ledger/domain/facts/support_request.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/state_kind.h"
#include "ledger/domain/time.h"

namespace daybook {

/// How often a person has asked for help on the last day on which he did (NAV-12).
struct SupportRequests {
  static constexpr StateKind kState = StateKind::SupportRequests;

  IdentityId identity_id;
  Date day;  ///< in UTC
  std::int32_t count = 0;

  [[nodiscard]] std::int32_t on(Date when) const { return when == day ? count : 0; }

  friend bool operator==(const SupportRequests&, const SupportRequests&) = default;
};
BOOST_DESCRIBE_STRUCT(SupportRequests, (), (identity_id, day, count))

void apply(SupportRequests& requests, const SupportRequestCreated& event, const Occurrence& at);

}  // namespace daybook
