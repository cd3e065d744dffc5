#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "server/http/chunked_body.h"
#include "server/http/io_thread.h"
#include "server/http/reply_slot.h"
#include "server/http/router.h"
#include "server/http/shared_state.h"
#include "server/http/streams.h"
#include "server/http/strict_head.h"

namespace daybook::http {

/// One connection: reads a head, judges it, reads the body, calls the handler, writes the answer,
/// and again. Lives on one I/O thread. It waits in few places, each with a deadline that the
/// thread's sweep enforces: reading (fill, read_into), writing (flush), and for a handler
/// (await_reply).
class Session final : public BodyReader, public ResponseWriter::Sink {
 public:
  using Clock = std::chrono::steady_clock;

  /// With a `refusal` code the connection is answered with it unread, and closed.
  Session(IoThread* thread, net::ip::tcp::socket socket, std::string peer,
          std::string_view refusal);

  /// Until the connection has ended; once.
  [[nodiscard]] net::awaitable<void> run();

  // Called by the thread's sweep; none resumes the coroutine from within.
  void sweep(Clock::time_point now);
  /// Ends when idle, else after the request in work.
  void drain();
  /// Ends now.
  void cut();

 private:
  static constexpr std::size_t kSmallBuffer = 4 * 1024;
  static constexpr std::size_t kLargeBuffer = 64 * 1024;

  // session.cpp: the cycle
  net::awaitable<void> serve();
  net::awaitable<bool> exchange();
  net::awaitable<HeadParser::State> read_head();
  net::awaitable<Response> answer();
  net::awaitable<Response> call_handler();
  net::awaitable<Response> call_stream_handler();
  net::awaitable<Response> await_reply();
  void begin_exchange();
  void finish_exchange(const Response& response);
  void settle_unread_body();
  /// Routing, gate, query, media type: the refusal, or null and route_ and body_limit_ are set.
  std::optional<Response> admit();
  std::optional<Response> admit_body(const Route& route);
  std::optional<Response> unmatched(const Router::Match& match);
  void submit_to_pool(const Pooled& pooled, std::uint64_t ticket);
  Response refuse(std::string_view code, std::string_view detail);
  Response internal_error();

  // session_read.cpp
  [[nodiscard]] std::string_view buffered() const;
  void consume(std::size_t bytes);
  void shrink_buffer();
  net::awaitable<bool> fill();
  net::awaitable<bool> read_into(Body* body, std::size_t at_most);
  net::awaitable<bool> read_body();
  net::awaitable<bool> read_sized_body();
  net::awaitable<bool> read_chunked_body();
  net::awaitable<bool> send_continue();
  bool charge_body(const Body& held);
  void release_body();
  bool fail_body(std::string_view code, std::string_view detail);
  net::awaitable<Result<bool>> read(Body* into) override;
  net::awaitable<bool> read_piece(Body* into);
  [[nodiscard]] bool too_slow() const;

  // session_write.cpp
  net::awaitable<bool> send(Response* response);
  net::awaitable<bool> send_stream(const Response* response);
  net::awaitable<bool> flush(std::string_view first, std::string_view second);
  net::awaitable<void> linger();
  void build_head(const Response& response, bool chunked);
  net::awaitable<bool> write(std::string bytes) override;
  net::awaitable<bool> wait(Clock::duration at_most) override;
  std::function<void()> waker() override;
  [[nodiscard]] bool stopping() const override;
  [[nodiscard]] ReaderPool* pool() override { return &shared_.pool; }

  void arm(std::chrono::milliseconds deadline);
  void disarm();

  IoThread* thread_;
  SharedState& shared_;
  net::ip::tcp::socket socket_;
  std::string peer_;
  std::string_view turned_away_;
  std::shared_ptr<ReplySlot> slot_;

  std::unique_ptr<char[]> buffer_;
  std::size_t buffer_size_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::string out_;

  HeadParser parser_;
  Request request_;
  std::string request_id_;
  Refusal refusal_;
  const Route* route_ = nullptr;
  const BodyKind* body_kind_ = nullptr;
  std::string_view prefix_;  ///< of the guard above the path; empty: none
  std::optional<ChunkedBody> chunks_;
  std::uint64_t body_left_ = 0;     ///< of a body with Content-Length
  std::size_t body_charged_ = 0;    ///< of SharedState::body_bytes
  std::uint64_t stream_bytes_ = 0;  ///< of a streamed body, so far
  Clock::duration stream_waited_{};
  Clock::time_point started_;
  std::size_t sent_ = 0;
  bool head_method_ = false;
  bool body_unread_ = false;

  Clock::time_point deadline_ = Clock::time_point::max();
  bool expired_ = false;
  bool idle_ = true;       ///< waits for the first byte of a request
  bool gone_ = false;      ///< the peer, or the server's patience: no answer possible
  bool closing_ = false;   ///< after this answer
  bool answered_ = false;  ///< something was sent last: linger
  bool chunked_out_ = false;
  bool streaming_ = false;  ///< a producer writes
};

/// A broken invariant outside the engine: says so and ends the process with 70.
[[noreturn]] void end_process(const std::exception& error);

}  // namespace daybook::http
