#include "server/http/server.h"

#include <algorithm>
#include <random>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include "server/http/await.h"
#include "server/http/io_thread.h"
#include "server/http/session.h"
#include "server/http/shared_state.h"

namespace daybook::http {
namespace {

using boost::system::error_code;
using net::ip::tcp;

/// Connections that are told of a cap at the same time; more are closed without a word.
constexpr std::size_t kRefusalsAtOnce = 256;
/// How long accepting rests when the process has no file descriptor left.
constexpr std::chrono::milliseconds kAcceptPause{100};

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

/// "::1" as a Host header spells it: "[::1]".
std::string as_host(const net::ip::address& address) {
  return address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
}

std::string address_text(const tcp::endpoint& endpoint) {
  const net::ip::address address = endpoint.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return net::ip::make_address_v4(net::ip::v4_mapped, address.to_v6()).to_string();
  }
  return address.to_string();
}

}  // namespace

ConnectionCaps::Verdict ConnectionCaps::admit(const std::string& address, const Limits& limits) {
  const std::lock_guard lock(mutex_);
  if (total_ >= limits.connections) {
    refused_in_all.fetch_add(1, std::memory_order_relaxed);
    return Verdict::TooManyInAll;
  }
  std::size_t& of_address = by_address_[address];
  if (of_address >= limits.connections_per_ip) {
    refused_of_address.fetch_add(1, std::memory_order_relaxed);
    return Verdict::TooManyOfAddress;
  }
  ++of_address;
  ++total_;
  return Verdict::Admitted;
}

void ConnectionCaps::release(const std::string& address) {
  const std::lock_guard lock(mutex_);
  --total_;
  const auto found = by_address_.find(address);
  LEDGER_INVARIANT(found != by_address_.end());
  if (--found->second == 0) by_address_.erase(found);
}

SharedState::SharedState(Router router_, Options options_)
    : router(std::move(router_)),
      options(std::move(options_)),
      pool(options.reader_threads, options.reader_queue) {
  std::random_device random;
  id_seed = (std::uint64_t{random()} << 32U) | random();
  head_limits.head_bytes = options.limits.head_bytes;
  head_limits.headers = options.limits.headers;
  head_limits.target_bytes = options.limits.target_bytes;
  for (const std::string& host : options.hosts) head_limits.hosts.push_back(lower(host));
  head_limits.hosts.insert(head_limits.hosts.end(), {"localhost", "127.0.0.1", "[::1]"});
}

std::size_t SharedState::body_bytes_now() const {
  const Limits& limits = options.limits;
  const bool is_short = options.memory_is_short && options.memory_is_short();
  return is_short ? std::min(limits.body_bytes_in_flight, limits.body_bytes_when_short) : limits.body_bytes_in_flight;
}

class Server::Impl {
 public:
  Impl(Router router, Options options)
      : shared_(std::make_shared<SharedState>(std::move(router), std::move(options))) {
    const std::size_t threads = std::max<std::size_t>(1, shared_->options.io_threads);
    for (std::size_t index = 0; index < threads; ++index) {
      threads_.push_back(std::make_shared<IoThread>(shared_));
    }
    acceptor_.emplace(threads_.front()->context());
    pause_.emplace(threads_.front()->context());
  }

  Result<void> listen() {
    error_code error;
    const Options& options = shared_->options;
    const net::ip::address address = net::ip::make_address(options.address, error);
    const tcp::endpoint endpoint(address, options.port);
    if (!error) acceptor_->open(endpoint.protocol(), error);
    if (!error) acceptor_->set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_->bind(endpoint, error);
    if (!error) acceptor_->listen(net::socket_base::max_listen_connections, error);
    if (!error) local_ = acceptor_->local_endpoint(error);
    if (error) {
      return failed(ErrorKind::Unavailable, "ADDRESS_UNAVAILABLE",
                    "cannot listen on " + options.address + ":" + std::to_string(options.port) +
                        ": " + error.message());
    }
    shared_->head_limits.hosts.push_back(as_host(local_.address()));
    return {};
  }

  void start() {
    for (const auto& thread : threads_) thread->start();
    net::co_spawn(threads_.front()->context(), accept_loop(), [](std::exception_ptr failure) {
      if (failure) std::rethrow_exception(failure);
    });
  }

  void stop() {
    if (shared_->stopping.exchange(true)) return;
    net::post(threads_.front()->context(), [this] {
      error_code ignored;
      acceptor_->close(ignored);
      pause_->cancel();
      for (const auto& thread : threads_) thread->stop();
    });
  }

  void wait() {
    const std::lock_guard lock(wait_mutex_);
    for (const auto& thread : threads_) thread->join();
    if (shared_->options.on_drained) shared_->options.on_drained();
    shared_->pool.stop();
  }

  [[nodiscard]] const tcp::endpoint& local() const { return local_; }
  [[nodiscard]] SharedState& shared() { return *shared_; }

  [[nodiscard]] Metrics metrics() const {
    Metrics sum;
    for (const auto& thread : threads_) {
      const Counters& counters = thread->counters();
      sum.connections_open += counters.open;
      sum.connections_accepted += counters.accepted;
      sum.requests += counters.requests;
      sum.heads_refused += counters.heads_refused;
      for (std::size_t index = 0; index < counters.responses.size(); ++index) {
        sum.responses[index] += counters.responses[index];
      }
      sum.timeouts += counters.timeouts;
      sum.bytes_in += counters.bytes_in;
      sum.bytes_out += counters.bytes_out;
    }
    sum.connections_refused_total = shared_->caps.refused_in_all;
    sum.connections_refused_per_ip = shared_->caps.refused_of_address;
    return sum;
  }

 private:
  net::awaitable<void> accept_loop() {
    while (!shared_->stopping) {
      IoThread* const thread = least_loaded();
      tcp::socket socket(thread->context());
      const auto result = co_await acceptor_->async_accept(socket, kAsTuple);
      const error_code error = std::get<0>(result);
      if (!error) {
        admit(thread, std::move(socket));
      } else if (!shared_->stopping && error != net::error::connection_aborted) {
        pause_->expires_after(kAcceptPause);
        co_await pause_->async_wait(kAsTuple);
      }
    }
  }

  void admit(IoThread* thread, tcp::socket socket) {
    error_code error;
    const tcp::endpoint remote = socket.remote_endpoint(error);
    if (error) return;  // gone already
    std::string peer = address_text(remote);
    const auto verdict = shared_->caps.admit(peer, shared_->options.limits);
    std::string_view refusal;
    if (verdict != ConnectionCaps::Verdict::Admitted) {
      refusal = verdict == ConnectionCaps::Verdict::TooManyInAll ? "OVERLOADED" : "RATE_LIMITED";
      if (shared_->refusals.fetch_add(1) >= kRefusalsAtOnce) {
        shared_->refusals.fetch_sub(1);
        return;
      }
    }
    auto session = std::make_shared<Session>(thread, std::move(socket), std::move(peer), refusal);
    net::co_spawn(thread->context(), session->run(), [session](std::exception_ptr failure) {
      if (failure) std::rethrow_exception(failure);
    });
  }

  [[nodiscard]] IoThread* least_loaded() {
    const auto open = [](const std::shared_ptr<IoThread>& thread) {
      return thread->counters().open.load(std::memory_order_relaxed);
    };
    // Threads with equally many take turns, because `open` lags behind what was just handed over.
    next_ = (next_ + 1) % threads_.size();
    IoThread* best = threads_[next_].get();
    for (const auto& thread : threads_) {
      if (open(thread) + 8 < best->counters().open.load(std::memory_order_relaxed)) {
        best = thread.get();
      }
    }
    return best;
  }

  std::shared_ptr<SharedState> shared_;
  std::vector<std::shared_ptr<IoThread>> threads_;
  std::optional<tcp::acceptor> acceptor_;
  std::optional<net::steady_timer> pause_;
  tcp::endpoint local_;
  std::size_t next_ = 0;
  std::mutex wait_mutex_;
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<Server>> Server::start(Router router, Options options) {
  auto impl = std::make_unique<Impl>(std::move(router), std::move(options));
  if (auto listening = impl->listen(); !listening) return tl::unexpected(listening.error());
  impl->start();
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::~Server() {
  stop();
  wait();
}

std::uint16_t Server::port() const { return impl_->local().port(); }

std::string Server::url() const {
  return "http://" + as_host(impl_->local().address()) + ":" + std::to_string(port());
}

const Router& Server::router() const { return impl_->shared().router; }
ReaderPool& Server::reader_pool() { return impl_->shared().pool; }
Metrics Server::metrics() const { return impl_->metrics(); }
void Server::stop() { impl_->stop(); }
void Server::wait() { impl_->wait(); }

}  // namespace daybook::http
