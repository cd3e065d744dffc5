#include "ledger/engine/frozen_rows.h"

#include <utility>

#include "ledger/domain/invariant.h"

namespace daybook::engine {

codec::StateBox FrozenRows::decoded(std::string_view bytes) const {
  Result<codec::StateBox> row = codec_.decode(bytes);
  Result<void> opened = row && sealer_ != nullptr ? codec_.open(row->get(), *sealer_) : Result<void>();
  if (!row || !opened) {
    throw InvariantBroken("a row of the books is damaged: " + (row ? opened.error() : row.error()).detail +
                          ". Stop the ledger, delete views/ and start it again: it is made anew from the log.");
  }
  return std::move(*row);
}

const void* FrozenRows::find(std::string_view key) const {
  const std::lock_guard lock(read_mutex_);
  const auto read = read_.find(key);
  if (read != read_.end()) return read->second.get();
  const auto found = rows_.find(key);
  const std::optional<std::string> written = found == rows_.end() ? stored(key) : std::nullopt;
  if (found == rows_.end() && !written) return nullptr;
  return read_.emplace(std::string(key), decoded(written ? *written : found->second)).first->second.get();
}

const std::string* FrozenRows::bytes(std::string_view key) const {
  const auto found = rows_.find(key);
  return found == rows_.end() ? nullptr : &found->second;
}

codec::StateBox FrozenRows::take(std::string_view key) {
  const auto found = rows_.find(key);
  if (found == rows_.end()) {
    const std::optional<std::string> written = stored(key);
    return written ? decoded(*written) : codec::StateBox();
  }
  codec::StateBox row = decoded(found->second);
  total_bytes_ -= found->second.size();
  rows_.erase(found);
  return row;
}

void FrozenRows::put(std::string_view key, std::string bytes) {
  bytes.shrink_to_fit();
  std::string& row = rows_[std::string(key)];
  total_bytes_ += bytes.size() - row.size();
  row = std::move(bytes);
}

void FrozenRows::written(std::string_view key, std::string_view bytes) {
  const auto found = rows_.find(key);
  if (found == rows_.end() || found->second != bytes) return;
  total_bytes_ -= found->second.size();
  rows_.erase(found);
}

}  // namespace daybook::engine
