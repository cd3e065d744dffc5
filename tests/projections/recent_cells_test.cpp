#include "projections/usage/recent_cells.h"

#include <gtest/gtest.h>

namespace daybook::projections {
namespace {

std::string found(const RecentCells& cells, std::uint32_t stream, int day, std::uint32_t part) {
  const std::string* value = cells.find(stream, Date{day}, part);
  return value != nullptr ? *value : "unknown";
}

TEST(RecentCells, KeepTheNewestDayOfAStreamAndPart) {
  RecentCells cells(10);
  cells.keep(1, Date{5}, 7, "a");
  EXPECT_EQ(found(cells, 1, 5, 7), "a");
  EXPECT_EQ(found(cells, 1, 6, 7), "unknown");
  EXPECT_EQ(found(cells, 1, 5, 8), "unknown");
  EXPECT_EQ(found(cells, 2, 5, 7), "unknown");
  cells.keep(1, Date{5}, 7, "b");
  EXPECT_EQ(found(cells, 1, 5, 7), "b");
  cells.keep(1, Date{4}, 7, "older");
  EXPECT_EQ(found(cells, 1, 5, 7), "b");
  EXPECT_EQ(found(cells, 1, 4, 7), "unknown");
  cells.keep(1, Date{6}, 7, "");
  EXPECT_EQ(found(cells, 1, 6, 7), "");
  EXPECT_EQ(found(cells, 1, 5, 7), "unknown");
}

TEST(RecentCells, AreThrownAwayAllAtOnceAndSaySo) {
  RecentCells cells(2);
  const std::uint64_t generation = cells.generation();
  cells.keep(1, Date{5}, 7, "a");
  cells.keep(2, Date{5}, 7, "b");
  cells.keep(2, Date{5}, 7, "c");
  EXPECT_EQ(cells.generation(), generation);
  cells.keep(3, Date{5}, 7, "d");
  EXPECT_NE(cells.generation(), generation);
  EXPECT_EQ(found(cells, 1, 5, 7), "unknown");
  EXPECT_EQ(found(cells, 3, 5, 7), "d");
  // None may be kept: each is thrown away by the next.
  RecentCells none(0);
  none.keep(1, Date{5}, 7, "a");
  none.keep(1, Date{5}, 8, "b");
  EXPECT_EQ(found(none, 1, 5, 7), "unknown");
}

}  // namespace
}  // namespace daybook::projections
