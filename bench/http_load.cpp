#include "bench/http_load.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

namespace daybook::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Connection {
  int socket = -1;
  std::string out;
  std::size_t sent = 0;
  std::string in;
  Clock::time_point began;
  bool counts = false;
};

int connect_to(const Load& load) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(load.port);
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::inet_pton(AF_INET, load.address.c_str(), &address.sin_addr) != 1 ||
      ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(socket);
    throw std::runtime_error("cannot connect to " + load.address + ":" + std::to_string(load.port));
  }
  return socket;
}

/// The size of the complete answer at the begin of `in`, 0 while it is not there, npos when it is
/// none that this client reads (it needs Content-Length).
std::size_t answer_size(std::string_view in) {
  const std::size_t head_end = in.find("\r\n\r\n");
  if (head_end == std::string_view::npos) return 0;
  constexpr std::string_view kLength = "\r\nContent-Length: ";
  const std::size_t found = in.substr(0, head_end).find(kLength);
  if (found == std::string_view::npos) return std::string_view::npos;
  std::size_t length = 0;
  for (std::size_t at = found + kLength.size(); at < head_end && in[at] >= '0' && in[at] <= '9';
       ++at) {
    length = length * 10 + static_cast<std::size_t>(in[at] - '0');
  }
  const std::size_t size = head_end + 4 + length;
  return in.size() >= size ? size : 0;
}

class Run {
 public:
  explicit Run(const Load& load) : load_(load), epoll_(::epoll_create1(0)) {
    latencies_.reserve(load.requests);
    connections_.resize(load.connections);
    for (Connection& connection : connections_) {
      connection.socket = connect_to(load);
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.ptr = &connection;
      ::epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.socket, &event);
    }
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  ~Run() {
    for (const Connection& connection : connections_) ::close(connection.socket);
    ::close(epoll_);
  }

  LoadResult operator()() {
    open_ = connections_.size();
    for (Connection& connection : connections_) next(connection);
    std::array<epoll_event, 256> events;
    while (open_ > 0) {
      const int ready =
          ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), static_cast<int>(load_.patience_seconds) * 1'000);
      if (ready == 0 || (ready < 0 && errno != EINTR))
        throw std::runtime_error(fmt::format("no answer in {} s", load_.patience_seconds));
      for (int index = 0; index < ready; ++index) {
        const epoll_event& event = events[static_cast<std::size_t>(index)];
        serve(*static_cast<Connection*>(event.data.ptr), event.events);
      }
    }
    return summary();
  }

 private:
  void serve(Connection& connection, std::uint32_t events) {
    if ((events & EPOLLOUT) != 0) write(connection);
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) == 0) return;
    std::array<char, 64 * 1024> buffer;
    const ssize_t got = ::recv(connection.socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) return lose(connection);
    connection.in.append(buffer.data(), static_cast<std::size_t>(got));
    const std::size_t size = answer_size(connection.in);
    if (size == 0) return;
    if (size != connection.in.size() || !connection.in.starts_with("HTTP/1.1 "))
      return lose(connection);
    if (load_.expected && !load_.expected(connection.in)) ++result_.wrong;
    const auto kind = static_cast<std::size_t>(connection.in[9] - '0');
    if (connection.counts && kind < 6) {
      ++result_.answers[kind];
      latencies_.push_back(Clock::now() - connection.began);
      last_ = Clock::now();
    }
    connection.in.clear();
    next(connection);
  }

  void next(Connection& connection) {
    if (begun_ >= load_.warm_up + load_.requests) {
      ::epoll_ctl(epoll_, EPOLL_CTL_DEL, connection.socket, nullptr);
      --open_;
      return;
    }
    if (begun_ == load_.warm_up) first_ = Clock::now();
    connection.counts = begun_ >= load_.warm_up;
    connection.out = load_.request(begun_++);
    connection.sent = 0;
    connection.began = Clock::now();
    write(connection);
  }

  void write(Connection& connection) {
    while (connection.sent < connection.out.size()) {
      const ssize_t sent =
          ::send(connection.socket, connection.out.data() + connection.sent,
                 connection.out.size() - connection.sent, MSG_DONTWAIT | MSG_NOSIGNAL);
      if (sent < 0 && errno == EAGAIN) return watch(connection, EPOLLIN | EPOLLOUT);
      if (sent < 0) return;  // the read that follows finds the connection lost
      connection.sent += static_cast<std::size_t>(sent);
    }
    watch(connection, EPOLLIN);
  }

  void watch(Connection& connection, std::uint32_t events) {
    const bool writes = (events & EPOLLOUT) != 0;
    if (!writes && waiting_to_write_ == 0) return;
    waiting_to_write_ += writes ? 1 : 0;
    epoll_event event{};
    event.events = events;
    event.data.ptr = &connection;
    ::epoll_ctl(epoll_, EPOLL_CTL_MOD, connection.socket, &event);
  }

  void lose(Connection& connection) {
    ++result_.errors;
    ::epoll_ctl(epoll_, EPOLL_CTL_DEL, connection.socket, nullptr);
    --open_;
  }

  LoadResult summary() {
    const auto milliseconds = [](Clock::duration duration) {
      return std::chrono::duration<double, std::milli>(duration).count();
    };
    std::sort(latencies_.begin(), latencies_.end());
    const auto at = [&](double share) {
      if (latencies_.empty()) return 0.0;
      const auto index =
          static_cast<std::size_t>(share * static_cast<double>(latencies_.size() - 1));
      return milliseconds(latencies_[index]);
    };
    result_.seconds = milliseconds(last_ - first_) / 1000;
    result_.per_second = static_cast<double>(latencies_.size()) / std::max(result_.seconds, 1e-9);
    result_.p50_ms = at(0.5);
    result_.p99_ms = at(0.99);
    result_.p999_ms = at(0.999);
    result_.slowest_ms = at(1);
    return result_;
  }

  const Load& load_;
  int epoll_;
  std::vector<Connection> connections_;
  std::size_t open_ = 0;
  std::uint64_t begun_ = 0;
  std::uint64_t waiting_to_write_ =
      0;  ///< how often a socket was full: then events must be set back
  Clock::time_point first_;
  Clock::time_point last_;
  std::vector<Clock::duration> latencies_;
  LoadResult result_;
};

}  // namespace

LoadResult run(const Load& load) { return Run(load)(); }

std::string answer_to(std::uint16_t port, const std::string& request, unsigned patience_seconds) {
  std::string answer;
  Load load;
  load.port = port;
  load.patience_seconds = patience_seconds;
  load.connections = 1;
  load.requests = 1;
  load.warm_up = 0;
  load.request = [&](std::uint64_t) { return request; };
  load.expected = [&](std::string_view whole) {
    answer = whole;
    return true;
  };
  if (run(load).errors != 0) throw std::runtime_error("the server closed the connection");
  return answer;
}

std::string post_request(const std::string& path, const std::string& content_type,
                         const std::string& body, const std::string& headers) {
  return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + content_type +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body;
}

std::string to_text(const LoadResult& result) {
  return fmt::format(
      "{:9.0f}/s  p50 {:6.2f} ms  p99 {:6.2f} ms  p99.9 {:6.2f} ms  slowest {:6.2f} ms{}{}",
      result.per_second, result.p50_ms, result.p99_ms, result.p999_ms, result.slowest_ms,
      result.errors == 0 ? "" : fmt::format("  {} errors", result.errors),
      result.wrong == 0 ? "" : fmt::format("  {} wrong answers", result.wrong));
}

}  // namespace daybook::bench
