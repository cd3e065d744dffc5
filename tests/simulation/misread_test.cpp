#include <array>

#include <gtest/gtest.h>

#include "tests/simulation/simulation.h"
#include "tests/simulation/sweep.h"

/// Something else is read than was written: it is refused, or it makes no difference. A wrong answer never comes of it.
namespace daybook::simulation {
namespace {

class Misread : public ::testing::TestWithParam<Effect> {};

TEST_P(Misread, IsRefusedOrHarmless) {
  constexpr std::array kKinds = {FileKind::Wal,     FileKind::Sst,     FileKind::Manifest,
                                 FileKind::Current, FileKind::Witness, FileKind::Format};
  const std::uint64_t most = is_whole_sweep() ? 400 : 12;
  const std::uint64_t stride = is_whole_sweep() ? 1 : 4;
  std::uint64_t refused = 0;
  std::uint64_t met = 0;
  for (const FileKind kind : kKinds) {
    for (std::uint64_t nth = 1; nth <= most; nth += stride) {
      const Rule rule{.op = Op::Read, .kind = kind, .views = false, .nth = nth, .effect = GetParam()};
      const Script script = short_life(rule, false, Loss::Drop);
      const Outcome outcome = play(script, nth);
      ASSERT_EQ(outcome.failure, "") << to_text(script);
      if (outcome.fired == 0) break;
      ++met;
      refused += outcome.refusals;
    }
  }
  EXPECT_GT(met, 5u);
  // An old witness beside a log that is no further than two groups is what a crash leaves, too.
  EXPECT_GT(refused, 0u);
}

INSTANTIATE_TEST_SUITE_P(Of, Misread,
                         ::testing::Values(Effect::ShortRead, Effect::FlipBit, Effect::ZeroSector, Effect::Misdirect,
                                           Effect::Stale),
                         [](const auto& parameter) { return std::string(name(parameter.param)); });

}  // namespace
}  // namespace daybook::simulation
