// How much an import sends at once.
#pragma once

#include <cstddef>

namespace daybook::cli {

inline constexpr std::size_t kBatchEvents = 2'000;
inline constexpr std::size_t kBatchBytes = 4u << 20;  ///< as JSON: far below what the server takes

}  // namespace daybook::cli
