#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>

namespace daybook::server {

/// Tells whoever follows the log that there is more of it.
class CommitSignal {
 public:
  /// Ends the watching when it goes.
  class Watch {
   public:
    Watch(CommitSignal& signal, std::function<void()> wake);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

   private:
    CommitSignal& signal_;
    std::uint64_t number_;
  };

  /// Calls every watcher's `wake`, which is quick and calls nothing here. Any thread.
  void notify();

 private:
  std::mutex mutex_;
  std::uint64_t next_ = 0;
  std::map<std::uint64_t, std::function<void()>> watchers_;
};

}  // namespace daybook::server
