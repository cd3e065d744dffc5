#include "ledger/log/history.h"

#include <string>
#include <utility>

#include "ledger/log/hash.h"

namespace daybook::log {
namespace {

tl::unexpected<Error> damaged(Position position, const char* what) {
  return failed(ErrorKind::Corruption, "LOG_DAMAGED",
                "at position " + std::to_string(position) + ": " + what);
}

}  // namespace

RowLeaves leaves_of_row(FrameReader& reader, Bytes key, Bytes value) {
  RowLeaves row{.head = read_frame_head(key, value), .leaves = std::vector<Hash>()};
  if (!row.head) {
    return row;
  }
  const auto records = reader.records(*row.head, value);
  if (!records) {
    row.leaves = tl::unexpected(records.error());
    return row;
  }
  row.leaves->reserve(records->size());
  for (const RecordView& record : *records) {
    row.leaves->push_back(leaf_hash(record.event));
  }
  return row;
}

HistoryCheck::HistoryCheck(Lineage lineage) : lineage_(std::move(lineage)) {
  head_.ledger_id = lineage_.ledger_id;
  head_.chain = lineage_.first_chain();
  head_.root = empty_root();
}

HistoryCheck::HistoryCheck(Lineage lineage, const HistoryStart& start)
    : lineage_(std::move(lineage)), group_first_(start.position + 1), tree_(start.position, start.peaks) {
  head_.ledger_id = lineage_.ledger_id;
  head_.position = start.position;
  head_.chain = start.chain;
  head_.root = tree_.root();
}

Result<void> HistoryCheck::check_order(const FrameHead& frame) const {
  if (frame.first != head_.position + 1) {
    return damaged(head_.position + 1, "a row is missing or out of place");
  }
  const bool begins_group = frame.first == group_first_;
  if (frame.recorded_at < head_.recorded_at || (!begins_group && frame.recorded_at != group_time_)) {
    return damaged(frame.first, "time goes back, or changes inside a group");
  }
  if (frame.ends_group && frame.group.first != group_first_) {
    return damaged(frame.first, "its group begins elsewhere than the group before ended");
  }
  return {};
}

Result<void> HistoryCheck::add(Bytes key, Bytes value) { return add(leaves_of_row(reader_, key, value)); }

Result<void> HistoryCheck::add(const RowLeaves& row) {
  const Result<FrameHead>& frame = row.head;
  if (!frame) {
    return tl::unexpected(frame.error());
  }
  if (Result<void> ordered = check_order(*frame); !ordered) {
    return ordered;
  }
  if (!row.leaves) {
    return tl::unexpected(row.leaves.error());
  }
  tree_.append(*row.leaves);
  head_.position = frame->last();
  group_time_ = frame->recorded_at;
  if (!frame->ends_group) {
    return {};
  }
  if (lineage_.branches_inside(group_first_, head_.position)) {
    return damaged(group_first_, "a branch begins inside its group");
  }
  const Hash root = tree_.root();
  const Hash chain = chain_hash(head_.chain, {.epoch = frame->group.epoch,
                                              .first = group_first_,
                                              .count = head_.position - group_first_ + 1,
                                              .recorded_at = frame->recorded_at,
                                              .root = root});
  if (chain != frame->group.chain || frame->group.epoch < head_.epoch) {
    return failed(ErrorKind::Corruption, "CHAIN_DIFFERS",
                  "the chain differs at the group of positions " + std::to_string(group_first_) +
                      " to " + std::to_string(head_.position) +
                      ": an event there, or before, is not the one that was recorded");
  }
  head_.root = root;
  head_.chain = lineage_.chain_after(head_.position, chain);
  head_.epoch = frame->group.epoch;
  head_.recorded_at = frame->recorded_at;
  group_first_ = head_.position + 1;
  ++groups_;
  return {};
}

Result<Head> HistoryCheck::end_of_part() const {
  if (group_first_ != head_.position + 1) {
    return damaged(group_first_, "the last group is not whole");
  }
  return head_;
}

Result<Head> HistoryCheck::end() const {
  if (head_.position < lineage_.branched_at()) {
    return damaged(head_.position + 1, "events that a branch shares with its origin are missing");
  }
  return end_of_part();
}

}  // namespace daybook::log
