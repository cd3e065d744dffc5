#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "server/app/scrubber.h"
#include "tests/log/log_fixture.h"

/// What lies on the disk is read again once a day, by the clock.
namespace daybook::server {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

/// A clock that is moved while another thread reads it.
class MovedClock final : public log::Clock {
 public:
  std::int64_t wall_micros() override { return kBegin + moved_; }
  std::int64_t mono_micros() override { return moved_; }
  void advance(std::chrono::microseconds time) { moved_ += time.count(); }

  static constexpr std::int64_t kBegin = 1'714'608'000'000'000;  // 2024-05-02

 private:
  std::atomic<std::int64_t> moved_{0};
};

std::int64_t micros(const Scrubber& scrubber) { return scrubber.standing().whole.time_since_epoch().count(); }

/// Waits for the reading that ends at `wall` by the clock.
void wait_for(const Scrubber& scrubber, std::int64_t wall) {
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (micros(scrubber) != wall && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(1ms);
  ASSERT_EQ(micros(scrubber), wall);
}

void flip_a_byte(const std::string& path) {
  std::string bytes = log::testing::read_bytes(path);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  log::testing::write_bytes(path, bytes);
}

TEST(Scrubber, ReadsAllOfItAgainADayAfterItHasReadItLast) {
  const log::testing::TemporaryDirectory directory;
  const log::Options options = log::testing::small_options(directory.path());
  for (int i = 0; i < 3; ++i) {  // what is recovered lies in table files
    const std::unique_ptr<log::Log> opened = log::testing::open_log(options);
    const log::testing::Group group = log::testing::random_group(static_cast<std::uint64_t>(i), 2'000);
    opened->append(group.records(), 1);
  }
  const std::unique_ptr<log::Log> log = log::testing::open_log(options);
  std::vector<log::TableFile> files = log->table_files();
  ASSERT_FALSE(files.empty());
  const log::TableFile largest = *std::max_element(files.begin(), files.end(), [](const auto& left, const auto& right) { return left.bytes < right.bytes; });
  log::SystemRng rng;
  MovedClock clock;
  Scrubber scrubber(*log, rng, clock, 24h);
  wait_for(scrubber, MovedClock::kBegin);
  const std::uint64_t once = scrubber.standing().bytes;
  EXPECT_GE(once, largest.bytes);
  EXPECT_EQ(scrubber.standing().damaged_files, 0u);
  EXPECT_FALSE(log->damage());

  flip_a_byte(largest.path);
  clock.advance(24h - 1us);
  scrubber.look();
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(micros(scrubber), MovedClock::kBegin) << "it is not yet time";
  EXPECT_EQ(scrubber.standing().bytes, once);

  clock.advance(1us);
  scrubber.look();
  wait_for(scrubber, MovedClock::kBegin + std::chrono::microseconds(24h).count());
  EXPECT_EQ(scrubber.standing().bytes, 2 * once);
  EXPECT_EQ(scrubber.standing().damaged_files, 1u);
  EXPECT_TRUE(log->damage()) << "after which nothing is recorded";

  clock.advance(24h);
  scrubber.look();
  wait_for(scrubber, MovedClock::kBegin + std::chrono::microseconds(48h).count());
  EXPECT_EQ(scrubber.standing().damaged_files, 1u) << "it is damaged still";
}

TEST(Scrubber, EndsWhileItWaits) {
  const log::testing::TemporaryDirectory directory;
  const std::unique_ptr<log::Log> log = log::testing::open_log(log::testing::small_options(directory.path()));
  log::SystemRng rng;
  MovedClock clock;
  { const Scrubber scrubber(*log, rng, clock, 24h); }
}

}  // namespace
}  // namespace daybook::server
