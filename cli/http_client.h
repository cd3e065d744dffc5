#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/outcome.h"

namespace daybook::cli {

struct HttpAnswer {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
  std::string body;

  /// Empty where there is no such header. `name` in lower case.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// `http://HOST[:PORT]`, without a path.
struct ServerUrl {
  std::string host;  ///< without brackets
  std::string port;
  /// As it stands in a Host header.
  [[nodiscard]] std::string authority() const;
  /// Errors: Usage.
  [[nodiscard]] static Outcome<ServerUrl> parse(std::string_view url);
};

/// HTTP/1.1 to one server over one kept connection, for the command line alone: one request at a time, bodies of known
/// length, no redirects.
class HttpClient {
 public:
  explicit HttpClient(ServerUrl url) : url_(std::move(url)) {}
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  struct Request {
    std::string_view method;
    std::string_view path;
    std::vector<std::pair<std::string_view, std::string_view>> headers;
    std::string_view body;
  };
  /// Sends and waits up to ten minutes. A kept connection that the server had closed is opened again once.
  /// Errors: Unreachable; the request may have been performed all the same.
  [[nodiscard]] Outcome<HttpAnswer> send(const Request& request);

 private:
  [[nodiscard]] Outcome<void> connect();
  void disconnect();
  [[nodiscard]] Outcome<HttpAnswer> exchange(const std::string& head, const Request& request);
  [[nodiscard]] bool write_all(std::string_view bytes);
  /// Reads more into the buffer; false at the end of the connection.
  [[nodiscard]] bool read_more();
  [[nodiscard]] bool read_line(std::string& line);
  [[nodiscard]] bool read_bytes(std::size_t count, std::string& out);
  [[nodiscard]] bool read_body(const HttpAnswer& answer, std::string& out);
  [[nodiscard]] tl::unexpected<Failure> unreachable(std::string_view what) const;

  ServerUrl url_;
  int socket_ = -1;
  std::string buffer_;
  std::size_t read_ = 0;  ///< of the buffer
};

}  // namespace daybook::cli
