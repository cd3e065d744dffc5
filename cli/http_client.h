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
  /// The same, but for the body of an answer of 200, which is then taken with `next_piece`.
  [[nodiscard]] Outcome<HttpAnswer> begin(const Request& request);
  /// Puts at least one byte behind `out`; false at the end of the body, or where it breaks off: `is_whole` says which.
  [[nodiscard]] bool next_piece(std::string& out);
  [[nodiscard]] bool is_whole() const { return form_ == Form::Ended; }
  [[nodiscard]] tl::unexpected<Failure> broke_off() const;

 private:
  /// How the end of a body is told.
  enum class Form { Ended, Chunked, Sized, UntilClosed, Broken };
  enum class Wanted { All, Head };
  [[nodiscard]] Outcome<void> connect();
  void disconnect();
  [[nodiscard]] Outcome<HttpAnswer> perform(const Request& request, Wanted wanted);
  [[nodiscard]] Outcome<HttpAnswer> exchange(const std::string& head, const Request& request, Wanted wanted);
  [[nodiscard]] bool write_all(std::string_view bytes);
  /// Reads more into the buffer; false at the end of the connection.
  [[nodiscard]] bool read_more();
  [[nodiscard]] bool read_line(std::string& line);
  void begin_body(const HttpAnswer& answer);
  /// Whether another chunk begins; else the body is over, or broken.
  [[nodiscard]] bool begin_chunk();
  [[nodiscard]] tl::unexpected<Failure> unreachable(std::string_view what) const;

  ServerUrl url_;
  int socket_ = -1;
  std::string buffer_;
  std::size_t read_ = 0;  ///< of the buffer
  Form form_ = Form::Ended;
  std::size_t left_ = 0;  ///< of the chunk, or of the body
};

}  // namespace daybook::cli
