#include "ledger/log/tree_store.h"

#include <algorithm>
#include <cstring>

#include "ledger/log/bytes.h"

namespace daybook::log {
namespace {

constexpr std::string_view kFamily = "tree";
constexpr std::size_t kBlocksARow = 128;

std::array<std::byte, 8> row_key(std::uint64_t number) {
  std::array<std::byte, 8> key;
  store_big64(key.data(), number);
  return key;
}

}  // namespace

Result<std::vector<Hash>> load_blocks(Views& views) {
  const Result<Family> family = views.family(kFamily);
  if (!family) {
    return tl::unexpected(family.error());
  }
  std::vector<Hash> blocks;
  ViewCursor row(*family);
  for (row.seek_to_first(); row.valid(); row.next()) {
    const std::string_view value = row.value();
    if (row.key() != as_text(row_key(blocks.size() / kBlocksARow)) ||
        blocks.size() % kBlocksARow != 0 || value.size() % sizeof(Hash) != 0 ||
        value.size() > kBlocksARow * sizeof(Hash)) {
      break;
    }
    const std::size_t before = blocks.size();
    blocks.resize(before + value.size() / sizeof(Hash));
    std::memcpy(blocks.data() + before, value.data(), value.size());
  }
  if (const Result<void> status = row.status(); !status) {
    return tl::unexpected(status.error());
  }
  return blocks;
}

Result<void> save_blocks(Views& views, const Tree& tree, std::uint64_t& saved) {
  Result<Family> family = views.family(kFamily);
  if (!family) {
    return tl::unexpected(family.error());
  }
  std::uint64_t number = saved / kBlocksARow;  // the last row may have been short: written again
  std::vector<Hash> blocks;
  tree.blocks(number * kBlocksARow, blocks);
  const std::uint64_t now = number * kBlocksARow + blocks.size();
  if (now == saved) {
    return {};
  }
  ViewBatch batch(*family);
  for (std::size_t at = 0; at < blocks.size(); at += kBlocksARow, ++number) {
    const auto row = std::span(blocks).subspan(at, std::min(kBlocksARow, blocks.size() - at));
    batch.put(as_text(row_key(number)), as_text(std::as_bytes(row)));
  }
  if (Result<void> written = batch.write(); !written) {
    return written;
  }
  if (Result<void> flushed = family->flush(); !flushed) {
    return flushed;
  }
  saved = now;
  return {};
}

Result<void> drop_blocks(Views& views) { return views.drop(kFamily); }

}  // namespace daybook::log
