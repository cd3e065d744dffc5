#include "ledger/engine/recent_state.h"

#include <optional>
#include <shared_mutex>
#include <utility>

namespace daybook::engine {

const void* RecentState::row(StateKind kind, std::string_view key) const {
  std::string place = Books::stored_key(kind, key);
  const auto known = rows_.find(place);
  if (known != rows_.end()) return known->second.get();
  std::optional<codec::StateBox> copy;
  {
    const std::shared_lock lock(core_.mutex);
    copy = core_.books.row_at(kind, key, position_);
  }
  if (!copy) return views_->row(kind, key);
  return rows_.emplace(std::move(place), std::move(*copy)).first->second.get();
}

std::vector<std::string> RecentState::members(Relation relation, std::string_view parent) const {
  std::optional<std::vector<std::string>> members;
  {
    const std::shared_lock lock(core_.mutex);
    members = core_.books.members_at(relation, parent, position_);
  }
  return members ? std::move(*members) : views_->members(relation, parent);
}

}  // namespace daybook::engine
