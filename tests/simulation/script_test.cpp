#include "tests/simulation/script.h"

#include <set>
#include <stdexcept>

#include <gtest/gtest.h>

#include "tests/simulation/shrink.h"
#include "tests/simulation/simulation.h"

namespace daybook::simulation {
namespace {

TEST(Scripts, AreReadAsTheyAreWritten) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const Script script = script_of(seed);
    EXPECT_EQ(parse_script(to_text(script)), script) << to_text(script);
  }
}

TEST(Scripts, OfASeedAreTheSameForEver) { EXPECT_EQ(script_of(17), script_of(17)); }

TEST(Scripts, SayWhichLineIsWrong) {
  EXPECT_THROW(static_cast<void>(parse_script("facts 1 2 3")), std::runtime_error);
  EXPECT_THROW(static_cast<void>(parse_script("life crash loss=much")), std::runtime_error);
  EXPECT_THROW(static_cast<void>(parse_script("life crash\n  fly 7")), std::runtime_error);
}

TEST(Scripts, HaveEveryMisfortune) {
  std::set<Loss> losses;
  std::set<Effect> effects;
  std::uint64_t calm = 0;
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    bool quiet = true;
    for (const Life& life : script_of(seed).lives) {
      losses.insert(life.loss);
      if (life.rule) effects.insert(life.rule->effect);
      quiet = quiet && !life.rule && life.cut == 0 && !life.room;
    }
    calm += quiet ? 1u : 0u;
  }
  EXPECT_EQ(losses.size(), 7u);
  EXPECT_GE(effects.size(), 6u);
  EXPECT_GT(calm, 150u);
  EXPECT_LT(calm, 300u);
}

TEST(Shrinking, LeavesWhatMatters) {
  // What fails here is that fact 77 is sent in a life that loses what was torn.
  const auto fails = [](const Script& script) {
    for (const Life& life : script.lives) {
      for (const Step& step : life.steps) {
        if (life.loss == Loss::Torn && step.kind == Step::Kind::Facts && step.first <= 77 && 77 < step.first + step.count) {
          return true;
        }
      }
    }
    return false;
  };
  Script script;
  for (std::uint64_t seed = 0; !fails(script); ++seed) {
    ASSERT_LT(seed, 10'000u);
    script = script_of(seed);
  }
  const Script small = shrink(script, fails);
  ASSERT_EQ(small.lives.size(), 1u);
  EXPECT_EQ(small.lives[0].loss, Loss::Torn);
  ASSERT_EQ(small.lives[0].steps.size(), 1u);
  EXPECT_EQ(small.lives[0].steps[0].bodies, 1u);
  EXPECT_FALSE(small.lives[0].rule.has_value());
}

TEST(Simulations, CountWhatHappened) {
  Script script;
  script.lives.resize(2);
  script.lives[0].steps = {{.kind = Step::Kind::Facts, .first = 0, .count = 12}};
  script.lives[1].rule = Rule{.op = Op::Open, .kind = FileKind::Witness, .views = false};
  EXPECT_EQ(play(script, 1).failure, "");
  EXPECT_EQ(play(script, 1).stops, 1u);
  EXPECT_EQ(play(script, 1).rounds, 3u);
}

}  // namespace
}  // namespace daybook::simulation
