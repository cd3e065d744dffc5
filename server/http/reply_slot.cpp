#include "server/http/reply_slot.h"

#include <utility>

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace daybook::http {

std::uint64_t ReplySlot::open() {
  awaited_ = true;
  woken_ = false;
  response_.reset();
  return ++ticket_;
}

void ReplySlot::abandon() {
  awaited_ = false;
  response_.reset();
}

Response ReplySlot::take_response() {
  LEDGER_INVARIANT(response_.has_value());
  Response response = std::move(*response_);
  response_.reset();
  return response;
}

void ReplySlot::deliver(std::uint64_t ticket, Response response) noexcept {
  if (std::this_thread::get_id() == thread_ && !waiter_) {
    accept(ticket, std::move(response));  // answered before the handler returned
    return;
  }
  queue_->push({shared_from_this(), ticket, std::move(response)});
}

void ReplySlot::wake_from_anywhere() { queue_->push({shared_from_this(), kWake, Response()}); }

void ReplySlot::accept(std::uint64_t ticket, Response response) {
  if (ticket != kWake) {
    if (!awaited_ || ticket != ticket_) return;
    awaited_ = false;
    response_ = std::move(response);
  }
  resume();
}

void ReplySlot::resume() {
  woken_ = true;
  if (!waiter_) return;
  net::any_completion_handler<void()> waiter(std::move(*waiter_));
  waiter_.reset();
  std::move(waiter)();
}

void ReplySlot::wake() {
  woken_ = true;
  if (waiter_) net::post(executor_, [self = shared_from_this()] { self->resume(); });
}

net::awaitable<void> ReplySlot::wait() {
  if (!woken_) {
    auto start = [this](auto handler) { waiter_.emplace(std::move(handler)); };
    auto& use = net::use_awaitable;
    co_await net::async_initiate<const net::use_awaitable_t<>, void()>(start, use);
  }
  woken_ = false;
}

}  // namespace daybook::http
