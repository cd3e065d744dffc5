#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/facts/usage.h"
#include "ledger/domain/identifiers.h"

namespace daybook {

/// Usage that is kept and not billed.
struct UnmatchedItemView {
  std::uint64_t position = 0;
  std::string source;
  std::string id;
  std::string usage_id;
  SubscriptionId subscription_id;
  Unmatched reason = Unmatched::NO_PRICE;
  UsageRecorded data;

  friend bool operator==(const UnmatchedItemView&, const UnmatchedItemView&) = default;
};
BOOST_DESCRIBE_STRUCT(UnmatchedItemView, (),
                      (position, source, id, usage_id, subscription_id, reason, data))

/// `GET /v1/unmatched-usage`.
struct UnmatchedListView {
  std::vector<UnmatchedItemView> items;
  std::optional<std::string> next_cursor;

  friend bool operator==(const UnmatchedListView&, const UnmatchedListView&) = default;
};
BOOST_DESCRIBE_STRUCT(UnmatchedListView, (), (items, next_cursor))

}  // namespace daybook
