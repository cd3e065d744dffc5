#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/domain/rules/admit.h"
#include "ledger/engine/books.h"
#include "ledger/engine/stream_directory.h"

namespace daybook::engine {

/// What `admit` found for (subscription, meter, day, own value), remembered until the books change.
///
/// Usage comes in long runs of the same few meters, and nothing but a change of the books changes the answer.
/// A table of sets of two: what finds no place beside the two that came before costs an `admit` and nothing else. It begins
/// small and grows with what it misses, since a ledger that is opened for a question or two fills none of it.
class AdmissionCache {
 public:
  struct Answer {
    StreamNumber stream = 0;  ///< of the subscription's usage; 0: to be looked up
    std::uint8_t code = 0;    ///< Unmatched + 1; 0: it matches
    bool is_deleted = false;  ///< the subscription: nothing more is recorded on it
  };

  AdmissionCache() : sets_(kSetsAtFirst) {}

  [[nodiscard]] Answer answer(const Books& books, StreamDirectory& directory, std::string_view subscription_id,
                              std::string_view meter_id, const UsageKeys& usage);
  /// After a rollback: stream numbers may name other streams now.
  void forget() { ++epoch_; }

 private:
  struct Entry {
    std::uint64_t generation = 0;
    std::uint64_t epoch = 0;
    UsageKeys usage;
    StreamNumber stream = 0;
    std::uint8_t code = 0;
    bool is_deleted = false;
    std::string meter_id;
  };
  using Set = std::array<Entry, 2>;  ///< the newer one first
  static constexpr std::size_t kSetsAtFirst = 1u << 6;
  static constexpr std::size_t kSetsAtMost = 1u << 14;

  std::vector<Set> sets_;
  std::size_t misses_ = 0;  ///< since the table has this size
  std::uint64_t epoch_ = 1;
};

}  // namespace daybook::engine
