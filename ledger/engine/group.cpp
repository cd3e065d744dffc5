#include "ledger/engine/group.h"

#include "ledger/domain/invariant.h"

namespace daybook::engine {

void Group::begin(log::Position head) {
  head_ = head;
  raw_bytes_ = 0;
  records_.clear();
  kept_used_ = 0;
}

log::Bytes Group::keep(log::Bytes event) {
  if (kept_used_ == kept_.size()) kept_.emplace_back();
  std::vector<std::byte>& bytes = kept_[kept_used_++];
  bytes.assign(event.begin(), event.end());
  return bytes;
}

StreamNumber Group::stream(StreamType type, std::string_view id) { return directory_.find_or_add(type, id); }

void Group::roll_back(const Savepoint& savepoint) {
  LEDGER_INVARIANT(savepoint.records <= records_.size());
  while (records_.size() > savepoint.records) {
    directory_.previous_version(records_.back().stream);
    records_.pop_back();
  }
  while (directory_.size() > savepoint.streams) directory_.remove_last();
  raw_bytes_ = savepoint.raw_bytes;
}

}  // namespace daybook::engine
