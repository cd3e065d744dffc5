#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "ledger/codec/random_values.h"
#include "projections/row_key.h"
#include "projections/rows.h"
#include "tests/projections/view_ledger.h"

namespace daybook::projections::testing {
namespace {

TEST(RowKey, OrdersBytesAsWhatTheyName) {
  EXPECT_LT(KeyWriter().day(Date{-1}).key(), KeyWriter().day(Date{0}).key());
  EXPECT_LT(KeyWriter().day(Date::of(2024, 1, 31)).key(),
            KeyWriter().day(Date::of(2024, 2, 1)).key());
  EXPECT_GT(KeyWriter().day_newest_first(Date{-1}).key(),
            KeyWriter().day_newest_first(Date{0}).key());
  EXPECT_GT(KeyWriter().newest_first(1).key(), KeyWriter().newest_first(2).key());
  EXPECT_LT(KeyWriter().text("a").u8(0xff).key(), KeyWriter().text("ab").u8(0).key());
  EXPECT_LT(KeyWriter().text(std::string_view("a\0", 2)).key(),
            KeyWriter().text(std::string_view("a\1", 2)).key());
}

TEST(RowKey, ReadsBackWhatItWrote) {
  const std::string text("with\0zero\xff", 10);
  const std::string key = KeyWriter()
                              .u8(7)
                              .text(text)
                              .u16(65535)
                              .day(Date{-5})
                              .day_newest_first(Date{9})
                              .newest_first(12)
                              .u32(3)
                              .take();
  KeyReader reader(key);
  EXPECT_EQ(reader.u8(), 7);
  EXPECT_EQ(reader.text(), text);
  EXPECT_EQ(reader.u16(), 65535);
  EXPECT_EQ(reader.day(), Date{-5});
  EXPECT_EQ(reader.day_newest_first(), Date{9});
  EXPECT_EQ(reader.newest_first(), 12U);
  EXPECT_EQ(reader.u32(), 3U);
  EXPECT_TRUE(reader.done());
}

TEST(RowKey, EndsThePrefixBehindAllItsKeys) {
  EXPECT_EQ(after_prefix("ab"), "ac");
  EXPECT_EQ(after_prefix("a\xff"), "b");
  EXPECT_EQ(after_prefix("\xff\xff"), "");
}

TEST(StateHash, IsASumThatRowsEnterAndLeaveInAnyOrder) {
  codec::RandomValues random(5);
  std::vector<std::pair<std::string, std::string>> rows;
  for (int i = 0; i < 200; ++i) rows.emplace_back("key" + std::to_string(i), random.text(0, 200));
  StateHash forward;
  StateHash backward;
  for (const auto& [key, value] : rows) forward.add(key, value);
  for (const auto& [key, value] : rows) {
    backward.add(key, "for now");
    backward.add(key, value);
  }
  std::reverse(rows.begin(), rows.end());
  for (const auto& [key, value] : rows) backward.subtract(key, "for now");
  EXPECT_EQ(forward, backward);
  EXPECT_EQ(StateHash::from_bytes(forward.bytes()), forward);
  for (const auto& [key, value] : rows) forward.subtract(key, value);
  EXPECT_EQ(forward, StateHash());
  EXPECT_EQ(forward.hex(), std::string(64, '0'));
  forward.add("a", "bc");
  backward = StateHash();
  backward.add("ab", "c");
  EXPECT_NE(forward, backward) << "a key ends where it ends";
}

/// SHA-256 of 01000000 6b 76, by sha256sum.
TEST(StateHash, IsThatOfSha256) {
  StateHash hash;
  hash.add("k", "v");
  EXPECT_EQ(hash.hex(), "3b9fe992f2942b067c5b7427ffa42556606e778d4c859bc297f8af7ab5bf46a5");
}

class RowsTest : public ::testing::Test {
 protected:
  void commit(Rows& rows) {
    log::ViewBatch batch(family_);
    for (const auto& [key, value] : rows.seal()) {
      if (value) {
        batch.put(key, *value);
      } else {
        batch.erase(key);
      }
    }
    ASSERT_TRUE(batch.write());
    hash_.add(rows.hash());
    count_ += rows.logical_rows();
  }

  ViewLedger ledger_;
  log::Family family_ = ledger_.log().views()->family("rows_test").value();
  StateHash hash_;
  std::int64_t count_ = 0;
};

TEST_F(RowsTest, ReadAtAnyPosition) {
  Rows first(family_);
  first.put_version("status", 3, "Due");
  first.put_version("status", 3, "Due, corrected by the same event");
  first.put_version("status", 9, "Paid");
  EXPECT_EQ(first.newest("status"), "Paid");
  EXPECT_EQ(first.newest("stat"), std::nullopt);
  commit(first);
  Rows second(family_);
  EXPECT_EQ(second.newest("status"), "Paid");
  second.put_version("status", 12, "Void");
  commit(second);
  RowReader reader(family_);
  EXPECT_FALSE(reader.newest("status", 2));
  EXPECT_EQ(reader.newest("status", 3)->value, "Due, corrected by the same event");
  EXPECT_EQ(reader.newest("status", 8)->position, 3U);
  EXPECT_EQ(reader.newest("status", 11)->value, "Paid");
  EXPECT_EQ(reader.newest("status")->value, "Void");
  EXPECT_FALSE(reader.newest("statu"));
  EXPECT_EQ(count_, 3);
}

TEST_F(RowsTest, CountAHeadRowOnceHoweverOftenItChanges) {
  Rows first(family_);
  first.put("n", "1");
  first.put("n", "2");
  first.put("gone", "x");
  first.erase("gone");
  commit(first);
  Rows second(family_);
  EXPECT_EQ(second.get("n"), "2");
  EXPECT_EQ(second.get("gone"), std::nullopt);
  second.put("n", "3");
  second.put_new("other", "y");
  commit(second);
  StateHash expected;
  expected.add("n", "3");
  expected.add("other", "y");
  EXPECT_EQ(hash_, expected);
  EXPECT_EQ(count_, 2);
  Rows third(family_);
  third.erase("n");
  third.erase("other");
  commit(third);
  EXPECT_EQ(hash_, StateHash());
  EXPECT_EQ(count_, 0);
}

TEST_F(RowsTest, ReadAViewAsItWasWhenTheReaderFirstLooked) {
  Rows first(family_);
  first.put("n", "1");
  commit(first);
  RowReader reader(family_);
  EXPECT_EQ(reader.get("n"), "1");
  Rows second(family_);
  second.put("n", "2");
  commit(second);
  EXPECT_EQ(reader.get("n"), "1");
  EXPECT_EQ(RowReader(family_).get("n"), "2");
}

}  // namespace
}  // namespace daybook::projections::testing
