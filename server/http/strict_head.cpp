#include "server/http/strict_head.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <limits>
#include <utility>

#include <boost/beast/http/basic_parser.hpp>

#include "server/http/target.h"
#include "server/http/utf8.h"

// Two readers look at every head. `scan` walks the raw bytes as they come and refuses what no
// honest client sends: bare CR or LF, control characters, folded lines, too much of anything. Then
// Beast's parser takes the complete head apart, and the checks below refuse what Beast lets pass:
// any Transfer-Encoding but "chunked", repeated singletons, missing or foreign Host, wild targets.

namespace daybook::http {
namespace {

namespace beast_http = boost::beast::http;
using boost::beast::error_code;
using BeastText = boost::beast::string_view;

constexpr std::size_t kLongestMethod = 32;

std::string_view view(BeastText text) { return {text.data(), text.size()}; }

/// Collects the fields of one head; views point into the bytes that were given.
class FieldCollector final : public beast_http::basic_parser<true> {
 public:
  explicit FieldCollector(std::vector<Field>* fields) : fields_(fields) {}

  std::string_view method;
  std::string_view target;

 private:
  void on_request_impl(beast_http::verb /*verb*/, BeastText method_text, BeastText target_text,
                       int /*version*/, error_code& /*ec*/) override {
    method = view(method_text);
    target = view(target_text);
  }
  void on_response_impl(int /*code*/, BeastText /*reason*/, int /*version*/,
                        error_code& /*ec*/) override {}
  void on_field_impl(beast_http::field /*field*/, BeastText name, BeastText value,
                     error_code& /*ec*/) override {
    fields_->push_back({view(name), view(value)});
  }
  void on_header_impl(error_code& /*ec*/) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>& /*length*/,
                         error_code& /*ec*/) override {}
  std::size_t on_body_impl(BeastText body, error_code& /*ec*/) override { return body.size(); }
  void on_chunk_header_impl(std::uint64_t /*size*/, BeastText /*extensions*/,
                            error_code& /*ec*/) override {}
  std::size_t on_chunk_body_impl(std::uint64_t /*remain*/, BeastText body,
                                 error_code& /*ec*/) override {
    return body.size();
  }
  void on_finish_impl(error_code& /*ec*/) override {}

  std::vector<Field>* fields_;
};

/// Headers of which a second one is an attempt to be read in two ways.
bool is_singleton(std::string_view name) {
  constexpr std::array<std::string_view, 25> kSingletons = {"authorization",
                                                            "content-encoding",
                                                            "content-length",
                                                            "content-location",
                                                            "content-range",
                                                            "content-type",
                                                            "cookie",
                                                            "date",
                                                            "expect",
                                                            "from",
                                                            "host",
                                                            "idempotency-key",
                                                            "if-match",
                                                            "if-modified-since",
                                                            "if-none-match",
                                                            "if-range",
                                                            "if-unmodified-since",
                                                            "last-event-id",
                                                            "max-forwards",
                                                            "origin",
                                                            "range",
                                                            "referer",
                                                            "transfer-encoding",
                                                            "traceparent",
                                                            "user-agent"};
  const auto is_family = [&](std::string_view prefix) {
    return name.size() > prefix.size() &&
           equal_ignoring_case(name.substr(0, prefix.size()), prefix);
  };
  if (is_family("ce-") || is_family("daybook-") || is_family("sec-fetch-")) return true;
  return std::any_of(kSingletons.begin(), kSingletons.end(), [&](std::string_view singleton) {
    return equal_ignoring_case(name, singleton);
  });
}

bool is_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// True when the comma-separated `list` has `token`.
bool has_token(std::string_view list, std::string_view token) {
  while (!list.empty()) {
    std::string_view item = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), item.size() + 1));
    while (!item.empty() && (item.front() == ' ' || item.front() == '\t')) item.remove_prefix(1);
    while (!item.empty() && (item.back() == ' ' || item.back() == '\t')) item.remove_suffix(1);
    if (equal_ignoring_case(item, token)) return true;
  }
  return false;
}

struct HostParts {
  std::string_view name;
  std::string_view port;
};

/// `name[:port]` or `[v6][:port]`; null where it is neither.
std::optional<HostParts> parse_host(std::string_view host) {
  std::size_t end = 0;
  if (!host.empty() && host.front() == '[') {
    end = host.find(']');
    if (end == std::string_view::npos || end < 3) return std::nullopt;
    ++end;
    if (host.substr(1, end - 2).find_first_not_of("0123456789abcdefABCDEF:.") !=
        std::string_view::npos) {
      return std::nullopt;
    }
  } else {
    end = std::min(host.find(':'), host.size());
    if (end == 0) return std::nullopt;
    for (const char c : host.substr(0, end)) {
      const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '.' && c != '_') {
        return std::nullopt;
      }
    }
  }
  HostParts parts{host.substr(0, end), {}};
  if (end < host.size()) {
    parts.port = host.substr(end + 1);
    if (host[end] != ':' || !is_digits(parts.port) || parts.port.size() > 5) return std::nullopt;
  }
  return parts;
}

}  // namespace

void HeadParser::reset() { *this = HeadParser(limits_); }

HeadParser::State HeadParser::refuse(std::string_view code, std::string_view detail, bool close) {
  refusal_ = {code, detail, close};
  return State::Refused;
}

HeadParser::State HeadParser::feed(std::string_view received, Request* request) {
  const State scanned = scan(received);
  if (scanned != State::Accepted) return scanned;
  return parse(received.substr(0, consumed_), request);
}

/// Judges byte by byte, so that the verdict does not depend on how the bytes were cut into
/// segments.
HeadParser::State HeadParser::scan(std::string_view received) {
  const std::size_t end = std::min(received.size(), limits_->head_bytes);
  for (; scanned_ < end; ++scanned_) {
    const auto byte = static_cast<unsigned char>(received[scanned_]);
    if (lines_ == 0 && check_request_line_so_far(byte) == State::Refused) return State::Refused;
    if (byte > 0x20 && byte != 0x7F) continue;
    const bool line_start = scanned_ == line_begin_;
    if (byte == ' ' || byte == '\t') {
      if (!line_start && (byte == ' ' || lines_ > 0)) continue;
      return refuse("MALFORMED_HEADER",
                    "A header line begins with a blank, or a tab is misplaced; write each header on one line.");
    }
    if (byte != '\r') {
      return refuse("MALFORMED_FRAMING",
                    "The head has a control character, or a line that does not end with CR LF; send neither.");
    }
    if (scanned_ + 1 == received.size()) break;
    if (received[scanned_ + 1] != '\n') {
      return refuse("MALFORMED_FRAMING", "The head has a CR without LF; end each line with both.");
    }
    if (line_start) {
      if (lines_ == 0) return refuse("MALFORMED_FRAMING", "The request begins with an empty line; begin with METHOD TARGET HTTP/1.1.");
      if (scanned_ + 2 > limits_->head_bytes) break;
      consumed_ = scanned_ + 2;
      return State::Accepted;
    }
    if (lines_ == 0) {
      const State checked = check_request_line(received.substr(0, scanned_));
      if (checked == State::Refused) return checked;
    }
    if (lines_++ > limits_->headers) {
      return refuse("HEADERS_TOO_LARGE", "There are too many headers; send at most 64.");
    }
    ++scanned_;
    line_begin_ = scanned_ + 1;
  }
  if (received.size() >= limits_->head_bytes) {
    return refuse("HEADERS_TOO_LARGE", "The request line and headers are too large; send at most 8 KB in all.");
  }
  return State::NeedMore;
}

/// The limits of method and target, at the byte that passes them.
HeadParser::State HeadParser::check_request_line_so_far(unsigned char byte) {
  if (byte == ' ' && target_begin_ == 0) {
    target_begin_ = scanned_ + 1;
  } else if (byte == ' ' || byte == '\r') {
    target_ended_ = target_begin_ != 0;
  } else if (target_begin_ == 0 && scanned_ >= kLongestMethod) {
    return refuse("MALFORMED_FRAMING", "The request does not begin with a method; begin with METHOD TARGET HTTP/1.1.");
  } else if (target_begin_ != 0 && !target_ended_ &&
             scanned_ - target_begin_ >= limits_->target_bytes) {
    return refuse("TARGET_TOO_LONG", "Path and query are too long; send at most 2 KB.");
  }
  return State::NeedMore;
}

HeadParser::State HeadParser::check_request_line(std::string_view line) {
  const std::size_t method_end = line.find(' ');
  const std::size_t target_end =
      method_end == std::string_view::npos ? method_end : line.find(' ', method_end + 1);
  if (target_end == std::string_view::npos || method_end == 0 || target_end == method_end + 1) {
    return refuse("MALFORMED_FRAMING", "The request line is not METHOD TARGET HTTP/1.1.");
  }
  const std::string_view version = line.substr(target_end + 1);
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (version.size() != 8 || !version.starts_with("HTTP/") || !digit(version[5]) ||
      version[6] != '.' || !digit(version[7])) {
    return refuse("MALFORMED_FRAMING", "The request line is not METHOD TARGET HTTP/1.1.");
  }
  is_head_ = line.substr(0, method_end) == "HEAD";
  http_1_0_ = version == "HTTP/1.0";
  if (!http_1_0_ && version != "HTTP/1.1") {
    return refuse("VERSION_NOT_SUPPORTED", "This server speaks HTTP/1.1 alone; send the request in that version.");
  }
  return State::Accepted;
}

HeadParser::State HeadParser::parse(std::string_view head, Request* request) {
  // One allocation keeps the head as sent and, behind it, path and query decoded (never longer).
  request->memory_ = std::make_unique_for_overwrite<char[]>(head.size() * 2);
  std::memcpy(request->memory_.get(), head.data(), head.size());
  request->headers_.clear();
  request->headers_.reserve(lines_);
  FieldCollector parser(&request->headers_);
  parser.header_limit(std::numeric_limits<std::uint32_t>::max());
  parser.body_limit(boost::none);
  error_code error;
  const std::size_t taken = parser.put({request->memory_.get(), head.size()}, error);
  if (error == beast_http::error::bad_target) {
    return refuse("BAD_TARGET", "The path has characters that must be percent-encoded.", true);
  }
  if (error == beast_http::error::bad_field || error == beast_http::error::bad_value) {
    return refuse("MALFORMED_HEADER", "A header's name or value is malformed; mind RFC 9110, section 5.");
  }
  if (error == beast_http::error::bad_content_length) {
    return refuse("MALFORMED_FRAMING", "Content-Length is a whole number of bytes, in digits alone; send one of it, or Transfer-Encoding: chunked.");
  }
  if (error == beast_http::error::bad_method) {
    return refuse("MALFORMED_FRAMING", "The request begins with its method, in capital letters, as in GET /v1/invoices HTTP/1.1.");
  }
  if (error || taken != head.size()) {
    return refuse("MALFORMED_FRAMING", "The head of the request is malformed, or says twice how long the body is; send one Content-Length, or Transfer-Encoding: chunked.");
  }
  request->target_ = parser.target;
  request->http_1_0_ = http_1_0_;
  const std::optional<Method> method = parse_method(parser.method);
  request->method_ = method.value_or(Method::Options);
  unknown_method_ = !method.has_value();

  State state = check_framing(*request);
  if (state == State::Accepted) state = check_fields(*request);
  if (state == State::Accepted) state = check_host(*request);
  if (state == State::Accepted) {
    state = decode_target(request, request->memory_.get() + head.size());
  }
  if (state == State::Accepted) state = check_expectations(*request);
  return state;
}

/// Framing first: while it is in doubt, nothing else of the request may be believed.
HeadParser::State HeadParser::check_framing(const Request& request) {
  std::optional<std::string_view> length;
  std::optional<std::string_view> coding;
  bool says_close = false;
  bool says_keep_alive = false;
  for (const Field& field : request.headers_) {
    if (equal_ignoring_case(field.name, "content-length")) {
      if (length) return refuse("MALFORMED_FRAMING", "Content-Length is given twice; send it once.");
      length = field.value;
    } else if (equal_ignoring_case(field.name, "transfer-encoding")) {
      if (coding) return refuse("MALFORMED_FRAMING", "Transfer-Encoding is given twice; send it once.");
      coding = field.value;
    } else if (equal_ignoring_case(field.name, "connection")) {
      says_close = says_close || has_token(field.value, "close");
      says_keep_alive = says_keep_alive || has_token(field.value, "keep-alive");
    }
  }
  keep_alive_ = !says_close && (!http_1_0_ || says_keep_alive);
  if (coding && (length || http_1_0_)) {
    return refuse("MALFORMED_FRAMING",
                  "Transfer-Encoding is not possible together with Content-Length or HTTP/1.0.");
  }
  if (coding) {
    if (*coding != "chunked") {
      return refuse("UNSUPPORTED_TRANSFER_CODING", "The only transfer coding here is chunked; send that, or Content-Length.");
    }
    framing_ = Framing::Chunked;
  }
  if (length) {
    const char* const end = length->data() + length->size();
    if (!is_digits(*length) ||
        std::from_chars(length->data(), end, content_length_).ec != std::errc{}) {
      return refuse("MALFORMED_FRAMING", "Content-Length is not a number of bytes; write it in digits.");
    }
    framing_ = content_length_ > 0 ? Framing::Length : Framing::None;
  }
  return State::Accepted;
}

HeadParser::State HeadParser::check_fields(const Request& request) {
  const std::vector<Field>& fields = request.headers_;
  if (fields.size() > limits_->headers) {
    return refuse("HEADERS_TOO_LARGE", "There are too many headers; send at most 64.");
  }
  if (unknown_method_)
    return refuse("UNKNOWN_METHOD", "This server does not know the method; methods are in capitals, such as GET and POST.", false);
  for (std::size_t index = 0; index < fields.size(); ++index) {
    if (!is_utf8(fields[index].value)) {
      return refuse("MALFORMED_HEADER", "A header's value is not UTF-8; send it in that encoding.");
    }
    for (std::size_t other = 0; other < index; ++other) {
      if (equal_ignoring_case(fields[index].name, fields[other].name) &&
          !equal_ignoring_case(fields[index].name, "host") && is_singleton(fields[index].name)) {
        return refuse("DUPLICATE_HEADER", "A header that may stand once is given twice; send it once.", false);
      }
    }
  }
  return State::Accepted;
}

HeadParser::State HeadParser::check_host(const Request& request) {
  std::optional<std::string_view> host;
  for (const Field& field : request.headers_) {
    if (!equal_ignoring_case(field.name, "host")) continue;
    if (host) return refuse("BAD_HOST", "There are two Host headers; send one.", false);
    host = field.value;
  }
  const std::optional<HostParts> parts = host ? parse_host(*host) : std::nullopt;
  if (!parts) return refuse("BAD_HOST", "The Host header is missing or malformed; send the name and port that you called.", false);
  for (const std::string& allowed : limits_->hosts) {
    if (equal_ignoring_case(allowed, *host) || equal_ignoring_case(allowed, parts->name)) {
      return State::Accepted;
    }
  }
  return refuse("MISDIRECTED_REQUEST", "This server does not answer for the host that was named; call it by the address it listens on, or localhost.",
                false);
}

HeadParser::State HeadParser::check_expectations(const Request& request) {
  if (const auto expect = request.header("expect")) {
    if (!equal_ignoring_case(*expect, "100-continue")) {
      return refuse("MALFORMED_HEADER", "The only expectation met here is 100-continue; leave out any other.");
    }
    expects_continue_ = !http_1_0_;
  }
  if (request.header("upgrade")) {
    return refuse("MALFORMED_HEADER", "This server does not switch protocols; leave out Upgrade.");
  }
  const bool may_have_body = request.method_ == Method::Post || request.method_ == Method::Put ||
                             request.method_ == Method::Patch;
  if (framing_ != Framing::None && !may_have_body) {
    return refuse("UNEXPECTED_BODY", "A request of this method has no body; send it without one.");
  }
  return State::Accepted;
}

HeadParser::State HeadParser::decode_target(Request* request, char* out) {
  request->segments_.clear();
  request->query_.clear();
  const std::string_view fault =
      decode(request->target_, out, &request->segments_, &request->query_);
  return fault.empty() ? State::Accepted : refuse("BAD_TARGET", fault, false);
}

}  // namespace daybook::http
