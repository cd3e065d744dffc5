#pragma once

#include <algorithm>
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

/// Leaves of `view`, which holds a whole list, the page that is wanted. For lists that are short by nature: a place is how
/// many items come before it, which is the same list at the position that the cursor carries.
template <class View>
void cut_page(View& view, const PageRequest& page) {
  const std::size_t all = view.items.size();
  const std::size_t first = std::min(page.after ? std::stoul(*page.after) : 0, all);
  const std::size_t end = first + std::min(page.limit, all - first);
  if (end < all) view.next_cursor = std::to_string(end);
  view.items.erase(view.items.begin() + static_cast<std::ptrdiff_t>(end), view.items.end());
  view.items.erase(view.items.begin(), view.items.begin() + static_cast<std::ptrdiff_t>(first));
}

}  // namespace daybook
