#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/domain/event.h"
#include "ledger/engine/ledger.h"

/// What clients of a simulated ledger send. Everything is a function of its number, so that a script can be cut down and
/// what is left of it still means the same.
namespace daybook::simulation {

inline constexpr std::string_view kFactSource = "//simulation";

[[nodiscard]] Event fact_of(std::uint64_t number, std::size_t padding);
/// Is it usage, which a ledger takes whatever it knows?
[[nodiscard]] bool is_always_taken(std::uint64_t number);
[[nodiscard]] std::string fact_id(std::uint64_t number);
/// The number of an id of ours.
[[nodiscard]] std::optional<std::uint64_t> fact_number(std::string_view id);

/// Makes a key of an API client.
[[nodiscard]] engine::CommandRequest command_of(std::uint64_t number);
/// Moves the clock to that day of 1970, and performs what falls due if `run`.
[[nodiscard]] engine::CommandRequest advance_to(std::uint64_t day, bool run);

}  // namespace daybook::simulation
