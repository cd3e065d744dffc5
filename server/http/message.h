#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "ledger/domain/invariant.h"

namespace daybook::http {

namespace net = boost::asio;

/// The methods this server knows; any other is answered 501 before routing.
enum class Method : std::uint8_t { Get, Head, Post, Put, Patch, Delete, Options };
inline constexpr std::size_t kMethodCount = 7;

/// "GET" …
[[nodiscard]] std::string_view name(Method method);
/// Exact spelling only (methods are case-sensitive).
[[nodiscard]] std::optional<Method> parse_method(std::string_view text);

/// ASCII letters compared without case, all else exactly.
[[nodiscard]] bool equal_ignoring_case(std::string_view left, std::string_view right);

/// The bytes of a request body: contiguous, always followed by kPadding zero bytes that a SIMD
/// parser may read past the end.
class Body {
 public:
  static constexpr std::size_t kPadding = 64;

  Body() = default;
  explicit Body(std::string_view text) { append(text); }
  Body(Body&& other) noexcept { swap(other); }
  Body& operator=(Body&& other) noexcept {
    Body moved(std::move(other));
    swap(moved);
    return *this;
  }

  [[nodiscard]] std::string_view text() const { return {data_.get(), size_}; }
  [[nodiscard]] const char* data() const { return data_.get(); }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  /// Bytes that may be read from data(), padding included.
  [[nodiscard]] std::size_t padded_size() const { return data_ ? size_ + kPadding : 0; }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }

  void append(std::string_view text);
  /// Room for `more` bytes behind the end, to be filled and then taken by `commit`.
  [[nodiscard]] std::span<char> prepare(std::size_t more);
  void commit(std::size_t written);
  void clear();

 private:
  void swap(Body& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

  std::unique_ptr<char[]> data_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;  ///< without the padding
};

/// A header as it was sent; `name` in the sender's case, `value` without surrounding blanks.
struct Field {
  std::string_view name;
  std::string_view value;
};

/// One `name=value` of the query, percent-decoded. A plus is a plus; a space is sent as %20.
struct QueryPair {
  std::string_view name;
  std::string_view value;
};

/// A request whose head was accepted. Movable between threads; every view points into memory that
/// the request owns and that stays in place when it is moved.
class Request {
 public:
  Request() = default;
  Request(Request&&) noexcept = default;
  Request& operator=(Request&&) noexcept = default;

  [[nodiscard]] Method method() const { return method_; }
  /// Path and query as sent (printable ASCII, at most 2 KB).
  [[nodiscard]] std::string_view target() const { return target_; }
  /// Decoded path segments: `/v1/accounts/a%20b` gives v1, accounts, "a b". Never empty, "." or
  /// "..".
  [[nodiscard]] std::span<const std::string_view> segments() const { return segments_; }
  /// The value of `{name}` of the route's pattern. A name that the pattern lacks breaks an
  /// invariant.
  [[nodiscard]] std::string_view param(std::string_view name) const;

  [[nodiscard]] std::span<const QueryPair> query_pairs() const { return query_; }
  /// The first value of `name`; absent is not empty.
  [[nodiscard]] std::optional<std::string_view> query(std::string_view name) const;
  [[nodiscard]] std::size_t query_count(std::string_view name) const;

  [[nodiscard]] std::span<const Field> headers() const { return headers_; }
  /// The first header of that name, compared without case.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
  /// Content-Type without parameters, as sent; empty when absent.
  [[nodiscard]] std::string_view media_type() const;
  /// The charset that Content-Type names, without quotes; empty where it names none.
  [[nodiscard]] std::string_view charset() const;

  [[nodiscard]] const Body& body() const { return body_; }
  [[nodiscard]] Body take_body() { return std::move(body_); }

  /// Address of the peer without port ("127.0.0.1", "::1").
  [[nodiscard]] std::string_view peer() const { return peer_; }
  /// 16 hex digits, different for every request; also in problem documents and observed exchanges. Empty where it did
  /// not come over HTTP.
  [[nodiscard]] std::string_view request_id() const { return {request_id_, request_id_[0] == 0 ? 0 : kRequestIdSize}; }

  /// What the gate (server.h) found out about the sender; empty on open routes.
  template <class T>
  [[nodiscard]] const T* principal() const {
    return static_cast<const T*>(principal_.get());
  }
  void set_principal(std::shared_ptr<const void> principal) { principal_ = std::move(principal); }

 private:
  friend class HeadParser;
  friend class RequestBuilder;
  friend class Session;
  friend class Router;

  static constexpr std::size_t kRequestIdSize = 16;

  Method method_ = Method::Get;
  bool http_1_0_ = false;
  char request_id_[kRequestIdSize] = {};
  std::unique_ptr<char[]> memory_;  ///< head as sent, then decoded path and query
  std::string_view target_;
  std::vector<std::string_view> segments_;
  std::vector<QueryPair> query_;
  std::vector<Field> headers_;
  const std::vector<std::pair<std::string, std::size_t>>* params_ =
      nullptr;  ///< name, segment index
  Body body_;
  std::string peer_;
  std::shared_ptr<const void> principal_;
};

/// Builds requests without a socket, for tests of handlers.
class RequestBuilder {
 public:
  RequestBuilder(Method method, std::string_view target);
  RequestBuilder& header(std::string name, std::string value);
  RequestBuilder& body(std::string_view text);
  RequestBuilder& principal(std::shared_ptr<const void> principal);
  [[nodiscard]] Request build();

 private:
  Method method_;
  std::string target_;
  std::vector<std::pair<std::string, std::string>> headers_;
  Body body_;
  std::shared_ptr<const void> principal_;
};

class ResponseWriter;  // streams.h

/// What is sent back. Content-Length, Date, Connection and Transfer-Encoding are the server's.
class Response {
 public:
  /// Called on the I/O thread after the head was sent; writes until it returns (streams.h).
  using Producer = std::function<net::awaitable<void>(ResponseWriter)>;

  Response() = default;
  explicit Response(unsigned status) : status_(status) {}
  Response(unsigned status, std::string content_type, std::string body)
      : status_(status), content_type_(std::move(content_type)), body_(std::move(body)) {}
  Response(Response&&) noexcept = default;
  Response& operator=(Response&&) noexcept = default;
  Response(const Response&) = default;
  Response& operator=(const Response&) = default;

  [[nodiscard]] static Response json(unsigned status, std::string body) {
    return Response(status, "application/json", std::move(body));
  }
  /// 200 with a body of unknown length (server-sent events, large files).
  [[nodiscard]] static Response stream(std::string content_type, Producer producer);

  [[nodiscard]] unsigned status() const { return status_; }
  void set_status(unsigned status) { status_ = status; }
  [[nodiscard]] std::string_view content_type() const { return content_type_; }
  void set_content_type(std::string content_type) { content_type_ = std::move(content_type); }

  /// Replaces a header of that name. A name that is no token, a value with CR, LF, NUL or another
  /// control character, or a header that is the server's: false, and the whole response becomes
  /// invalid(), for which the server answers 500 INTERNAL instead.
  bool set_header(std::string_view name, std::string_view value);
  /// Adds one more of that name (Set-Cookie); the same refusals.
  bool add_header(std::string_view name, std::string_view value);
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
  [[nodiscard]] bool invalid() const { return invalid_; }

  /// Append here; the bytes are written as they are.
  [[nodiscard]] std::string& body() { return body_; }
  [[nodiscard]] const std::string& body() const { return body_; }
  [[nodiscard]] const Producer& producer() const { return producer_; }

  /// Close the connection after this answer.
  void set_close() { close_ = true; }
  [[nodiscard]] bool close() const { return close_; }

  /// An answer to somebody without credentials: what its finisher adds for others is left out.
  void set_for_strangers() { for_strangers_ = true; }
  [[nodiscard]] bool for_strangers() const { return for_strangers_; }

  /// "Name: value\r\n" for each header set.
  [[nodiscard]] std::string_view header_lines() const { return header_lines_; }

 private:
  unsigned status_ = 200;
  bool close_ = false;
  bool for_strangers_ = false;
  bool invalid_ = false;
  std::string content_type_;
  std::string header_lines_;
  std::string body_;
  Producer producer_;
};

/// Takes the answers of handlers; the server's is a connection waiting for one.
class ReplySink {
 public:
  virtual ~ReplySink() = default;
  /// Called at most once for each `ticket`, from any thread; never blocks, never throws.
  virtual void deliver(std::uint64_t ticket, Response response) noexcept = 0;
  /// Instead of deliver(): nobody will answer.
  virtual void drop(std::uint64_t ticket) noexcept = 0;
};

/// The right and duty to answer one request, once, from any thread. Dropped without an answer it
/// answers 500 INTERNAL. May outlive the server; then the answer goes nowhere.
class Responder {
 public:
  Responder() = default;
  Responder(std::shared_ptr<ReplySink> sink, std::uint64_t ticket)
      : sink_(std::move(sink)), ticket_(ticket) {}
  /// Hands the answer to `take` (tests, composition).
  explicit Responder(std::function<void(Response)> take);
  Responder(Responder&&) noexcept = default;
  Responder& operator=(Responder&& other) noexcept;
  ~Responder();

  [[nodiscard]] explicit operator bool() const { return sink_ != nullptr; }
  /// A second call breaks an invariant. Inside a ReplyBatch the answer leaves when the batch ends.
  void respond(Response response);

 private:
  std::shared_ptr<ReplySink> sink_;
  std::uint64_t ticket_ = 0;
};

/// While one lives, answers given on this thread gather and leave together when it ends, waking
/// each I/O thread once. One thread that completes a group of requests makes one around the loop.
class ReplyBatch {
 public:
  ReplyBatch();
  ReplyBatch(const ReplyBatch&) = delete;
  ReplyBatch& operator=(const ReplyBatch&) = delete;
  ~ReplyBatch();
};

}  // namespace daybook::http
