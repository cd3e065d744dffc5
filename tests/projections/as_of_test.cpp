#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "tests/projections/answers.h"
#include "tests/projections/random_ledger.h"
#include "tests/projections/view_ledger.h"

namespace daybook::projections::testing {
namespace {

/// The first line in which two texts differ, for a message that a person can read.
std::string first_difference(const std::string& expected, const std::string& found) {
  std::size_t begin = 0;
  while (begin < expected.size() && begin < found.size()) {
    const std::size_t end = expected.find('\n', begin);
    const std::string line = expected.substr(begin, end - begin);
    const std::string other = found.substr(begin, found.find('\n', begin) - begin);
    if (line != other) return "expected " + line + "\nfound    " + other;
    if (end == std::string::npos) break;
    begin = end + 1;
  }
  return "one has more than the other";
}

class AsOf : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(AsOf, EveryAnswerIsThatOfALedgerReplayedToThatPosition) {
  codec::RandomValues random(GetParam() * 977);
  RandomLedger history(GetParam());
  ViewLedger replayed;
  ViewLedger whole;
  std::map<Position, std::string> expected;
  for (int group = 0; group < 30; ++group) {
    std::vector<WrittenEvent> events;
    for (std::uint64_t i = 1 + random.below(25); i > 0; --i) events.push_back(history.next());
    replayed.append(events);
    whole.append(events);
    replayed.views().catch_up();
    if (random.one_in(2)) whole.views().step();
    const Position position = replayed.log().position();
    ASSERT_EQ(replayed.views().position(), position);
    expected[position] = every_answer(replayed.views(), history, position);
  }
  Projections::Options options;
  options.batch_events = 1 + random.below(100);
  options.lanes = 1 + random.below(64);
  Projections& views = whole.open(options);
  views.catch_up();
  for (const ProjectionStatus& view : views.status()) {
    ASSERT_EQ(view.status, ProjectionState::Live)
        << view.name << ' ' << (view.error ? view.error->reason : "");
  }
  for (const auto& [position, answer] : expected) {
    // Ids that came later are asked for too, and are not there.
    const std::string found = every_answer(views, history, position);
    std::string asked_then = every_answer(replayed.views(), history, position);
    EXPECT_EQ(found, asked_then) << "position " << position << '\n'
                                 << first_difference(asked_then, found);
  }
  // What was answered at the head then, line by line, is answered now.
  for (const auto& [position, answer] : expected) {
    const std::string found = every_answer(views, history, position);
    std::size_t begin = 0;
    while (begin < answer.size()) {
      const std::size_t end = answer.find('\n', begin) + 1;
      const std::string line = answer.substr(begin, end - begin);
      ASSERT_NE(found.find(line), std::string::npos)
          << "at position " << position << " no longer: " << line;
      begin = end;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(RandomLedgers, AsOf, ::testing::Range<std::uint64_t>(1, 13));

}  // namespace
}  // namespace daybook::projections::testing
