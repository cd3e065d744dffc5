#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/log/rng.h"

/// A disk in memory that knows the difference between what the running system sees and what would still be there after
/// the power failed. docs in README.md.
namespace daybook::simulation {

inline constexpr std::size_t kPageBytes = 4096;   ///< what a system writes back as one
inline constexpr std::size_t kSectorBytes = 512;  ///< what a disk writes as one

/// What becomes of writes and directory entries that no sync has covered.
enum class Loss : std::uint8_t {
  Process,  ///< nothing is lost: the process ended, not the machine
  Drop,     ///< all of it is lost
  Keep,     ///< all of it got to the disk by itself
  Prefix,   ///< pages and entries up to some point got there, in order
  Torn,     ///< the same, and the last page in part, in whole sectors
  Mixed,    ///< every file and directory one of the four above
  Zero,     ///< any pages, those that are missing between others read as zeros; any entries: harsher than file systems
            ///< that order their journal
};
[[nodiscard]] std::string_view name(Loss loss);
[[nodiscard]] std::optional<Loss> parse_loss(std::string_view text);

struct Node;
using NodePtr = std::shared_ptr<Node>;  ///< of directory entries and of open files, which outlive them

/// A file or a directory.
struct Node {
  bool is_directory = false;

  std::string live;                // of a file: as the system sees it
  std::string durable;             //   as the disk has it
  std::string remembered;          //   as it was at the last `Disk::remember`
  std::set<std::uint64_t> dirty;   // pages of `live` that no sync has covered
  std::set<std::uint64_t> lost;    // pages whose sync failed: the system thinks them clean, the disk has not got them
  bool sync_failed = false;        // in this life of the system

  std::map<std::string, NodePtr> entries;  // of a directory, likewise
  std::map<std::string, NodePtr> durable_entries;
  using Change = std::vector<std::pair<std::string, NodePtr>>;  // happens as one; null: the name goes
  std::vector<Change> pending;                                  // oldest first

  void write(std::uint64_t offset, std::string_view bytes);
  void truncate(std::uint64_t size);
  /// What is dirty gets to the disk.
  void sync();
  /// The sync failed: what was dirty is called clean and never written.
  void fail_sync();
  void change(Change change);
  void sync_entries();
};

class Disk {
 public:
  Disk();

  /// What is at an absolute path; null where there is nothing.
  [[nodiscard]] NodePtr find(std::string_view path) const;
  /// The directory that `path` is in (null where there is none) and the name there.
  [[nodiscard]] std::pair<NodePtr, std::string> place(std::string_view path) const;
  /// A directory that is on disk from the first, with those above it.
  void make_durable_directory(std::string_view path);

  /// The machine loses power, or the process ends; then the system comes up again.
  void crash(Loss loss, log::SeededRng& rng);
  /// Stale reads return what files hold now.
  void remember();

  /// Every file, by path.
  void each_file(const std::function<void(const std::string& path, Node& file)>& look);

 private:
  NodePtr root_;
};

}  // namespace daybook::simulation
