#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/domain/result.h"

/// The bytes of the key store's files. Numbers are little-endian; a checksum is BLAKE2b-128 of what
/// is named.
///
///   keys/subjects
///        0  header    "DBKEYS01", epoch:u64, nonce[24], reference key wrapped[48], checksum[16] of
///        all before
///      512  slot 0    sequence:u64, committed:u64, checksum[16] of both and the epoch
///     1024  slot 1    the same; the valid one of the higher sequence counts
///     1536  batches   count:u32, 0:u32, checksum[16] of epoch, offset, count and entries, then
///     `count` entries
///           entry     kind:u8 (1 living, 2 erased), 0[7], key id[16], reference[16], nonce[24],
///           key wrapped[48];
///                     an erased one is zero behind its key id
///   keys/master-EPOCH "DBMASTER", epoch:u64, master key[32], checksum[16] of all before
///
/// A reference is BLAKE2b-128 of the subject under the reference key: no address stands on disk.
/// Keys are wrapped by XChaCha20-Poly1305 under the master key with epoch, key id and reference as
/// associated data.
///
/// Batches are appended and synced, then `committed` is set to their end in the older slot and
/// synced: what lies below it has to be whole; a batch behind it that is not whole was never used.
namespace daybook::codec {

using KeyId16 = std::array<std::byte, 16>;
using Key32 = std::array<std::byte, 32>;

inline constexpr std::size_t kHeaderBytes = 104;
inline constexpr std::size_t kSlotOffset[2] = {512, 1024};
inline constexpr std::size_t kSlotBytes = 32;
inline constexpr std::size_t kFirstBatch = 1536;
inline constexpr std::size_t kBatchHeadBytes = 24;
inline constexpr std::size_t kEntryBytes = 112;
inline constexpr std::size_t kNonceBytes = 24;
inline constexpr std::size_t kTagBytes = 16;

struct KeyHeader {
  std::uint64_t epoch = 0;
  std::array<std::byte, kNonceBytes> nonce{};
  std::array<std::byte, 48> wrapped_reference_key{};
};

struct KeySlot {
  std::uint64_t sequence = 0;
  std::uint64_t committed = 0;
};

struct KeyEntry {
  bool erased = false;
  KeyId16 id{};
  KeyId16 reference{};
  std::array<std::byte, kNonceBytes> nonce{};
  std::array<std::byte, 48> wrapped_key{};
};

/// A subjects' file as read.
struct KeyFile {
  KeyHeader header;
  KeySlot slot;
  int slot_index = 0;  ///< of the two, which one `slot` is
  std::vector<KeyEntry> entries;
  std::uint64_t end = 0;  ///< where the next batch goes
};

[[nodiscard]] std::string write_master(std::uint64_t epoch, const Key32& key);
[[nodiscard]] Result<Key32> read_master(std::string_view bytes, std::uint64_t epoch);

[[nodiscard]] std::string write_slot(const KeySlot& slot, std::uint64_t epoch);
[[nodiscard]] std::string write_batch(const std::vector<KeyEntry>& entries, std::uint64_t epoch,
                                      std::uint64_t offset);
/// A whole file of one batch, committed.
[[nodiscard]] std::string write_key_file(const KeyHeader& header,
                                         const std::vector<KeyEntry>& entries);
/// Errors: CORRUPTION, saying what is damaged.
[[nodiscard]] Result<KeyFile> read_key_file(std::string_view bytes);

}  // namespace daybook::codec
