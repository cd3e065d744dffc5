#include "projections/entities/as_of_reader.h"

#include <algorithm>

#include "projections/entities/entity_rows.h"

namespace daybook::projections {

std::vector<std::string> stored_members(RowReader& reader, std::string_view prefix, Position upto) {
  std::vector<std::string> members;
  std::string wanted(prefix);
  while (reader.seek(wanted) && reader.key().starts_with(prefix)) {
    KeyReader key(reader.key().substr(prefix.size()));
    std::string member = key.text();
    std::string row_key = std::string(prefix) + KeyWriter().text(member).key();
    if (key.newest_first() > upto) {
      const auto version = reader.newest(row_key, upto);
      if (version && version->value == kLinked) members.push_back(std::move(member));
    } else if (reader.value() == kLinked) {
      members.push_back(std::move(member));
    }
    wanted = after_prefix(row_key);
  }
  return members;
}

const void* AsOfReader::row(StateKind kind, std::string_view key) const {
  if (codec::is_logged(kind)) return readable(documents_.find(kind, find<Invoice>(key), position_));
  std::string row_key = state_key(kind, key);
  const auto found = states_.find(row_key);
  if (found != states_.end()) return found->second.get();
  StateBox box;
  if (const auto version = reader_.newest(row_key, position_)) {
    box = decode_state(kind, version->value);
    if (sealer_ != nullptr) open_state(kind, box.get(), *sealer_);
  }
  return states_.emplace(std::move(row_key), std::move(box)).first->second.get();
}

std::vector<std::string> AsOfReader::members(Relation relation, std::string_view parent) const {
  return stored_members(reader_, relation_prefix(relation, parent), position_);
}

Position AsOfReader::changed_at(StateKind kind, std::string_view key) const {
  const auto version = reader_.newest(state_key(kind, key), position_);
  return version ? version->position : 0;
}

std::vector<Position> AsOfReader::changes_of(StateKind kind, std::string_view key) const {
  const std::string prefix = state_key(kind, key);
  std::vector<Position> positions;
  reader_.scan(prefix, after_prefix(prefix), [&](std::string_view row, std::string_view) {
    const Position position = KeyReader(row.substr(prefix.size())).newest_first();
    if (position <= position_) positions.push_back(position);
    return true;
  });
  std::reverse(positions.begin(), positions.end());
  return positions;
}

}  // namespace daybook::projections
