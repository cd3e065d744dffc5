#include "ledger/log/found_rows.h"

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include <zstd.h>

#include "ledger/log/bytes.h"
#include "ledger/log/crc32c.h"

namespace daybook::log {
namespace {

constexpr std::size_t kTrailerBytes = 8;
constexpr std::size_t kInternalKeyBytes = kKeyBytes + kTrailerBytes;
constexpr std::size_t kBlockTrailerBytes = 5;
constexpr std::byte kTypeValue{1};
constexpr std::byte kCompressedZstd{7};
/// No block is longer: its target, and one row of the longest event, which may come last.
constexpr std::size_t kBlockBytesMax = std::size_t{4} << 20;

constexpr std::uint64_t kUncertain = 0;  ///< what was read behind a broken structure never stands against what was not

constexpr std::size_t kWalBlockBytes = 32'768;
constexpr std::size_t kWalHeadBytes = 7;
constexpr std::size_t kBatchHeadBytes = 12;
constexpr std::uint32_t kMaskDelta = 0xa282ead8U;
enum WalType : unsigned { kZero = 0, kFull = 1, kFirst = 2, kMiddle = 3, kLast = 4 };

/// Takes bytes apart from the front; what does not fit leaves it `broken`.
class Reader {
 public:
  explicit Reader(Bytes bytes) : rest_(bytes) {}

  [[nodiscard]] std::uint32_t varint() {
    std::uint32_t value = 0;
    for (unsigned shift = 0; shift < 32 && !rest_.empty(); shift += 7) {
      const auto byte = std::to_integer<std::uint32_t>(rest_.front());
      rest_ = rest_.subspan(1);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    broken_ = true;
    return 0;
  }

  [[nodiscard]] Bytes take(std::size_t size) {
    if (size > rest_.size()) {
      broken_ = true;
      return {};
    }
    const Bytes taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }

  [[nodiscard]] bool broken() const { return broken_; }
  [[nodiscard]] std::size_t left() const { return rest_.size(); }

 private:
  Bytes rest_;
  bool broken_ = false;
};

void offer(Bytes key, Bytes value, std::uint64_t sequence, const EachFound& each) {
  if (const Result<FrameHead> head = read_frame_head(key, value)) each({*head, sequence, key, value});
}

/// The entries at the front of `bytes`, and how many bytes they and their restart points take; 0: this is no block.
std::size_t read_entries(Bytes bytes, const EachFound& each) {
  std::array<std::byte, kInternalKeyBytes> key{};
  std::size_t restarts = 0;
  std::size_t at = 0;
  for (;;) {
    Reader entry(bytes.subspan(at));
    const std::size_t shared = entry.varint();
    const std::size_t rest = entry.varint();
    const std::size_t value_size = entry.varint();
    if (entry.broken() || shared + rest != kInternalKeyBytes) break;
    const Bytes key_rest = entry.take(rest);
    const Bytes value = entry.take(value_size);
    if (entry.broken()) break;
    std::copy(key_rest.begin(), key_rest.end(), key.begin() + static_cast<std::ptrdiff_t>(shared));
    restarts += shared == 0 ? 1 : 0;
    const Bytes whole(key);
    if (whole[kKeyBytes] == kTypeValue)
      offer(whole.first(kKeyBytes), value, (load<std::uint64_t>(whole.data() + kKeyBytes) >> 8) + 1, each);
    at = bytes.size() - entry.left();
  }
  const std::size_t tail = 4 * restarts + 4;
  if (restarts == 0 || bytes.size() - at < tail) return 0;
  return load<std::uint32_t>(bytes.data() + at + tail - 4) == restarts ? at + tail : 0;
}

/// The block at the front of `bytes` where it is a compressed one; how many bytes it takes, 0: it is none.
std::size_t read_compressed(Bytes bytes, std::vector<std::byte>& plain, const EachFound& each) {
  Reader head(bytes);
  const std::size_t size = head.varint();
  if (head.broken() || size == 0 || size > kBlockBytesMax) return 0;
  const Bytes frame = bytes.last(head.left());
  const std::size_t frame_size = ZSTD_findFrameCompressedSize(frame.data(), frame.size());
  if (ZSTD_isError(frame_size) != 0 || frame_size >= frame.size() || frame[frame_size] != kCompressedZstd) return 0;
  plain.resize(size);
  const std::size_t got = ZSTD_decompress(plain.data(), plain.size(), frame.data(), frame_size);
  if (ZSTD_isError(got) == 0 && got == size) (void)read_entries(plain, each);
  return bytes.size() - head.left() + frame_size;
}

std::uint32_t unmasked(std::uint32_t masked) {
  const std::uint32_t turned = masked - kMaskDelta;
  return (turned >> 17) | (turned << 15);
}

/// What of `entries` (of a batch) is one entry; false: it is none, or a broken one.
bool read_put(Reader& entries, Bytes& key, Bytes& value) {
  const Bytes tag = entries.take(1);
  if (tag.empty() || tag[0] != std::byte{1}) return false;
  key = entries.take(entries.varint());
  value = entries.take(entries.varint());
  return !entries.broken() && key.size() == kKeyBytes;
}

/// Do entries follow from here to the very end?
bool leads_to_the_end(Bytes entries) {
  Reader reader(entries);
  Bytes key;
  Bytes value;
  while (reader.left() > 0) {
    if (!read_put(reader, key, value)) return false;
  }
  return true;
}

/// The rows of one batch, `headless` where its beginning is lost. Where its structure is broken it goes on at the next place
/// from which entries lead to its end: a row that somebody wrote inside an event does not.
bool read_batch(Bytes batch, bool headless, const EachFound& each) {
  if (!headless && batch.size() < kBatchHeadBytes) return false;
  std::uint64_t sequence = headless ? kUncertain : load<std::uint64_t>(batch.data()) + 1;
  Bytes entries = headless ? batch : batch.subspan(kBatchHeadBytes);
  bool whole = !headless;
  while (!entries.empty()) {
    Reader reader(entries);
    Bytes key;
    Bytes value;
    if (read_put(reader, key, value)) {
      offer(key, value, sequence, each);
      sequence += sequence == kUncertain ? 0 : 1;
      entries = entries.last(reader.left());
      continue;
    }
    whole = false;
    sequence = kUncertain;
    do {
      entries = entries.subspan(1);
    } while (!entries.empty() && (entries[0] != std::byte{1} || !leads_to_the_end(entries)));
  }
  return whole;
}

}  // namespace

void rows_by_blocks(Bytes file, const EachFound& each) {
  std::vector<std::byte> plain;
  while (file.size() > kBlockTrailerBytes) {
    std::size_t taken = read_compressed(file, plain, each);
    if (taken == 0) taken = read_entries(file, each);
    if (taken == 0 || file.size() - taken < kBlockTrailerBytes) return;
    file = file.subspan(taken + kBlockTrailerBytes);
  }
}

FileFault rows_of_wal(Bytes file, const EachFound& each) {
  std::vector<std::byte> batch;
  bool open = false;
  bool headless = false;
  std::size_t faults = 0;
  const auto end_batch = [&] {
    if (open && !read_batch(batch, headless, each)) ++faults;
    open = false;
    headless = false;
    batch.clear();
  };
  for (std::size_t block = 0; block < file.size(); block += kWalBlockBytes) {
    Bytes rest = file.subspan(block, std::min(kWalBlockBytes, file.size() - block));
    while (rest.size() >= kWalHeadBytes) {
      const std::size_t size = load<std::uint16_t>(rest.data() + 4);
      const unsigned type = std::to_integer<unsigned>(rest[6]);
      const bool ends = type == kZero && size == 0 &&
                        std::all_of(rest.begin(), rest.end(), [](std::byte byte) { return byte == std::byte{0}; });
      if (ends) break;
      if (type < kFull || type > kLast || size > rest.size() - kWalHeadBytes) {
        ++faults;  // where the next record begins is not known; a block begins with one
        break;
      }
      const Bytes payload = rest.subspan(kWalHeadBytes, size);
      if (unmasked(load<std::uint32_t>(rest.data())) != crc32c(rest.subspan(6, size + 1))) ++faults;
      const bool begins = type == kFull || type == kFirst;
      if (begins) end_batch();
      headless = headless || (!begins && !open);
      open = true;
      batch.insert(batch.end(), payload.begin(), payload.end());
      if (type == kFull || type == kLast) end_batch();
      rest = rest.subspan(kWalHeadBytes + size);
    }
  }
  end_batch();
  if (faults == 0) return std::nullopt;
  return "has " + std::to_string(faults) + (faults == 1 ? " damaged record" : " damaged records");
}

}  // namespace daybook::log
