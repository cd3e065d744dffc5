#include "cli/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace daybook::cli {
namespace {

constexpr std::chrono::milliseconds kFirstDraw{300};
constexpr std::chrono::milliseconds kDrawEvery{100};
constexpr std::chrono::seconds kLineEvery{5};
constexpr std::size_t kBarWidth = 32;

bool on_terminal() {
  const char* term = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && term != nullptr && std::string_view(term) != "dumb";
}

/// As much of `text` as leaves the bar its place in a line of 80 columns.
std::string shortened(std::string text) {
  constexpr std::size_t kMost = 36;
  constexpr std::string_view kLeftOut = "...";
  if (text.size() > kMost) text = text.substr(0, kMost / 2) + std::string(kLeftOut) + text.substr(text.size() - kMost / 2 + kLeftOut.size());
  return text;
}

}  // namespace

Progress::Progress(std::string what, std::uint64_t total)
    : what_(shortened(std::move(what))),
      total_(total),
      terminal_(on_terminal()),
      next_(Clock::now() + (terminal_ ? Clock::duration(kFirstDraw) : Clock::duration(kLineEvery))) {}

Progress::~Progress() { clear(); }

void Progress::show(std::uint64_t done) {
  const Clock::time_point now = Clock::now();
  if (now < next_) return;
  next_ = now + (terminal_ ? Clock::duration(kDrawEvery) : Clock::duration(kLineEvery));
  draw(done);
}

void Progress::draw(std::uint64_t done) {
  const std::uint64_t percent = total_ == 0 ? 0 : std::min<std::uint64_t>(100, done * 100 / total_);
  if (!terminal_) {
    if (total_ == 0) {
      std::fprintf(stderr, "%s: %llu\n", what_.c_str(), static_cast<unsigned long long>(done));
    } else {
      std::fprintf(stderr, "%s: %llu of %llu (%llu %%)\n", what_.c_str(), static_cast<unsigned long long>(done),
                   static_cast<unsigned long long>(total_), static_cast<unsigned long long>(percent));
    }
    return;
  }
  if (total_ == 0) {
    std::fprintf(stderr, "\r%s: %llu\x1b[K", what_.c_str(), static_cast<unsigned long long>(done));
    std::fflush(stderr);
    drawn_ = true;
    return;
  }
  const std::size_t full = kBarWidth * percent / 100;
  const std::string bar = std::string(full, '#') + std::string(kBarWidth - full, '.');
  std::fprintf(stderr, "\r%s [%s] %3llu %%\x1b[K", what_.c_str(), bar.c_str(), static_cast<unsigned long long>(percent));
  std::fflush(stderr);
  drawn_ = true;
}

void Progress::clear() {
  if (!drawn_) return;
  std::fputs("\r\x1b[K", stderr);
  std::fflush(stderr);
  drawn_ = false;
}

}  // namespace daybook::cli
