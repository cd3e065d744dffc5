#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "ledger/log/frame.h"
#include "ledger/log/types.h"

/// Rows of the log in files that a database no longer opens. A row has a checksum of its own over key and value, so what is
/// found here is as it was written, whatever surrounds it.
namespace daybook::log {

/// One whole row. `sequence` is one more than the number its write had in the database: of two rows the higher one counts;
/// 0 where the structure around it was broken.
struct FoundRow {
  FrameHead head;
  std::uint64_t sequence = 0;
  Bytes key;    ///< valid during the call
  Bytes value;  ///< the same
};
using EachFound = std::function<void(const FoundRow&)>;

/// What is wrong with a file, as a sentence without its name; nothing: it read well.
using FileFault = std::optional<std::string>;

/// Whether a table file opens: its footer, properties and index, not its rows.
[[nodiscard]] FileFault fault_of_table(const std::string& path);

/// The rows of a table file through its own index, over blocks that are damaged; none where the index is.
[[nodiscard]] FileFault rows_by_index(const std::string& path, const EachFound& each);

/// The rows of a table file (RocksDB's block-based format) from its first block on, without its index: as far as one block
/// leads to the next. A block: entries (shared: varint, rest: varint, size of value: varint, rest of key, value), the last
/// eight bytes of a key being sequence:56 and type:8; restart points, u32 each, and their number; or all of that as
/// size: varint and a zstd frame. Then the compression:u8 and a checksum[4]. Total on any bytes.
void rows_by_blocks(Bytes file, const EachFound& each);

/// The rows of a write-ahead log (RocksDB's, not recycled): blocks of 32 KiB of records {crc32c:u32 masked, size:u16, type:u8},
/// of which one or more make a batch {sequence:u64, count:u32, entries (tag:u8 = 1, size of key: varint, key, size of value:
/// varint, value)}. A damaged record leaves those beside it readable. Total on any bytes.
[[nodiscard]] FileFault rows_of_wal(Bytes file, const EachFound& each);

}  // namespace daybook::log
