#include <array>
#include <charconv>
#include <cstring>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include "server/http/await.h"
#include "server/http/session.h"

namespace daybook::http {
namespace {

using boost::system::error_code;

/// Bodies up to this size are copied behind the head and leave in one piece of memory.
constexpr std::size_t kCopiedBody = 16 * 1024;
/// What is read at most from a peer after a closing answer.
constexpr std::size_t kLingerBytes = std::size_t{16} << 20;

std::string_view reason(unsigned status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    case 507:
      return "Insufficient Storage";
    default:
      return "";
  }
}

void append_number(std::string& out, std::size_t number, int base) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
  out.append(digits.data(), end);
}

}  // namespace

/// The head of the answer into out_.
void Session::build_head(const Response& response, bool chunked) {
  out_.clear();
  out_.append("HTTP/1.1 ");
  append_number(out_, response.status(), 10);
  out_.append(" ").append(reason(response.status())).append("\r\n");
  const bool bodyless = response.status() == 204 || response.status() == 304;
  if (!response.content_type().empty() && !bodyless) {
    out_.append("Content-Type: ").append(response.content_type()).append("\r\n");
  }
  if (chunked) {
    out_.append("Transfer-Encoding: chunked\r\n");
  } else if (!response.producer() && !bodyless) {
    out_.append("Content-Length: ");
    append_number(out_, response.body().size(), 10);
    out_.append("\r\n");
  }
  if (closing_) {
    out_.append("Connection: close\r\n");
  } else if (request_.http_1_0_) {
    out_.append("Connection: keep-alive\r\n");
  }
  out_.append(thread_->date_line()).append(response.header_lines());
  for (const auto& [name, value] : shared_.options.common_headers) {
    if (!response.header(name)) out_.append(name).append(": ").append(value).append("\r\n");
  }
  out_.append("\r\n");
}

net::awaitable<bool> Session::send(Response* response) {
  if (response->invalid()) *response = internal_error();
  answered_ = true;
  sent_ = 0;
  if (response->producer()) {
    const bool streamed = co_await send_stream(response);
    co_return streamed;
  }
  build_head(*response, false);
  std::string_view body = response->body();
  if (head_method_ || response->status() == 204 || response->status() == 304) body = {};
  if (body.size() <= kCopiedBody) {
    out_.append(body);
    body = {};
  }
  const bool sent = co_await flush(out_, body);
  co_return sent;
}

net::awaitable<bool> Session::send_stream(const Response* response) {
  const bool http_1_0 = request_.http_1_0_;
  closing_ = closing_ || http_1_0;
  chunked_out_ = !http_1_0;
  streaming_ = true;
  build_head(*response, chunked_out_);
  bool sent = co_await flush(out_, "");
  if (!sent || head_method_) co_return sent;
  const ResponseWriter writer(this);
  auto producing = response->producer()(writer);
  bool complete = false;
  try {
    co_await std::move(producing);
    complete = !gone_;
  } catch (const InvariantBroken&) {
    throw;
  } catch (const std::exception&) {
    gone_ = true;  // the missing last chunk tells the client that the body is not whole
  }
  if (!complete) co_return false;
  if (stopping()) closing_ = true;
  if (chunked_out_) sent = co_await flush("0\r\n\r\n", "");
  co_return sent;
}

/// Writes both, one after the other; waits only when the socket is full.
net::awaitable<bool> Session::flush(std::string_view first, std::string_view second) {
  std::array<net::const_buffer, 2> left = {net::const_buffer(first.data(), first.size()),
                                           net::const_buffer(second.data(), second.size())};
  bool armed = false;
  while (left[0].size() + left[1].size() > 0 && !gone_) {
    error_code error;
    std::size_t written = socket_.write_some(left, error);
    if (!error) {
      sent_ += written;
      Counters::add(thread_->counters().bytes_out, written);
      const std::size_t of_first = std::min(written, left[0].size());
      left[0] += of_first;
      left[1] += written - of_first;
      continue;
    }
    if (error != net::error::would_block && error != net::error::try_again) {
      gone_ = true;
      break;
    }
    if (!armed) arm(shared_.options.deadlines.write);
    armed = true;
    constexpr auto kWritable = net::ip::tcp::socket::wait_write;
    const auto result = co_await socket_.async_wait(kWritable, kAsTuple);
    if (std::get<0>(result) || expired_) gone_ = true;
  }
  if (armed) disarm();
  co_return !gone_;
}

/// Reads on for a while after the last answer: closing with unread bytes would reset the connection
/// and could take the answer with it.
net::awaitable<void> Session::linger() {
  error_code error;
  socket_.shutdown(net::ip::tcp::socket::shutdown_send, error);
  if (error) co_return;
  arm(shared_.options.deadlines.linger);
  std::array<char, 4096> dropped;
  const net::mutable_buffer room(dropped.data(), dropped.size());
  std::size_t taken = 0;
  while (taken < kLingerBytes && !expired_ && !gone_) {
    const auto result = co_await socket_.async_read_some(room, kAsTuple);
    if (std::get<0>(result)) break;
    taken += std::get<1>(result);
  }
  disarm();
}

net::awaitable<bool> Session::write(std::string bytes) {
  if (gone_ || stopping()) co_return false;
  if (bytes.empty()) co_return true;
  std::string_view tail = "";
  out_.clear();
  if (chunked_out_) {
    append_number(out_, bytes.size(), 16);
    out_.append("\r\n");
    tail = "\r\n";
  }
  out_.append(bytes).append(tail);
  const bool sent = co_await flush(out_, "");
  co_return sent;
}

net::awaitable<bool> Session::wait(Clock::duration at_most) {
  if (gone_ || stopping()) co_return false;
  arm(std::chrono::ceil<std::chrono::milliseconds>(at_most));
  co_await slot_->wait();
  disarm();
  co_return !gone_ && !stopping();
}

std::function<void()> Session::waker() {
  return [slot = std::weak_ptr<ReplySlot>(slot_)] {
    if (const auto alive = slot.lock()) alive->wake_from_anywhere();
  };
}

bool Session::stopping() const { return shared_.stopping.load(std::memory_order_relaxed); }

}  // namespace daybook::http
