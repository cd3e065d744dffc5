#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "ledger/domain/answers/page.h"
#include "ledger/domain/rules/scope.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/viewer.h"

namespace daybook {

/// Accounts that `viewer` may see something of, in ascending order: of a person those of the scopes
/// on which he has a role; of the operator all.
[[nodiscard]] std::vector<std::string> accounts_in_reach(const StateReader& state,
                                                         const Viewer& viewer);

/// Fills a page of `view` from `ids`, which are ascending: those behind `page.after` that
/// `is_wanted`, each made by `make`. Errors: those of `make`.
template <class View, class IsWanted, class Make>
[[nodiscard]] Result<View> fill_page(const std::vector<std::string>& ids, const PageRequest& page,
                                     IsWanted is_wanted, Make make) {
  View view;
  auto next = page.after ? std::upper_bound(ids.begin(), ids.end(), *page.after) : ids.begin();
  const std::string* last = nullptr;
  for (; next != ids.end(); ++next) {
    if (!is_wanted(*next)) continue;
    if (view.items.size() == page.limit) {
      view.next_cursor = *last;
      break;
    }
    auto item = make(*next);
    if (!item) return tl::unexpected(item.error());
    view.items.push_back(*std::move(item));
    last = &*next;
  }
  return view;
}

}  // namespace daybook
