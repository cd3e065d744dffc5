#include "ledger/log/segment.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "ledger/log/bytes.h"
#include "ledger/log/frame.h"
#include "ledger/log/frame_head.h"
#include "tests/log/golden.h"
#include "tests/log/log_fixture.h"

namespace daybook::log {
namespace {

using testing::open_log;
using testing::random_group;
using testing::read_bytes;
using testing::small_options;
using testing::TemporaryDirectory;

constexpr SegmentRange kPlain{.from = 1, .to = 0, .form = SegmentForm::Plain};

const std::string kGolden = std::string(DAYBOOK_TEST_DATA) + "/logs";

TEST(GoldenLogs, AreWrittenTheSameForEver) {
  const TemporaryDirectory directory;
  testing::write_golden(directory.path("ledger"), directory.path());
  for (const char* name : {"v1.segment", "v1.json", "v2.segment", "v2.json"}) {
    EXPECT_TRUE(read_bytes(directory.path(name)) == read_bytes(kGolden + "/" + name)) << name;
  }
}

class GoldenLog : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Versions, GoldenLog, ::testing::Values("v1", "v2"));

TEST_P(GoldenLog, VerifiesToTheHeadThatStandsBesideIt) {
  const auto facts = verify_segment(kGolden + "/" + GetParam() + ".segment");
  ASSERT_TRUE(facts) << facts.error().detail;
  const std::string wanted = read_bytes(kGolden + "/" + GetParam() + ".json");
  const auto stands = [&](const std::string& text) {
    return wanted.find(text) != std::string::npos;
  };
  EXPECT_TRUE(stands("\"position\": " + std::to_string(facts->head.position) + ","));
  EXPECT_TRUE(stands("\"groups\": " + std::to_string(facts->groups) + ","));
  EXPECT_TRUE(stands("\"chain\": \"" + hex(facts->head.chain) + "\""));
  EXPECT_TRUE(stands("\"root\": \"" + hex(facts->head.root) + "\""));
}

class SegmentTest : public ::testing::Test {
 protected:
  SegmentTest() {
    const auto log = open_log(small_options(directory_.path("ledger")));
    for (std::uint64_t i = 0; i < 6; ++i) {
      log->append(random_group(i, 10 + i).records(), 5);
    }
    head_ = export_segment(*log, path(), kPlain).value();
    bytes_ = read_bytes(path());
  }

  [[nodiscard]] std::string path() const { return directory_.path("all.segment"); }

  TemporaryDirectory directory_{TemporaryDirectory::In::Memory};
  Head head_;
  std::string bytes_;
};

TEST_F(SegmentTest, HoldsTheWholeLog) {
  const auto facts = verify_segment(path());
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->head, head_);
  EXPECT_EQ(facts->groups, 6u);
  EXPECT_EQ(verify_segment(directory_.path("none")).error().code, "NOT_FOUND");
}

TEST_F(SegmentTest, AnEmptyLogHasOneToo) {
  const auto log = open_log(small_options(directory_.path("empty")));
  for (const SegmentForm form : {SegmentForm::Plain, SegmentForm::Signed}) {
    ASSERT_TRUE(export_segment(*log, path(), {.from = 1, .to = 0, .form = form}));
    const auto facts = verify_segment(path());
    ASSERT_TRUE(facts) << facts.error().detail;
    EXPECT_EQ(facts->head, log->head());
  }
}

TEST_F(SegmentTest, EveryTruncationAndEveryChangedByteIsRefused) {
  for (std::size_t size = 0; size < bytes_.size(); ++size) {
    ASSERT_FALSE(verify_segment_bytes(as_bytes(bytes_).first(size))) << size;
  }
  for (std::size_t at = 0; at < bytes_.size(); ++at) {
    std::string bad = bytes_;
    bad[at] = static_cast<char>(bad[at] ^ (1 << (at % 8)));
    ASSERT_FALSE(verify_segment_bytes(as_bytes(bad))) << at;
  }
}

TEST_F(SegmentTest, AForgerWhoMakesEveryChecksumRightIsStoppedByTheChainAtTheFirstPosition) {
  // The third group: positions 22 to 33.
  std::size_t at = 24;
  for (int row = 0; row < 2; ++row) {
    at += 8 + 10 + load<std::uint32_t>(as_bytes(bytes_).data() + at + 4);
  }
  const std::size_t value_size = load<std::uint32_t>(as_bytes(bytes_).data() + at + 4);
  std::string forged = bytes_;
  const std::span<std::byte> row =
      std::as_writable_bytes(std::span(forged)).subspan(at + 8, 10 + value_size);
  const std::span<std::byte> value = row.subspan(10);
  value[kGroupHeadBytes + kRecordHeadBytes] ^= std::byte{4};  // the first event's first byte
  store(value.data() + layout::kChecksum, row_checksum(row.first(10), value));
  const std::size_t end = forged.size() - 32;
  const Hash sum = sha256(as_bytes(forged).first(forged.size() - 56));
  std::copy(sum.begin(), sum.end(),
            std::as_writable_bytes(std::span(forged)).begin() + static_cast<std::ptrdiff_t>(end));
  const auto facts = verify_segment_bytes(as_bytes(forged));
  ASSERT_FALSE(facts);
  EXPECT_EQ(facts.error().code, "CHAIN_DIFFERS");
  EXPECT_NE(facts.error().detail.find("positions 22 to 33"), std::string::npos)
      << facts.error().detail;
}

}  // namespace
}  // namespace daybook::log
