#include "ledger/log/clock.h"

#include <ctime>

namespace daybook::log {
namespace {

std::int64_t micros_of(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1'000;
}

}  // namespace

std::int64_t SystemClock::wall_micros() { return micros_of(CLOCK_REALTIME); }

std::int64_t SystemClock::mono_micros() { return micros_of(CLOCK_MONOTONIC); }

}  // namespace daybook::log
