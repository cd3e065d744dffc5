#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include <boost/asio/buffer.hpp>

#include "server/http/await.h"
#include "server/http/session.h"

namespace daybook::http {
namespace {

/// A body grows with what arrives, not with what was announced.
constexpr std::size_t kBodyStep = 64 * 1024;

}  // namespace

std::string_view Session::buffered() const { return {buffer_.get() + begin_, end_ - begin_}; }

void Session::consume(std::size_t bytes) {
  begin_ += bytes;
  if (begin_ == end_) begin_ = end_ = 0;
}

/// An idle connection holds no more than a small buffer.
void Session::shrink_buffer() {
  if (buffer_size_ > kSmallBuffer && begin_ == end_) {
    buffer_.reset();
    buffer_size_ = 0;
  }
}

/// Some more bytes behind buffered(). False: the peer is gone or the deadline has passed.
net::awaitable<bool> Session::fill() {
  if (begin_ > 0) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == buffer_size_) {
    const std::size_t larger = std::max(kSmallBuffer, std::min(buffer_size_ * 4, kLargeBuffer));
    LEDGER_INVARIANT(larger > buffer_size_);
    auto grown = std::make_unique_for_overwrite<char[]>(larger);
    if (end_ > 0) std::memcpy(grown.get(), buffer_.get(), end_);
    buffer_ = std::move(grown);
    buffer_size_ = larger;
  }
  if (gone_ || expired_) co_return false;
  const net::mutable_buffer room(buffer_.get() + end_, buffer_size_ - end_);
  const auto result = co_await socket_.async_read_some(room, kAsTuple);
  if (std::get<0>(result)) {
    gone_ = gone_ || !expired_;
    co_return false;
  }
  end_ += std::get<1>(result);
  Counters::add(thread_->counters().bytes_in, std::get<1>(result));
  co_return !expired_;
}

/// Moves at most that many bytes of the connection to the end of `body`, at least one.
net::awaitable<bool> Session::read_into(Body* body, std::size_t at_most) {
  if (begin_ < end_) {
    const std::string_view ready = buffered().substr(0, at_most);
    body->append(ready);
    consume(ready.size());
    co_return true;
  }
  if (gone_ || expired_) co_return false;
  const std::span<char> room = body->prepare(std::min(at_most, kBodyStep));
  const net::mutable_buffer target(room.data(), std::min(at_most, room.size()));
  const auto result = co_await socket_.async_read_some(target, kAsTuple);
  if (std::get<0>(result)) {
    gone_ = gone_ || !expired_;
    co_return false;
  }
  body->commit(std::get<1>(result));
  Counters::add(thread_->counters().bytes_in, std::get<1>(result));
  co_return !expired_;
}

net::awaitable<bool> Session::send_continue() {
  if (!parser_.expects_continue() || begin_ < end_) co_return true;
  const bool sent = co_await flush("HTTP/1.1 100 Continue\r\n\r\n", "");
  co_return sent;
}

/// The whole body into request_. False: refusal_ says why, or the peer is gone.
net::awaitable<bool> Session::read_body() {
  if (parser_.framing() == Framing::None) {
    body_unread_ = false;
    co_return true;
  }
  const bool may_come = co_await send_continue();
  if (!may_come) co_return false;
  arm(shared_.options.deadlines.body);
  bool complete = false;
  if (parser_.framing() == Framing::Length) {
    complete = co_await read_sized_body();
  } else {
    complete = co_await read_chunked_body();
  }
  const bool late = expired_;
  disarm();
  if (complete) {
    body_unread_ = false;
    co_return true;
  }
  if (late) fail_body("BODY_TIMEOUT", "The body of the request did not arrive in time.");
  co_return false;
}

net::awaitable<bool> Session::read_sized_body() {
  Body* const body = &request_.body_;
  while (body_left_ > 0) {
    const std::size_t most = static_cast<std::size_t>(
        std::min<std::uint64_t>(body_left_, std::numeric_limits<std::size_t>::max()));
    const std::size_t before = body->size();
    const bool more = co_await read_into(body, most);
    if (!more) co_return false;
    body_left_ -= body->size() - before;
    if (!charge_body(request_.body_)) co_return false;
  }
  co_return true;
}

net::awaitable<bool> Session::read_chunked_body() {
  chunks_.emplace(body_kind_->limit);
  while (true) {
    std::size_t consumed = 0;
    const ChunkedBody::State state = chunks_->feed(buffered(), &request_.body_, &consumed);
    consume(consumed);
    if (state == ChunkedBody::State::Done) co_return true;
    if (state == ChunkedBody::State::Refused) {
      refusal_ = chunks_->refusal();
      co_return false;
    }
    if (!charge_body(request_.body_)) co_return false;
    const bool more = co_await fill();
    if (!more) co_return false;
  }
}

bool Session::fail_body(std::string_view code, std::string_view detail) {
  refusal_ = {code, detail, true};
  return false;
}

/// Keeps the sum over all connections below its limit. `held`: whatever of the request's body is in memory now, collected here
/// or by who reads a stream of it.
bool Session::charge_body(const Body& held) {
  const std::size_t charged = std::exchange(body_charged_, held.capacity());
  if (body_charged_ <= charged) {
    shared_.body_bytes.fetch_sub(charged - body_charged_, std::memory_order_relaxed);
    return true;
  }
  const std::size_t more = body_charged_ - charged;
  const std::size_t before = shared_.body_bytes.fetch_add(more, std::memory_order_relaxed);
  if (before + more <= shared_.body_bytes_now()) return true;
  return fail_body("OVERLOADED", "Too many large requests at once; repeat this one shortly.");
}

void Session::release_body() {
  if (body_charged_ > 0) shared_.body_bytes.fetch_sub(body_charged_, std::memory_order_relaxed);
  body_charged_ = 0;
}

net::awaitable<Result<bool>> Session::read(Body* into) {
  if (!body_unread_) co_return false;
  const bool may_come = co_await send_continue();
  bool more = false;
  if (may_come) {
    arm(shared_.options.deadlines.body);
    const Clock::time_point asked = Clock::now();
    more = co_await read_piece(into) && charge_body(*into);
    stream_waited_ += Clock::now() - asked;
    if (expired_ || too_slow()) {
      fail_body("BODY_TIMEOUT", "The body of the request does not arrive fast enough.");
    }
    disarm();
  }
  if (refusal_.code.empty() && gone_) fail_body("MALFORMED_FRAMING", "The body was cut short.");
  if (!refusal_.code.empty()) {
    co_return failed(ErrorKind::Invalid, refusal_.code, std::string(refusal_.detail));
  }
  co_return more;
}

/// True with at least one byte more, false at the end or when refusal_, gone_ or expired_ say so.
net::awaitable<bool> Session::read_piece(Body* into) {
  const std::size_t before = into->size();
  if (parser_.framing() == Framing::Length) {
    const bool more = co_await read_into(
        into, static_cast<std::size_t>(std::min<std::uint64_t>(body_left_, kLargeBuffer)));
    const std::size_t taken = into->size() - before;
    body_left_ -= taken;
    stream_bytes_ += taken;
    body_unread_ = body_left_ > 0;
    co_return more;
  }
  while (true) {
    std::size_t consumed = 0;
    const ChunkedBody::State state = chunks_->feed(buffered(), into, &consumed);
    consume(consumed);
    stream_bytes_ += consumed;
    if (state == ChunkedBody::State::Refused) {
      refusal_ = chunks_->refusal();
      co_return false;
    }
    body_unread_ = state != ChunkedBody::State::Done;
    if (!body_unread_ || into->size() > before) co_return into->size() > before;
    const bool more = co_await fill();
    if (!more) co_return false;
  }
}

/// A streamed body has no total deadline but a least rate, counted while we wait for the sender.
bool Session::too_slow() const {
  if (stream_waited_ < shared_.options.deadlines.body) return false;
  const auto waited_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(stream_waited_).count();
  const std::uint64_t wanted =
      static_cast<std::uint64_t>(waited_ms) * shared_.options.limits.stream_bytes_per_second / 1000;
  return stream_bytes_ < wanted;
}

}  // namespace daybook::http
