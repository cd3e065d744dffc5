#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "ledger/domain/event_types.h"
#include "ledger/engine/stream_directory.h"
#include "ledger/log/log.h"

namespace daybook::engine {

/// The commit group that is being filled: records in order, with the bytes of those made here.
///
/// Only the sequencer touches it. Everything added after a savepoint can be taken back as one, together
/// with the stream numbers and versions it took, so that a body which is refused leaves no trace.
class Group {
 public:
  explicit Group(StreamDirectory& directory) : directory_(directory) {}

  /// Forgets the records and keeps the memory. `head` is the position of the newest event of the log.
  void begin(log::Position head);

  /// Adds an event whose bytes stay where they are until the group is written.
  log::Position add(log::Bytes event, const log::Hash& leaf, EventType type, StreamNumber stream,
                    std::uint8_t code) {
    records_.push_back(log::NewRecord{stream, directory_.next_version(stream), static_cast<std::uint16_t>(type),
                                      code, event, leaf});
    raw_bytes_ += log::Log::raw_bytes(event.size());
    return head_ + records_.size();
  }

  /// Keeps a copy of `event` for as long as the group lives.
  [[nodiscard]] log::Bytes keep(log::Bytes event);

  /// The number of a stream, taken now if it is new.
  [[nodiscard]] StreamNumber stream(StreamType type, std::string_view id);

  [[nodiscard]] log::Position next_position() const { return head_ + records_.size() + 1; }
  [[nodiscard]] std::size_t raw_bytes() const { return raw_bytes_; }
  [[nodiscard]] bool empty() const { return records_.empty(); }
  [[nodiscard]] const std::vector<log::NewRecord>& records() const { return records_; }
  /// The record at `position` if it is in this group, else null.
  [[nodiscard]] const log::NewRecord* find(log::Position position) const {
    return position > head_ && position <= head_ + records_.size() ? &records_[position - head_ - 1] : nullptr;
  }

  struct Savepoint {
    std::size_t records;
    std::size_t raw_bytes;
    StreamNumber streams;
  };
  [[nodiscard]] Savepoint savepoint() const { return {records_.size(), raw_bytes_, directory_.size()}; }
  void roll_back(const Savepoint& savepoint);

 private:
  StreamDirectory& directory_;
  log::Position head_ = 0;
  std::size_t raw_bytes_ = 0;
  std::vector<log::NewRecord> records_;
  std::deque<std::vector<std::byte>> kept_;
  std::size_t kept_used_ = 0;
};

}  // namespace daybook::engine
