#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <rocksdb/file_system.h>

#include "ledger/log/open_error.h"
#include "ledger/log/types.h"

/// DIR/witness: two slots that say what was acknowledged. docs/reference/log_format.md, section 6, has the
/// layout and the reasons.
namespace daybook::log {

/// What a slot says.
struct Testimony {
  std::uint64_t generation = 0;
  LedgerId ledger_id{};
  std::uint64_t epoch = 0;
  Position position = 0;
  Hash chain{};
  std::int64_t recorded_at = 0;
  friend bool operator==(const Testimony&, const Testimony&) = default;
};

inline constexpr std::size_t kWitnessSlotBytes = 128;
inline constexpr std::size_t kWitnessSlotApart = 4096;
inline constexpr std::size_t kWitnessFileBytes = 2 * kWitnessSlotApart;

[[nodiscard]] std::array<std::byte, kWitnessSlotBytes> write_slot(const Testimony& testimony);

/// What lies in slot number `slot` (0 or 1); none where it is damaged, misplaced or empty.
[[nodiscard]] std::optional<Testimony> read_slot(Bytes bytes, unsigned slot);

class Witness {
 public:
  /// Makes the file of a ledger in which nothing has happened yet.
  [[nodiscard]] static rocksdb::IOStatus create(rocksdb::FileSystem& files, const std::string& path,
                                                const LedgerId& ledger, const Hash& chain);

  /// Makes the file of a ledger that begins with a history: both slots say `begun`, whatever its generation.
  [[nodiscard]] static rocksdb::IOStatus create(rocksdb::FileSystem& files, const std::string& path,
                                                Testimony begun);

  /// Reads what is there; `writable`: to write more. Errors: HistoryLost where it is missing or no slot counts; IoError.
  [[nodiscard]] static Opening<std::unique_ptr<Witness>> open(rocksdb::FileSystem& files, const std::string& path,
                                                              bool writable = true);

  /// The newest testimony.
  [[nodiscard]] const Testimony& newest() const { return newest_; }

  /// Has another process written since? To be asked before a group is written. An error of the disk counts
  /// as no: the write that follows will meet it.
  [[nodiscard]] bool overtaken() const;

  /// Writes the next generation and syncs it: from here on a group up to `position` may be acknowledged.
  [[nodiscard]] rocksdb::IOStatus write(std::uint64_t epoch, Position position, const Hash& chain,
                                        std::int64_t recorded_at);

 private:
  Witness() = default;

  std::unique_ptr<rocksdb::FSRandomRWFile> file_;
  Testimony newest_;
};

}  // namespace daybook::log
