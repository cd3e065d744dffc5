#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace daybook::cli {

/// How far long work is, on stderr: a bar on a terminal, elsewhere a line now and then. Short work shows nothing.
class Progress {
 public:
  /// `what`: in words, as in "importing". `total` 0: not known.
  Progress(std::string what, std::uint64_t total);
  /// Ends the bar's line.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(std::uint64_t done);
  void show(std::uint64_t done, std::uint64_t total) {
    total_ = total;
    show(done);
  }
  /// Takes the bar away, so that a message can be printed; the next `show` draws it again.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  void draw(std::uint64_t done);

  std::string what_;
  std::uint64_t total_;
  bool terminal_;
  bool drawn_ = false;
  Clock::time_point next_;
};

}  // namespace daybook::cli
