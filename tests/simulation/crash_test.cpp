#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/simulation/simulation.h"

/// Ledgers that go down again and again, at any operation of the disk, with any of what was not synced: nothing that was
/// acknowledged is lost, doubled or moved, and what is derived is what the log says.
namespace daybook::simulation {
namespace {

/// Rounds of `./check`, in parts that may run side by side: 3,000, some 18 ms each with sanitizers.
constexpr std::uint64_t kParts = 4;
constexpr std::uint64_t kRoundsOfAPart = 750;
/// Seeds of a part lie so far apart.
constexpr std::uint64_t kApart = 1'000'000;

std::string advice(std::uint64_t seed, const Outcome& outcome) {
  return "in life " + std::to_string(outcome.life) + "; again: tests/simulation/simulate --seed " + std::to_string(seed) +
         " --shrink";
}

class Crashes : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(Crashes, LoseNothingThatWasAcknowledged) {
  std::uint64_t rounds = 0;
  std::uint64_t in_openings = 0;
  std::uint64_t stops = 0;
  for (std::uint64_t seed = GetParam() * kApart + 1; rounds < kRoundsOfAPart; ++seed) {
    const Outcome outcome = play(script_of(seed), seed);
    ASSERT_EQ(outcome.failure, "") << advice(seed, outcome);
    rounds += outcome.rounds;
    in_openings += outcome.cut_in_opening;
    stops += outcome.stops;
  }
  EXPECT_GT(in_openings * 100, rounds * 5) << "too few crashes while a ledger was being opened";
  EXPECT_GT(stops, 10u) << "too few errors of the disk";
  RecordProperty("rounds", std::to_string(rounds));
  RecordProperty("in_openings", std::to_string(in_openings));
}

INSTANTIATE_TEST_SUITE_P(Part, Crashes, ::testing::Range<std::uint64_t>(0, kParts));

TEST(Seeds, ThatEverFailedAreKeptAndPass) {
  std::ifstream list(std::string(DAYBOOK_SIMULATION) + "/seeds.txt");
  ASSERT_TRUE(list.is_open());
  std::size_t played = 0;
  for (std::string line; std::getline(list, line);) {
    std::istringstream words(line);
    std::string what;
    if (!(words >> what) || what.starts_with('#')) continue;
    std::uint64_t seed = 0;
    Script script;
    if (what.ends_with(".txt")) {
      ASSERT_TRUE(static_cast<bool>(words >> seed)) << line;
      std::ifstream file(std::string(DAYBOOK_SIMULATION) + "/kept/" + what);
      ASSERT_TRUE(file.is_open()) << what;
      script = parse_script({std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()});
    } else {
      seed = std::stoull(what);
      script = script_of(seed);
    }
    const Outcome outcome = play(script, seed);
    EXPECT_EQ(outcome.failure, "") << line << ": " << advice(seed, outcome);
    ++played;
  }
  EXPECT_GT(played, 0u);
}

TEST(Seeds, DoTheSameAgain) {
  constexpr std::uint64_t kSeeds = 12;
  std::uint64_t repeatable = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const Outcome once = play(script_of(seed), seed);
    const Outcome again = play(script_of(seed), seed);
    if (!once.repeatable || !again.repeatable) continue;
    ++repeatable;
    EXPECT_EQ(once.trace_hash, again.trace_hash) << "seed " << seed << " is not the same twice";
    EXPECT_EQ(once.rounds, again.rounds);
  }
  EXPECT_GT(repeatable, kSeeds * 8 / 10);
}

}  // namespace
}  // namespace daybook::simulation
