#pragma once

#include <cstdint>

namespace daybook::log {

/// Where time comes from. Nothing below `server/` asks the operating system: production hands in a
/// SystemClock, tests and the simulator a ManualClock, so that every run can be repeated.
class Clock {
 public:
  virtual ~Clock() = default;

  /// Microseconds since 1970-01-01T00:00:00Z. May jump in either direction.
  [[nodiscard]] virtual std::int64_t wall_micros() = 0;

  /// Microseconds since some fixed instant. Never goes back; for deadlines and durations.
  [[nodiscard]] virtual std::int64_t mono_micros() = 0;
};

/// The operating system's clocks.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] std::int64_t wall_micros() override;
  [[nodiscard]] std::int64_t mono_micros() override;
};

/// A clock that stands still until it is told to move.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(std::int64_t wall_micros) : wall_micros_(wall_micros) {}

  [[nodiscard]] std::int64_t wall_micros() override { return wall_micros_; }
  [[nodiscard]] std::int64_t mono_micros() override { return mono_micros_; }

  /// Moves both clocks forward.
  void advance(std::int64_t micros) {
    wall_micros_ += micros;
    mono_micros_ += micros;
  }

  /// Sets the wall clock alone, also back.
  void set_wall(std::int64_t micros) { wall_micros_ = micros; }

 private:
  std::int64_t wall_micros_;
  std::int64_t mono_micros_ = 0;
};

}  // namespace daybook::log
