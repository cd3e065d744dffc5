#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "server/http/router.h"
#include "server/http/server.h"

namespace daybook::http {

/// A GET as it goes over the wire; `headers` with their line ends.
inline std::string get(const std::string& target, const std::string& headers = "") {
  return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n";
}

/// An answer as it came over the wire.
struct Reply {
  unsigned status = 0;                         ///< 0: the connection ended instead
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;

  /// The `code` of a problem document, or "".
  [[nodiscard]] std::string code() const;
  [[nodiscard]] std::string header(const std::string& name) const;
};

/// A plain socket to the server under test: sends any bytes, reads answers. Every wait ends after
/// ten seconds at the latest and then looks like a closed connection.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port);
  RawClient(RawClient&& other) noexcept;
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  ~RawClient();

  /// False once the peer has reset the connection.
  bool send(std::string_view bytes);
  /// One answer; `head_only` for answers to HEAD.
  [[nodiscard]] Reply receive(bool head_only = false);
  /// send() and receive().
  [[nodiscard]] Reply ask(std::string_view bytes);
  /// True when the server has ended the connection and nothing was left to read.
  [[nodiscard]] bool closed();
  /// Everything until the server ends the connection.
  [[nodiscard]] std::string rest();
  /// Some bytes, "" at the end.
  [[nodiscard]] std::string some();

  void shut_down_sending();
  /// Ends with RST.
  void reset();
  /// The kernel keeps little for us, so that a server that writes much must wait.
  void shrink_receive_buffer();

 private:
  bool read_more();

  int socket_ = -1;
  std::string received_;
};

/// A server with a few generic routes:
///   GET  /hello             "hello" at once, on the I/O thread
///   GET  /things/{id}       the decoded id and its query parameter `q`
///   GET  /files/{path...}   the number of segments
///   GET  /pooled            "pooled", from the reader pool
///   GET  /later             "later", from another thread
///   GET  /coroutine         "coroutine", after a detour over the pool
///   GET  /stream            three chunks
///   GET  /secret            needs the right `read`: Bearer good has it, Bearer poor has not
///   POST /echo              the body (application/json, text/plain; 1,000 bytes), PUT the same
///   POST /upload            the number of bytes of a streamed body (application/x-ndjson)
///   POST /hold              the same, of one that is kept whole
///   GET  /throw, /drop, /never, /inject   handlers that fail, answer nothing, or set a bad header
class TestServer {
 public:
  explicit TestServer(Options options = {});

  [[nodiscard]] RawClient connect() const { return RawClient(server_->port()); }
  [[nodiscard]] Server& operator*() const { return *server_; }
  [[nodiscard]] Server* operator->() const { return server_.get(); }
  /// Polls until `done`, at most ten seconds.
  static bool eventually(const std::function<bool()>& done);

 private:
  std::unique_ptr<Server> server_;
};

/// The routes above, for tests that look at the table.
[[nodiscard]] Router test_routes(ReaderPool** pool);

/// Deadlines so short that tests wait for them.
[[nodiscard]] Deadlines short_deadlines();

}  // namespace daybook::http
