#pragma once

#include <cstdint>
#include <functional>
#include <utility>

namespace daybook::server {

/// How far a question is, for whoever waits for it on the same thread: a command that works on a directory.
using AskedProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// What the thread's question tells; empty: nobody wants to know.
[[nodiscard]] const AskedProgress& asked_progress();

/// While one lives, questions of this thread tell `progress` how far they are.
class TellsProgress {
 public:
  explicit TellsProgress(AskedProgress progress);
  ~TellsProgress();
  TellsProgress(const TellsProgress&) = delete;
  TellsProgress& operator=(const TellsProgress&) = delete;
};

}  // namespace daybook::server
