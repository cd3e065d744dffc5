#pragma once

#include <cstdint>
#include <string>

namespace daybook::engine {

/// A UUID of version 7 (RFC 9562, 5.7) in its text form: 48 bits of Unix milliseconds, then random bits.
[[nodiscard]] std::string uuid_v7(std::int64_t unix_millis, std::uint64_t random_high, std::uint64_t random_low);

}  // namespace daybook::engine
