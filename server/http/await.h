#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "server/http/message.h"
#include "server/http/reader_pool.h"

namespace daybook::http {

/// `co_await x.async_…(…, kAsTuple)` gives the error code first instead of throwing it.
inline constexpr auto kAsTuple = net::as_tuple(net::use_awaitable);

/// A value that another thread will bring to a coroutine.
///
///   Later<Receipt> later(executor);
///   ledger.ingest(facts, later.completer());
///   const std::optional<Receipt> receipt = co_await later.get(deadline);
///
/// get() is called once, on the executor's only thread.
template <class T>
class Later {
 public:
  explicit Later(net::any_io_executor executor)
      : state_(std::make_shared<State>(std::move(executor))) {}

  /// Callable once from any thread, also after get() gave up and after the Later is gone.
  [[nodiscard]] std::function<void(T)> completer() const {
    return [state = state_](T value) {
      {
        const std::lock_guard lock(state->mutex);
        state->value = std::move(value);
      }
      net::post(state->executor, [state] { state->timer.cancel(); });
    };
  }

  /// The value, or nothing when it has not come within `deadline`.
  [[nodiscard]] net::awaitable<std::optional<T>> get(std::chrono::steady_clock::duration deadline) {
    const std::shared_ptr<State> state = state_;
    state->timer.expires_after(deadline);
    if (!state->ready()) co_await state->timer.async_wait(kAsTuple);
    const std::lock_guard lock(state->mutex);
    co_return std::move(state->value);
  }

 private:
  struct State {
    explicit State(net::any_io_executor executor_) : executor(executor_), timer(executor_) {}
    [[nodiscard]] bool ready() {
      const std::lock_guard lock(mutex);
      return value.has_value();
    }

    net::any_io_executor executor;
    net::steady_timer timer;
    std::mutex mutex;
    std::optional<T> value;
  };
  std::shared_ptr<State> state_;
};

/// Runs `work` on the pool and resumes here. Nothing: the pool is full, or `deadline` has passed
/// (the work still ends, unheard).
template <class T>
[[nodiscard]] net::awaitable<std::optional<T>> on_pool(
    ReaderPool* pool, std::function<T()> work,
    std::chrono::steady_clock::duration deadline = std::chrono::minutes(5)) {
  const net::any_io_executor executor = co_await net::this_coro::executor;
  Later<T> later(executor);
  std::function<void()> task = [work = std::move(work), complete = later.completer()] {
    complete(work());
  };
  if (!pool->submit(std::move(task))) co_return std::nullopt;
  std::optional<T> value = co_await later.get(deadline);
  co_return value;
}

}  // namespace daybook::http
