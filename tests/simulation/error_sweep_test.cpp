#include <array>
#include <string>

#include <gtest/gtest.h>

#include "tests/simulation/simulation.h"
#include "tests/simulation/sweep.h"

/// Every N-th call of the disk fails, for every N of a short life: nothing is acknowledged after it, no sync is tried
/// again, and the next opening finds everything.
namespace daybook::simulation {
namespace {

/// Every how many operations `./check` looks.
constexpr std::uint64_t kStride = 8;

std::string text_of(const Rule& rule, bool first, Loss loss) { return to_text(short_life(rule, first, loss)); }

class ErrorSweep : public ::testing::TestWithParam<Op> {
 protected:
  /// How many operations there were to fail.
  static std::uint64_t sweep(Rule rule, std::uint64_t stride, bool first) {
    std::uint64_t failed = 0;
    for (rule.nth = 1 + (first ? 0 : stride / 2);; rule.nth += stride) {
      // What a failed write or sync left may be there, or not.
      const Loss loss = rule.nth / stride % 2 == 0 ? Loss::Drop : Loss::Process;
      const Outcome outcome = play(short_life(rule, first, loss), rule.nth);
      EXPECT_EQ(outcome.failure, "") << text_of(rule, first, loss);
      if (::testing::Test::HasFailure() || outcome.fired == 0) return failed;
      if (rule.views == false) {
        EXPECT_EQ(outcome.stops, 1u) << text_of(rule, first, loss);
      }
      ++failed;
    }
  }
};

TEST_P(ErrorSweep, StopsAndLosesNothing) {
  constexpr std::array kKinds = {FileKind::Wal,     FileKind::Sst,     FileKind::Manifest,
                                 FileKind::Current, FileKind::Witness, FileKind::Keys};
  const std::uint64_t stride = is_whole_sweep() ? 1 : kStride;
  std::uint64_t failed = 0;
  for (const bool first : {true, false}) {
    if (GetParam() == Op::DirSync) {
      failed += sweep({.op = Op::DirSync, .views = false}, is_whole_sweep() ? 1 : 2, first);
      continue;
    }
    for (const FileKind kind : kKinds) failed += sweep({.op = GetParam(), .kind = kind, .views = false}, stride, first);
  }
  EXPECT_GT(failed, 1u);
  RecordProperty("operations", std::to_string(failed));
}

TEST_P(ErrorSweep, OfViewsHurtsNothingElse) {
  std::uint64_t failed = 0;
  for (const bool first : {true, false}) {
    failed += sweep({.op = GetParam(), .views = true}, is_whole_sweep() ? 1 : 5 * kStride, first);
  }
  EXPECT_GT(failed, 0u);
}

INSTANTIATE_TEST_SUITE_P(Of, ErrorSweep,
                         ::testing::Values(Op::Open, Op::Create, Op::Read, Op::Write, Op::Sync, Op::DirSync, Op::Rename,
                                           Op::Delete),
                         [](const auto& parameter) { return std::string(name(parameter.param)); });

TEST(FullDisk, StopsAndLosesNothing) {
  const std::uint64_t step = is_whole_sweep() ? 512 : 16'384;
  std::uint64_t full = 0;
  for (const bool first : {true, false}) {
    for (std::uint64_t room = 0;; room += step) {
      Script script = short_life({}, first, Loss::Drop);
      Life& struck = script.lives[first ? 0 : 1];
      struck.rule.reset();
      struck.room = room;
      const Outcome outcome = play(script, room);
      ASSERT_EQ(outcome.failure, "") << to_text(script);
      if (outcome.full == 0) break;
      ++full;
    }
  }
  EXPECT_GT(full, 10u);
}

}  // namespace
}  // namespace daybook::simulation
