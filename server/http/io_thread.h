#pragma once

#include <chrono>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "server/http/completion_queue.h"
#include "server/http/shared_state.h"

namespace daybook::http {

class Session;

/// One thread with its own io_context: connections, the answers that come back for them, and a
/// sweep that ends what has passed its deadline (one timer for all connections, not one each).
class IoThread : public std::enable_shared_from_this<IoThread> {
 public:
  explicit IoThread(std::shared_ptr<SharedState> shared);

  /// Starts the thread; once.
  void start();
  /// Any thread: begins to drain.
  void stop();
  void join();

  [[nodiscard]] net::io_context& context() { return context_; }
  [[nodiscard]] SharedState& shared() { return *shared_; }
  [[nodiscard]] Counters& counters() { return counters_; }
  [[nodiscard]] const std::shared_ptr<CompletionQueue>& completions() const { return completions_; }

  // On this thread only:
  void enter(Session* session);
  void leave(Session* session);
  /// "Date: …\r\n" of this second.
  [[nodiscard]] std::string_view date_line() const { return date_line_; }

 private:
  void sweep();
  void arm_sweep();
  void drain();
  void complete();

  std::shared_ptr<SharedState> shared_;
  net::io_context context_{1};
  net::steady_timer sweep_timer_{context_};
  std::chrono::milliseconds sweep_period_;
  std::shared_ptr<CompletionQueue> completions_;
  std::vector<CompletionQueue::Item> completing_;
  std::list<Session*> sessions_;
  std::chrono::steady_clock::time_point drain_until_ = std::chrono::steady_clock::time_point::max();
  std::string date_line_;
  std::int64_t date_second_ = 0;
  Counters counters_;
  std::thread thread_;
};

}  // namespace daybook::http
