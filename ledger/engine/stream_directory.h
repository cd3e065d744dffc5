#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/domain/event_types.h"

namespace daybook::engine {

/// The number of a stream, in order of first appearance from 1; 0 is "none".
using StreamNumber = std::uint32_t;

/// Every stream of the ledger: (type, id) → number, and its newest version.
///
/// A pure function of the log: numbers are given when a stream's first event is recorded. Lookups are one
/// probe of an open-addressing table over XXH3 of type and id, verified against the id itself.
class StreamDirectory {
 public:
  struct Stream {
    StreamType type{};
    std::uint32_t version = 0;  ///< of the newest event; versions count from 1
    std::string id;
  };

  StreamDirectory();

  /// The stream's number, or 0 when nothing was ever recorded on it.
  [[nodiscard]] StreamNumber find(StreamType type, std::string_view id) const;

  /// The stream's number; a new one, with version 0, when it is not there yet.
  StreamNumber find_or_add(StreamType type, std::string_view id);

  [[nodiscard]] const Stream& at(StreamNumber number) const { return streams_[number - 1]; }
  /// The version the stream's next event gets; counts it.
  std::uint32_t next_version(StreamNumber number) { return ++streams_[number - 1].version; }

  [[nodiscard]] StreamNumber size() const { return static_cast<StreamNumber>(streams_.size()); }

  /// Undo, for a body that is refused as a whole: forgets the newest stream.
  void remove_last();
  /// Undo of one `next_version`.
  void previous_version(StreamNumber number) { --streams_[number - 1].version; }

  /// Restores a stream read from a checkpoint; numbers must come in order.
  void restore(StreamType type, std::string id, std::uint32_t version);
  void set_version(StreamNumber number, std::uint32_t version) { streams_[number - 1].version = version; }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    StreamNumber number = 0;
  };

  [[nodiscard]] std::size_t slot_of(std::uint64_t hash, StreamType type, std::string_view id) const;
  void grow();

  std::vector<Stream> streams_;
  std::vector<Slot> slots_;  // a power of two, at most half full
};

}  // namespace daybook::engine
