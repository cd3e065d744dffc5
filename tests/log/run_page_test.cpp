#include "ledger/log/run_page.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "ledger/log/bytes.h"
#include "ledger/log/run.h"
#include "ledger/log/run_rows.h"
#include "tests/log/log_fixture.h"

namespace daybook::log {
namespace {

using testing::TemporaryDirectory;

std::vector<RunEntry> unpacked(std::string page) {
  std::vector<RunEntry> out{{1, 2}};
  EXPECT_TRUE(unpack_page(page, out));
  EXPECT_EQ(out.front(), (RunEntry{1, 2}));
  out.erase(out.begin());
  return out;
}

TEST(RunPage, GivesBackItsEntriesInFewBytes) {
  SeededRng rng(5);
  for (const int key_bits : {0, 1, 8, 30, 47, 63, 64}) {
    for (const int position_bits : {0, 7, 27, 48}) {
      for (const std::size_t count : {std::size_t{1}, std::size_t{2}, kPageEntries}) {
        const std::uint64_t key_from = key_bits == 64 ? 0 : rng.u64() >> 1;
        const auto bits = [&](int most) { return most == 64 ? rng.u64() : rng.u64() & ((std::uint64_t{1} << most) - 1); };
        std::vector<RunEntry> entries;
        for (std::size_t i = 0; i < count; ++i)
          entries.push_back({key_from + (bits(key_bits) & (UINT64_MAX - key_from)), 3 + bits(position_bits)});
        std::sort(entries.begin(), entries.end());
        const std::string page = packed_page(entries);
        EXPECT_EQ(unpacked(page), entries);
        const auto most = static_cast<std::size_t>((key_bits + 7) / 8 + (position_bits + 7) / 8);
        EXPECT_LE(page.size(), 20 + count * most) << key_bits << ' ' << position_bits;
      }
    }
  }
  const std::vector<RunEntry> extremes{{0, UINT64_MAX}, {0, 1}, {UINT64_MAX, 0}};
  EXPECT_EQ(unpacked(packed_page(extremes)), extremes);
}

TEST(RunPage, RefusesBytesThatAreNone) {
  const std::vector<RunEntry> entries{{10, 1}, {2'000'000, 300}};
  const std::string page = packed_page(entries);
  std::vector<RunEntry> out;
  const auto is_refused = [&](std::string bytes) { return !unpack_page(bytes, out) && out.empty(); };
  EXPECT_TRUE(is_refused(""));
  EXPECT_TRUE(is_refused(page.substr(0, 19)));
  EXPECT_TRUE(is_refused(page.substr(0, page.size() - 1)));
  EXPECT_TRUE(is_refused(page + "x"));
  std::string none = page.substr(0, 20);
  none[0] = 0;
  EXPECT_TRUE(is_refused(none));
  for (const std::size_t at : {std::size_t{2}, std::size_t{3}}) {
    std::string wide = page;
    wide[at] = 9;
    wide.resize(200);
    EXPECT_TRUE(is_refused(wide));
  }
}

/// As they were written before pages were packed: they count as long as no merge has read them.
TEST(RunPage, PlainPagesOfEarlierRunsAreRead) {
  const TemporaryDirectory directory;
  const auto views = std::move(Views::open(directory.path("views"), nullptr).value());
  const Family family = views->family("index").value();
  const std::vector<RunEntry> entries{{5, 9}, {7, 1}, {7, 0x1234'5678'9abc}, {UINT64_MAX, 2}};
  std::string page;
  for (const RunEntry& entry : entries) {
    std::array<std::byte, 16> bytes{};
    store(bytes.data(), entry.key);
    store(bytes.data() + 8, entry.position);
    page += as_text(Bytes(bytes).first(kPlainEntryBytes));
  }
  ViewBatch batch(family);
  batch.put(as_text(run_key(4, RunRow::Page, 0)), page);
  batch.put(as_text(run_key(4, RunRow::Fences, 0)), as_text(std::as_bytes(std::span(entries).first(1))));
  ASSERT_TRUE(batch.write());
  const auto run = Run::load(family, {.id = 4, .pages = 1, .entries = 4, .first = 1, .last = 0x1234'5678'9abc});
  ASSERT_TRUE(run);
  std::vector<Position> found;
  ASSERT_TRUE((*run)->find(7, 0, UINT64_MAX, 10, found));
  EXPECT_EQ(found, (std::vector<Position>{1, 0x1234'5678'9abc}));
  std::vector<RunEntry> all;
  ASSERT_TRUE((*run)->page(0, all));
  EXPECT_EQ(all, entries);
}

}  // namespace
}  // namespace daybook::log
