#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace daybook::log::testing {

/// tests/log/appender.cpp, running.
class Appender {
 public:
  explicit Appender(const std::vector<std::string>& arguments);
  ~Appender();  ///< kills it if it still runs
  Appender(const Appender&) = delete;
  Appender& operator=(const Appender&) = delete;

  /// The next whole line it printed; none once it has ended (or, with a limit, after so many microseconds).
  [[nodiscard]] std::optional<std::string> read_line(std::optional<std::int64_t> limit_micros = {});

  /// SIGKILL, and waits.
  void kill();

  /// Waits for its end; the exit status, or minus the signal.
  [[nodiscard]] int wait();

 private:
  pid_t pid_ = -1;
  int pipe_ = -1;
  std::string buffer_;
};

}  // namespace daybook::log::testing
