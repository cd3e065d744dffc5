#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <thread>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "server/http/completion_queue.h"
#include "server/http/message.h"

namespace daybook::http {

/// Where a connection waits for an answer or a wake-up. Outlives the connection as long as a
/// Responder holds it. Everything but deliver() and wake_from_anywhere() belongs to the I/O thread.
class ReplySlot final : public ReplySink, public std::enable_shared_from_this<ReplySlot> {
 public:
  ReplySlot(std::shared_ptr<CompletionQueue> queue, net::any_io_executor executor)
      : queue_(std::move(queue)),
        executor_(std::move(executor)),
        thread_(std::this_thread::get_id()) {}

  /// A ticket for the next answer; answers to older tickets are dropped from now on.
  [[nodiscard]] std::uint64_t open();
  /// No answer is wanted any more.
  void abandon();
  [[nodiscard]] bool has_response() const { return response_.has_value(); }
  [[nodiscard]] Response take_response();

  void deliver(std::uint64_t ticket, Response response) noexcept override;
  /// The answer becomes one of status kDropped.
  void drop(std::uint64_t ticket) noexcept override { deliver(ticket, Response(kDropped)); }
  void wake_from_anywhere();

  static constexpr unsigned kDropped = 0;

  /// Called by the I/O thread for what came through the queue.
  void accept(std::uint64_t ticket, Response response);

  /// Until the next wake-up, or at once when one came since the last wait.
  [[nodiscard]] net::awaitable<void> wait();
  /// Ends a wait() soon, not from within this call.
  void wake();

 private:
  static constexpr std::uint64_t kWake = 0;
  void resume();

  std::shared_ptr<CompletionQueue> queue_;
  net::any_io_executor executor_;
  std::thread::id thread_;
  std::uint64_t ticket_ = 0;
  bool awaited_ = false;  ///< an answer for ticket_ is still to come
  bool woken_ = false;
  std::optional<Response> response_;
  /// Never assigned: in Boost 1.81 the move assignment of this class calls itself for ever.
  std::optional<net::any_completion_handler<void()>> waiter_;
};

}  // namespace daybook::http
