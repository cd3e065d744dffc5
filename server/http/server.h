#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/domain/result.h"
#include "server/http/message.h"
#include "server/http/reader_pool.h"
#include "server/http/router.h"

namespace daybook::http {

/// How long a client may take; counted on the steady clock. Tests inject short ones.
struct Deadlines {
  std::chrono::milliseconds header{10'000};  ///< from the first byte of a head to its end: 408
  std::chrono::milliseconds body{30'000};    ///< whole body; of a streamed one each wait: 408
  std::chrono::milliseconds idle{60'000};    ///< between requests: silent close
  std::chrono::milliseconds write{
      30'000};  ///< one answer, or one piece of a streamed one: silent close
  std::chrono::milliseconds handler{300'000};  ///< until the handler answers: 503 OUTCOME_UNKNOWN
  std::chrono::milliseconds linger{
      1'000};  ///< reading on after a closing answer, so that it arrives
  std::chrono::milliseconds drain{10'000};  ///< after stop(), for requests in work
};

struct Limits {
  std::size_t head_bytes = 8 * 1024;
  std::size_t headers = 64;
  std::size_t target_bytes = 2 * 1024;
  std::size_t body_bytes_in_flight = std::size_t{256} << 20;  ///< all connections together: 503
  std::size_t body_bytes_when_short = std::size_t{16} << 20;  ///< the same while memory is short
  std::size_t stream_bytes_per_second = 1024;                 ///< least rate of a streamed body
  std::size_t connections = 10'000;      ///< beyond: 503 OVERLOADED, Retry-After
  std::size_t connections_per_ip = 100;  ///< beyond: 429 RATE_LIMITED, Retry-After
};

/// Judges a request's head before its body is read: sets the request's principal, or gives the
/// answer that refuses it (401, 403, 429 …). Runs on the I/O thread and must not block.
using Gate = std::function<std::optional<Response>(Request* request, const Auth& auth)>;

/// A finished exchange, for access logs and latency metrics; called on the I/O thread.
struct Exchange {
  std::string_view request_id;
  std::string_view peer;
  std::string_view method;   ///< empty where the head was refused
  std::string_view pattern;  ///< of the route, empty where none matched
  unsigned status = 0;
  std::size_t response_bytes = 0;
  std::chrono::nanoseconds taken{};
};
using Observer = std::function<void(const Exchange&)>;

/// Has the last word on every answer below a guarded prefix ("/v1"), those of this layer included; on the I/O
/// thread, just before it is sent.
using Finisher = std::function<void(std::string_view prefix, Response* response)>;

/// Counters since the start, summed over the I/O threads when asked for.
struct Metrics {
  std::uint64_t connections_open = 0;
  std::uint64_t connections_accepted = 0;
  std::uint64_t connections_refused_total = 0;   ///< at the cap of all
  std::uint64_t connections_refused_per_ip = 0;  ///< at the cap of one address
  std::uint64_t requests = 0;                    ///< heads accepted
  std::uint64_t heads_refused = 0;               ///< by the strict layer
  std::uint64_t responses[6] = {};               ///< by status / 100
  std::uint64_t timeouts = 0;  ///< deadlines that ended a connection, idle ones apart
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
};

struct Options {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0: any free one
  std::size_t io_threads = 2;
  std::size_t reader_threads = 2;
  std::size_t reader_queue = 1'024;
  /// Names a Host header may carry, without port ("localhost", "[::1]") or with one that must
  /// match. The listening address and localhost are always allowed.
  std::vector<std::string> hosts;
  /// Added to every answer that does not set them itself.
  std::vector<std::pair<std::string, std::string>> common_headers = {
      {"X-Content-Type-Options", "nosniff"}};
  Deadlines deadlines;
  Limits limits;
  Gate gate;          ///< required when a route or guard is not open
  Observer observer;  ///< may be empty
  Finisher finisher;  ///< may be empty
  /// Whether the process takes more memory than it may; asked for every piece of a body, on an I/O thread. May be empty.
  std::function<bool()> memory_is_short;
  /// Called by wait() once no connection is left and before the reader pool ends: lets work that nobody waits for
  /// any more give up. May be empty.
  std::function<void()> on_drained;
};

/// The HTTP/1.1 front: strict parsing, routing, deadlines, caps; knows nothing of what is served.
///
///   auto server = Server::start(std::move(router), std::move(options));
///   std::printf("listening on %s\n", (*server)->url().c_str());
///   … (*server)->stop(); (*server)->wait();
class Server {
 public:
  /// Listens and serves at once. Errors: ADDRESS_UNAVAILABLE (in use, no such address, no right).
  [[nodiscard]] static Result<std::unique_ptr<Server>> start(Router router, Options options);

  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  /// stop() and wait().
  ~Server();

  [[nodiscard]] std::uint16_t port() const;
  /// "http://127.0.0.1:8080".
  [[nodiscard]] std::string url() const;
  [[nodiscard]] const Router& router() const;
  [[nodiscard]] ReaderPool& reader_pool();
  [[nodiscard]] Metrics metrics() const;

  /// Begins to drain: no new connections, idle ones closed, requests in work answered and their
  /// connections closed; what is left after Deadlines::drain is cut. Any thread, repeatable.
  void stop();
  /// Until everything has ended.
  void wait();

 private:
  class Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace daybook::http
