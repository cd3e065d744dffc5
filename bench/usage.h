#pragma once

#include <cstdint>
#include <string>

#include "ledger/domain/event.h"

namespace daybook::bench {

constexpr std::uint64_t kSubscriptions = 1'000;
constexpr std::uint64_t kMeters = 7;

/// The usage event of the public contract, some 230 bytes stored, with an id of its own for every number; spread
/// over subscriptions, meters, resources and days.
[[nodiscard]] Event usage(std::uint64_t number);
/// The same over `event`, an earlier one or empty, whose texts' memory is used again: as the events of a body are read.
void usage(std::uint64_t number, Event& event);

/// The same row as a structured CloudEvent that happened at `time` (RFC 3339), appended to `out`.
void usage_json(std::uint64_t number, const std::string& time, std::string& out);

/// What usage refers to, as CloudEvents in one JSON array: an account, its subscriptions, the meters' prices; all
/// made on `date` (2024-03-07), at `time`.
[[nodiscard]] std::string catalogue_json(const std::string& date, const std::string& time);

}  // namespace daybook::bench
