#include "projections/usage/order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace daybook::projections {
namespace {

struct Item {
  std::uint64_t key;
  std::uint32_t came;  ///< as the how-manieth

  friend bool operator==(const Item&, const Item&) = default;
};

TEST(Order, IsThatOfAStableSortWhateverBytesDiffer) {
  std::mt19937_64 random(20'261'129);
  for (const std::uint64_t mask : {~std::uint64_t{0}, std::uint64_t{0x07ff'0000'001f}, std::uint64_t{0xff00'0000'0000'0000}, std::uint64_t{0}}) {
    for (const std::size_t count : {0U, 1U, 2U, 255U, 3'000U}) {
      std::vector<Item> items;
      for (std::uint32_t i = 0; i < count; ++i) items.push_back({random() & mask, i});
      std::vector<Item> expected = items;
      std::stable_sort(expected.begin(), expected.end(), [](const Item& left, const Item& right) { return left.key < right.key; });
      order_by(items, [](const Item& item) { return item.key; });
      EXPECT_EQ(items, expected) << std::hex << mask << " " << std::dec << count;
    }
  }
}

}  // namespace
}  // namespace daybook::projections
