#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace daybook::log {

/// Place of an event in the whole log: dense, from 1. 0 is "before the first".
using Position = std::uint64_t;

/// A SHA-256.
using Hash = std::array<std::byte, 32>;

/// Names a ledger for ever: 16 random bytes drawn when its directory is made.
using LedgerId = std::array<std::byte, 16>;

using Bytes = std::span<const std::byte>;

}  // namespace daybook::log
