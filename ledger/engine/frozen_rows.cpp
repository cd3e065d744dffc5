#include "ledger/engine/frozen_rows.h"

#include <utility>

#include "ledger/domain/invariant.h"

namespace daybook::engine {

FrozenRows::FrozenRows(StateKind kind) : codec_(codec::state_codec(kind)) { LEDGER_INVARIANT(!codec_.has_personal()); }

codec::StateBox FrozenRows::decoded(std::string_view bytes) const {
  Result<codec::StateBox> row = codec_.decode(bytes);
  if (!row) {
    throw InvariantBroken("a row of the books is damaged: " + row.error().detail +
                          ". Stop the ledger, delete views/ and start it again: it is made anew from the log.");
  }
  return std::move(*row);
}

const void* FrozenRows::find(std::string_view key) const {
  const auto found = rows_.find(key);
  if (found == rows_.end()) return nullptr;
  const std::lock_guard lock(read_mutex_);
  const auto read = read_.find(key);
  if (read != read_.end()) return read->second.get();
  return read_.emplace(std::string(key), decoded(found->second)).first->second.get();
}

const std::string* FrozenRows::bytes(std::string_view key) const {
  const auto found = rows_.find(key);
  return found == rows_.end() ? nullptr : &found->second;
}

codec::StateBox FrozenRows::take(std::string_view key) {
  const auto found = rows_.find(key);
  if (found == rows_.end()) return {};
  codec::StateBox row = decoded(found->second);
  rows_.erase(found);
  return row;
}

void FrozenRows::put(std::string_view key, std::string bytes) {
  bytes.shrink_to_fit();
  rows_.insert_or_assign(std::string(key), std::move(bytes));
}

}  // namespace daybook::engine
