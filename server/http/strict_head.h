#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "server/http/message.h"
#include "server/http/refusal.h"

namespace daybook::http {

/// What a request head may be; the rules beside these figures are fixed (strict_head.cpp).
struct HeadLimits {
  std::size_t head_bytes = 8 * 1024;
  std::size_t headers = 64;
  std::size_t target_bytes = 2 * 1024;
  /// Host names in lower case, without port (any port) or with one.
  std::vector<std::string> hosts;
};

/// How the body is delimited (RFC 9112, 6). Without Content-Length or Transfer-Encoding there is
/// none.
enum class Framing : std::uint8_t { None, Length, Chunked };

/// Reads one request head. Nothing is guessed: what RFC 9112 leaves to the recipient is refused, so
/// that no intermediary can read a request otherwise than this server.
class HeadParser {
 public:
  enum class State : std::uint8_t { NeedMore, Accepted, Refused };

  explicit HeadParser(const HeadLimits* limits) : limits_(limits) {}

  /// Looks at everything received of this head so far (`received` begins at its first byte; what
  /// was looked at before is not looked at again). On Accepted, `request` has all but body, peer
  /// and request_id, and `consumed()` bytes belong to the head.
  [[nodiscard]] State feed(std::string_view received, Request* request);
  /// For the next head.
  void reset();

  [[nodiscard]] const Refusal& refusal() const { return refusal_; }
  /// Set when the head was complete, refused or not.
  [[nodiscard]] std::size_t consumed() const { return consumed_; }
  [[nodiscard]] Framing framing() const { return framing_; }
  [[nodiscard]] std::uint64_t content_length() const { return content_length_; }
  [[nodiscard]] bool keep_alive() const { return keep_alive_; }
  [[nodiscard]] bool expects_continue() const { return expects_continue_; }
  /// The request's method is HEAD (also when refused): the answer has no body.
  [[nodiscard]] bool is_head() const { return is_head_; }

 private:
  State refuse(std::string_view code, std::string_view detail, bool close = true);
  State scan(std::string_view received);
  State check_request_line(std::string_view line);
  State check_request_line_so_far(unsigned char byte);
  State parse(std::string_view head, Request* request);
  State check_framing(const Request& request);
  State check_fields(const Request& request);
  State check_host(const Request& request);
  State check_expectations(const Request& request);
  State decode_target(Request* request, char* out);

  const HeadLimits* limits_;
  Refusal refusal_;
  std::size_t scanned_ = 0;
  std::size_t line_begin_ = 0;
  std::size_t lines_ = 0;
  std::size_t target_begin_ = 0;
  bool target_ended_ = false;
  std::size_t consumed_ = 0;
  bool http_1_0_ = false;
  Framing framing_ = Framing::None;
  std::uint64_t content_length_ = 0;
  bool keep_alive_ = true;
  bool expects_continue_ = false;
  bool is_head_ = false;
  bool unknown_method_ = false;
};

}  // namespace daybook::http
