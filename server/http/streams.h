#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "ledger/domain/result.h"
#include "server/http/message.h"

namespace daybook::http {

class ReaderPool;

/// The body of a streamed request, pulled piece by piece by the handler; a handler that pulls
/// slowly slows the sender down. Lives as long as the handler runs; use it only there.
class BodyReader {
 public:
  virtual ~BodyReader() = default;

  /// Appends at least one byte to `into`, or returns false at the end of the body.
  /// Errors, after which the handler should answer with them: MALFORMED_FRAMING, BODY_TIMEOUT,
  /// BODY_TOO_LARGE, OVERLOADED (the server stops).
  [[nodiscard]] virtual net::awaitable<Result<bool>> read(Body* into) = 0;
};

/// Where a Producer writes. Copies refer to the same connection; use it only inside the producer,
/// except waker().
class ResponseWriter {
 public:
  class Sink {
   public:
    virtual ~Sink() = default;
    virtual net::awaitable<bool> write(std::string bytes) = 0;
    virtual net::awaitable<bool> wait(std::chrono::steady_clock::duration at_most) = 0;
    [[nodiscard]] virtual std::function<void()> waker() = 0;
    [[nodiscard]] virtual bool stopping() const = 0;
    [[nodiscard]] virtual ReaderPool* pool() = 0;
  };
  explicit ResponseWriter(Sink* sink) : sink_(sink) {}

  /// Sends one piece; false when the client is gone, too slow, or the server stops: then return.
  [[nodiscard]] net::awaitable<bool> write(std::string bytes) const {
    return sink_->write(std::move(bytes));
  }
  /// Until the waker is called or `at_most` has passed; false as write().
  [[nodiscard]] net::awaitable<bool> wait(std::chrono::steady_clock::duration at_most) const {
    return sink_->wait(at_most);
  }
  /// Ends the current or the next wait(); callable from any thread, at any later time.
  [[nodiscard]] std::function<void()> waker() const { return sink_->waker(); }
  [[nodiscard]] bool stopping() const { return sink_->stopping(); }
  /// Where a producer reads storage, with on_pool().
  [[nodiscard]] ReaderPool* pool() const { return sink_->pool(); }

 private:
  Sink* sink_;
};

}  // namespace daybook::http
