#include "ledger/domain/rules/billed_row.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "ledger/domain/sha256.h"

// leaf(row)         = SHA-256(0x00 ‖ position:u64 LE ‖ corrected_by:u64 LE)
// node(left, right) = SHA-256(0x01 ‖ left ‖ right)
namespace daybook {
namespace {

using Hash = std::array<std::uint8_t, 32>;

void store(char* to, std::uint64_t value) {
  for (int i = 0; i < 8; ++i) to[i] = static_cast<char>((value >> (8 * i)) & 0xFF);
}

Hash leaf_of(const BilledRow& row) {
  std::array<char, 17> bytes{};
  store(bytes.data() + 1, row.position);
  store(bytes.data() + 9, row.corrected_by);
  return sha256_of({bytes.data(), bytes.size()});
}

Hash node_of(const Hash& left, const Hash& right) {
  std::array<char, 65> bytes{};
  bytes[0] = '\x01';
  const auto after = std::copy(left.begin(), left.end(), bytes.begin() + 1);
  std::copy(right.begin(), right.end(), after);
  return sha256_of({bytes.data(), bytes.size()});
}

}  // namespace

std::vector<std::byte> rows_root(std::vector<BilledRow> rows) {
  std::sort(rows.begin(), rows.end());
  std::vector<Hash> edge;  // roots of the complete subtrees so far, the largest first
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Hash node = leaf_of(rows[i]);
    for (std::size_t size = i; (size & 1) != 0; size >>= 1) {
      node = node_of(edge.back(), node);
      edge.pop_back();
    }
    edge.push_back(node);
  }
  Hash root = edge.empty() ? sha256_of({}) : edge.back();
  for (std::size_t i = edge.size(); i > 1; --i) root = node_of(edge[i - 2], root);
  std::vector<std::byte> bytes(root.size());
  std::transform(root.begin(), root.end(), bytes.begin(),
                 [](std::uint8_t byte) { return static_cast<std::byte>(byte); });
  return bytes;
}

}  // namespace daybook
