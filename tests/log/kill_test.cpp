#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>

#include <gtest/gtest.h>
#include <unistd.h>

#include "ledger/log/bytes.h"
#include "ledger/log/log.h"
#include "tests/log/child_process.h"
#include "tests/log/log_fixture.h"

/// kill -9 at random instants under load, also while the log is being opened: what was acknowledged is there
/// once, and of what was not at most the group in flight. DAYBOOK_KILL_ROUNDS sets the number of rounds (50).
namespace daybook::log {
namespace {

using testing::Appender;
using testing::open_log;
using testing::small_options;
using testing::TemporaryDirectory;

constexpr std::uint64_t kEventsAGroupMax = 900;

struct Acknowledged {
  std::uint64_t sequence;
  Position position;
  std::uint64_t count;
};

std::uint64_t rounds() {
  const char* const given = std::getenv("DAYBOOK_KILL_ROUNDS");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : 50;
}

class KillTest : public ::testing::Test {
 protected:
  /// Runs an appender and kills it: in every third round while it opens, else while it appends.
  void kill_once(std::uint64_t round) {
    Appender appender({ledger(), std::to_string(next_sequence_)});
    if (round % 3 == 0) {
      const auto line = appender.read_line(static_cast<std::int64_t>(rng_.below(opening_micros_)));
      in_recovery_ += line ? 0u : 1u;
    } else {
      SystemClock clock;
      const std::int64_t begun = clock.mono_micros();
      ASSERT_TRUE(appender.read_line());
      opening_micros_ = static_cast<std::uint64_t>(clock.mono_micros() - begun) + 1;
      // Short lives often, long ones sometimes.
      const std::uint64_t share = rng_.below(1'000);
      ::usleep(static_cast<useconds_t>(share * share * 120'000 / 1'000'000));
    }
    appender.kill();
    while (const auto line = appender.read_line()) {
      Acknowledged ack{};
      if (std::sscanf(line->c_str(), "ack %lu %lu %lu", &ack.sequence, &ack.position, &ack.count) == 3) {
        acknowledged_.push_back(ack);
      }
    }
  }

  /// Every event once, each acknowledged one at its position.
  void check() {
    const auto log = open_log(small_options(ledger()));
    std::vector<std::uint64_t> sequences{0};  // [position]
    const Result<void> scanned =
        log->scan(1, log->position(), [&](const RecordView& record) {
          sequences.push_back(load<std::uint64_t>(record.event.data()));
        });
    ASSERT_TRUE(scanned) << scanned.error().detail;
    ASSERT_EQ(sequences.size(), log->position() + 1);
    std::uint64_t count = 0;
    for (const Acknowledged& ack : acknowledged_) {
      count += ack.count;
      for (std::uint64_t i = 0; i < ack.count; ++i) {
        ASSERT_LT(ack.position + i, sequences.size()) << "an acknowledged event is lost";
        ASSERT_EQ(sequences[ack.position + i], ack.sequence + i) << "another event is in its place";
      }
    }
    ASSERT_TRUE(std::is_sorted(sequences.begin(), sequences.end(), std::less_equal<>()))
        << "an event is there twice";
    const Position head = log->position();
    ASSERT_LE(head - checked_head_, count - checked_count_ + kEventsAGroupMax + 40)
        << "more than the group in flight";
    ASSERT_TRUE(log->verify());
    // What was written but not acknowledged stays; the next appender goes on behind it.
    checked_head_ = head;
    checked_count_ = count;
    next_sequence_ = sequences.back() + 1;
  }

  [[nodiscard]] std::string ledger() const { return directory_.path("ledger"); }

  TemporaryDirectory directory_{TemporaryDirectory::In::Memory};
  SeededRng rng_{static_cast<std::uint64_t>(::getpid())};
  std::vector<Acknowledged> acknowledged_;
  std::uint64_t next_sequence_ = 1;
  std::uint64_t opening_micros_ = 50'000;
  std::uint64_t in_recovery_ = 0;
  Position checked_head_ = 0;
  std::uint64_t checked_count_ = 0;
};

TEST_F(KillTest, NothingAcknowledgedIsLostAndNothingIsThereTwice) {
  const std::uint64_t all = rounds();
  RecordProperty("seed", std::to_string(::getpid()));
  for (std::uint64_t round = 0; round < all; ++round) {
    SCOPED_TRACE("round " + std::to_string(round) + ", seed " + std::to_string(::getpid()));
    kill_once(round);
    if (HasFatalFailure()) {
      return;
    }
    check();
    if (HasFatalFailure()) {
      return;
    }
  }
  std::printf("%lu kills, %lu of them while opening; %zu groups acknowledged, %lu events in the log\n",
              all, in_recovery_, acknowledged_.size(), checked_head_);
  EXPECT_GT(acknowledged_.size(), all);
  if (all >= 50) {
    EXPECT_GE(in_recovery_, all / 10);
  }
}

}  // namespace
}  // namespace daybook::log
