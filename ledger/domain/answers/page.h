#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace daybook {

/// Which part of a list is wanted. Lists are in the order of a key; `after` is the `next_cursor` of
/// the page before.
struct PageRequest {
  std::size_t limit = 100;
  std::optional<std::string> after{};
};

}  // namespace daybook
