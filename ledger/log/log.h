#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "ledger/domain/result.h"
#include "ledger/log/exit_code.h"
#include "ledger/log/fail_stop.h"
#include "ledger/log/hash.h"
#include "ledger/log/seams.h"
#include "ledger/log/types.h"
#include "ledger/log/views.h"

namespace daybook::log {

/// Limits of the format; breaking one is a programmer's mistake (LEDGER_INVARIANT).
inline constexpr std::size_t kEventBytesMax = 1u << 20;
inline constexpr std::size_t kGroupBytesMax = 16u << 20;  ///< raw: 16 + size, padded to 8, an event

/// What the caller brings for one event. `event` must stay there until `append` returns.
struct NewRecord {
  std::uint32_t stream = 0;   ///< number of its stream, in order of first appearance
  std::uint32_t version = 0;  ///< its place in the stream, from 1
  std::uint16_t type = 0;
  std::uint8_t code = 0;      ///< what admission found; 0: nothing
  Bytes event;                ///< canonical event bytes, 1 to kEventBytesMax
  Hash leaf{};                ///< leaf_hash(event), made where the bytes were made
};

/// One event of the log, while the frame it lies in is in hand.
struct RecordView {
  Position position = 0;
  std::int64_t recorded_at = 0;  ///< microseconds, UTC; never descends
  std::uint32_t stream = 0;
  std::uint32_t version = 0;
  std::uint16_t type = 0;
  std::uint8_t code = 0;
  Bytes event;  ///< 8-byte aligned
};

/// One event, with bytes of its own.
struct StoredRecord {
  Position position = 0;
  std::int64_t recorded_at = 0;
  std::uint32_t stream = 0;
  std::uint32_t version = 0;
  std::uint16_t type = 0;
  std::uint8_t code = 0;
  std::vector<std::byte> event;
};

/// The newest of the log, or the state after some group.
struct Head {
  Position position = 0;         ///< of the last event; 0 in an empty log
  Hash chain{};                  ///< after the group that ends there
  Hash root{};                   ///< of the tree over events 1 … position
  std::uint64_t epoch = 0;       ///< under which that group was written; 0 in an empty log
  std::int64_t recorded_at = 0;  ///< of that group
  LedgerId ledger_id{};
  friend bool operator==(const Head&, const Head&) = default;
};

/// A head with the ledger's Ed25519 signature over it: docs/reference/log_format.md, "Signed head".
struct SignedHead {
  Head head;
  std::array<std::byte, 32> public_key{};
  std::array<std::byte, 64> signature{};
};

/// Why a ledger does not open, and how the process ends for it. `detail` names the file and positions and
/// says what to do.
struct OpenError {
  ExitCode exit_code = ExitCode::Failed;
  std::string detail;
};

/// How frames are compressed on their way to the disk. Any log holds any mixture.
enum class Codec : std::uint8_t { Raw = 0, Zstd = 1, Lz4 = 2 };

struct Options {
  std::string directory;             ///< DIR; made (0700) if it is not there
  Codec codec = Codec::Zstd;
  bool create = true;                ///< false: an absent ledger is an error (Format)
  bool host_permissions = true;      ///< check and set modes on the host; false on a simulated disk
  bool open_views = true;            ///< false: DIR/views is left alone, the tree is built from the log
  std::size_t write_buffer_bytes = 64u << 20;
  Views::Options views;
  OnIoFailure on_io_failure = end_process;
};

/// Bit of a type in a type mask.
[[nodiscard]] constexpr std::uint64_t type_bit(std::uint16_t type) { return 1ull << (type % 64); }
inline constexpr std::uint64_t kAllTypes = ~0ull;

/// The ledger's log: one order, one tree, one chain. One thread appends; all else may be called from any.
class Log {
 public:
  using Opened = tl::expected<std::unique_ptr<Log>, OpenError>;

  /// Opens or makes the ledger in `options.directory` and proves that nothing acknowledged is missing: lock
  /// (73), permissions (71), FORMAT (78), witness (77), the last groups' chain and root (76). Takes a new
  /// epoch. What lies deeper in the log is proven when it is read, or by `verify`.
  [[nodiscard]] static Opened open(const Options& options, const Seams& seams);

  /// Closes; what was appended is durable already. Views stay usable by those who hold them.
  ~Log();

  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  /// Writes ONE commit group and returns when it is durable: frames, tree, chain, one synced batch, then
  /// the witness. Positions head+1 … head+n go to `records` in their order. `recorded_at` is
  /// max(now_micros, the last one). A failure of the disk ends the process with 74 (OnIoFailure); a higher
  /// epoch in the witness ends it with 73. No allocation per event after warm-up.
  /// 1 record at least, kGroupBytesMax at most (see `raw_bytes`).
  void append(std::span<const NewRecord> records, std::int64_t now_micros);

  /// What an event of `event_bytes` counts toward kGroupBytesMax.
  [[nodiscard]] static constexpr std::size_t raw_bytes(std::size_t event_bytes) {
    return 16 + (event_bytes + 7) / 8 * 8;
  }

  /// The newest durable state.
  [[nodiscard]] Head head() const;

  /// `head().position`, without a lock.
  [[nodiscard]] Position position() const;

  /// The epoch of this opening: one higher than any before.
  [[nodiscard]] std::uint64_t epoch() const;

  [[nodiscard]] const LedgerId& ledger_id() const;

  /// One event. Errors: NOT_FOUND beyond the head; LOG_DAMAGED (Corruption).
  [[nodiscard]] Result<StoredRecord> read(Position position) const;

  /// All events at `from` … `to` (inclusive) of frames that hold a type of `type_mask`, in order, a frame
  /// (some 64 KiB) at a time. Records of other types in such a frame come too: look at `type`. `each`
  /// returns false to stop early. Checks checksums and that no position is missing. `to` beyond the head
  /// means the head. Disjoint ranges may be scanned by several threads at once.
  /// Errors: LOG_DAMAGED (Corruption), naming positions.
  using EachFrame = std::function<bool(std::span<const RecordView>)>;
  [[nodiscard]] Result<void> scan_frames(Position from, Position to, const EachFrame& each,
                                         std::uint64_t type_mask = kAllTypes) const;

  /// `scan_frames`, a record at a time, those of `type_mask` only. `each(const RecordView&)` returns void.
  template <class Each>
  [[nodiscard]] Result<void> scan(Position from, Position to, Each&& each,
                                  std::uint64_t type_mask = kAllTypes) const {
    return scan_frames(
        from, to,
        [&](std::span<const RecordView> records) {
          for (const RecordView& record : records) {
            if ((type_bit(record.type) & type_mask) != 0) {
              each(record);
            }
          }
          return true;
        },
        type_mask);
  }

  /// When the event at `position` was recorded. Errors as `read`.
  [[nodiscard]] Result<std::int64_t> recorded_at(Position position) const;

  /// The last position recorded at or before `micros`; 0 where there is none.
  [[nodiscard]] Result<Position> position_at(std::int64_t micros) const;

  /// The head after the group that `position` belongs to ends (position is rounded up to it).
  [[nodiscard]] Result<Head> group_end(Position position) const;

  // The tree (RFC 9162): leaf n is position n + 1 ---------------------------------------------------

  /// Root of the first `size` events. Errors: NOT_FOUND where size is beyond the head; LOG_DAMAGED.
  [[nodiscard]] Result<Hash> root_at(std::uint64_t size) const;

  /// Audit path of the event at `position` in the tree of the first `size` events.
  [[nodiscard]] Result<std::vector<Hash>> inclusion_proof(Position position, std::uint64_t size) const;

  /// Proof that the tree of `old_size` is a prefix of the tree of `size`.
  [[nodiscard]] Result<std::vector<Hash>> consistency_proof(std::uint64_t old_size,
                                                            std::uint64_t size) const;

  /// `head()` signed with DIR/keys/log_signing.
  [[nodiscard]] SignedHead signed_head() const;

  /// Writes the tree's subtree roots so far to views/, so that the next open need not hash again. Call now
  /// and then from a background thread, and before closing. Losing them costs time, nothing else.
  [[nodiscard]] Result<void> save_tree();

  /// Reads everything: checksums, density, leaves, tree, chain, order of time. `progress(position)` is
  /// called now and then, may be empty. Errors: LOG_DAMAGED (bytes), CHAIN_DIFFERS (hashes), each with the
  /// first bad position.
  [[nodiscard]] Result<Head> verify(const std::function<void(Position)>& progress = {}) const;

  /// DIR/views. Never null when `options.open_views`.
  [[nodiscard]] Views* views() const;

  /// The file system for what must never fail silently: keys/ of others (fail-stop).
  [[nodiscard]] const std::shared_ptr<rocksdb::FileSystem>& trusted_files() const;

  [[nodiscard]] const std::string& directory() const;

  /// Bytes of DIR/log on disk.
  [[nodiscard]] std::uint64_t disk_bytes() const;

 private:
  struct State;
  explicit Log(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Is `proof` the audit path of `leaf` at `position` under `root` of `size` events? Needs no log.
[[nodiscard]] bool verify_inclusion(const Hash& leaf, Position position, std::uint64_t size,
                                    std::span<const Hash> proof, const Hash& root);

/// Does `proof` show that `old_root` of `old_size` is a prefix of `root` of `size`?
[[nodiscard]] bool verify_consistency(std::uint64_t old_size, const Hash& old_root, std::uint64_t size,
                                      const Hash& root, std::span<const Hash> proof);

/// The bytes that a signed head signs.
[[nodiscard]] std::vector<std::byte> signed_bytes(const Head& head);

/// Is the signature that of `signed_head.public_key` over `signed_head.head`?
[[nodiscard]] bool verify_signature(const SignedHead& signed_head);

}  // namespace daybook::log
