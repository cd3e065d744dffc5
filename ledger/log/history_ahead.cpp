#include "ledger/log/history_ahead.h"

#include <cstddef>
#include <utility>

namespace daybook::log {
namespace {

/// Some four megabytes of events: enough to make a thread worth its start, little enough to be shown as progress.
constexpr std::size_t kRowsAhead = 64;

}  // namespace

std::vector<RowLeaves> HistoryCheckAhead::take_apart(std::vector<Row> rows) {
  FrameReader reader;
  std::vector<RowLeaves> found;
  found.reserve(rows.size());
  for (const Row& row : rows) {
    found.push_back(leaves_of_row(reader, row.key, row.value));
  }
  return found;
}

Result<void> HistoryCheckAhead::join() {
  if (!ahead_.valid()) {
    return {};
  }
  for (const RowLeaves& row : ahead_.get()) {
    if (Result<void> added = check_.add(row); !added) {
      return added;
    }
  }
  return {};
}

Result<void> HistoryCheckAhead::add(Bytes key, Bytes value) {
  gathered_.push_back({.key = {key.begin(), key.end()}, .value = {value.begin(), value.end()}});
  if (gathered_.size() < kRowsAhead) {
    return {};
  }
  std::future<std::vector<RowLeaves>> next = std::async(std::launch::async, take_apart, std::exchange(gathered_, {}));
  Result<void> joined = join();
  ahead_ = std::move(next);
  return joined;
}

Result<Head> HistoryCheckAhead::end() {
  Result<void> joined = join();
  for (const RowLeaves& row : take_apart(std::exchange(gathered_, {}))) {
    if (joined) {
      joined = check_.add(row);
    }
  }
  if (!joined) {
    return tl::unexpected(joined.error());
  }
  return check_.end();
}

}  // namespace daybook::log
