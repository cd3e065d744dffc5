#pragma once

#include <cstddef>
#include <memory>

namespace daybook::log {

/// Gives pages back to the system.
struct ReleasePages {
  std::size_t bytes = 0;
  void operator()(void* memory) const;
};

/// `bytes` of zeroes that cost nothing until they are touched; in large pages where the system has them
/// to give, for a table of many megabytes that is read here and there misses the processor's list of
/// pages at nearly every look. Throws std::bad_alloc.
[[nodiscard]] void* reserve_pages(std::size_t bytes);

/// An array of zeroed pages.
template <class T>
using PageArray = std::unique_ptr<T[], ReleasePages>;

template <class T>
[[nodiscard]] PageArray<T> reserve_array(std::size_t count) {
  const std::size_t bytes = count * sizeof(T);
  return PageArray<T>(static_cast<T*>(reserve_pages(bytes)), ReleasePages{bytes});
}

}  // namespace daybook::log
