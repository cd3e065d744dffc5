#include "server/http/io_thread.h"

#include <algorithm>
#include <array>
#include <ctime>

#include <boost/asio/post.hpp>

#include "server/http/reply_slot.h"
#include "server/http/session.h"

namespace daybook::http {
namespace {

using std::chrono::milliseconds;

/// What is still there this long after it was cut ends with the thread.
constexpr milliseconds kAfterCut{500};

/// Fine enough for the shortest deadline, never finer than 5 ms.
milliseconds sweep_period(const Deadlines& deadlines) {
  const milliseconds shortest =
      std::min({deadlines.header, deadlines.body, deadlines.idle, deadlines.write,
                deadlines.handler, deadlines.linger, deadlines.drain});
  return std::clamp(shortest / 4, milliseconds(5), milliseconds(250));
}

std::string http_date(std::time_t now) {
  std::tm utc{};
  gmtime_r(&now, &utc);
  constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::array<char, 64> text;
  const int size =
      std::snprintf(text.data(), text.size(), "Date: %s, %02d %s %04d %02d:%02d:%02d GMT\r\n",
                    kDays[static_cast<std::size_t>(utc.tm_wday)], utc.tm_mday,
                    kMonths[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900, utc.tm_hour,
                    utc.tm_min, utc.tm_sec);
  return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace

IoThread::IoThread(std::shared_ptr<SharedState> shared)
    : shared_(std::move(shared)), sweep_period_(sweep_period(shared_->options.deadlines)) {}

void IoThread::start() {
  completions_ = std::make_shared<CompletionQueue>([weak = weak_from_this()] {
    if (const auto alive = weak.lock())
      net::post(alive->context_, [weak] {
        if (const auto still_alive = weak.lock()) still_alive->complete();
      });
  });
  sweep();
  thread_ = std::thread([this] { context_.run(); });
}

void IoThread::stop() {
  net::post(context_, [this] { drain(); });
}

void IoThread::join() {
  if (!thread_.joinable()) return;
  thread_.join();
  completions_->close();
}

void IoThread::enter(Session* session) {
  sessions_.push_back(session);
  Counters::add(counters_.open);
  Counters::add(counters_.accepted);
}

void IoThread::leave(Session* session) {
  sessions_.remove(session);
  counters_.open.store(counters_.open.load(std::memory_order_relaxed) - 1,
                       std::memory_order_relaxed);
  if (sessions_.empty() && shared_->stopping) sweep_timer_.cancel();
}

void IoThread::drain() {
  drain_until_ = std::chrono::steady_clock::now() + shared_->options.deadlines.drain;
  for (Session* session : sessions_) session->drain();
  sweep_timer_.cancel();
}

void IoThread::complete() {
  completing_.clear();
  completions_->take(&completing_);
  for (CompletionQueue::Item& item : completing_) {
    item.slot->accept(item.ticket, std::move(item.response));
  }
  completing_.clear();
}

void IoThread::sweep() {
  const auto now = std::chrono::steady_clock::now();
  const std::time_t wall = std::time(nullptr);
  if (wall != date_second_) {
    date_second_ = wall;
    date_line_ = http_date(wall);
  }
  for (Session* session : sessions_) {
    session->sweep(now);
    if (now >= drain_until_) session->cut();
  }
  const bool draining = drain_until_ != std::chrono::steady_clock::time_point::max();
  if (draining && sessions_.empty()) return;  // nothing is left to do: the thread ends
  if (draining && now >= drain_until_ + kAfterCut) {
    context_.stop();
    return;
  }
  arm_sweep();
}

void IoThread::arm_sweep() {
  sweep_timer_.expires_after(sweep_period_);
  sweep_timer_.async_wait([this](const boost::system::error_code&) { sweep(); });
}

}  // namespace daybook::http
