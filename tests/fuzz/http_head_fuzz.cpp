#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "server/http/chunked_body.h"
#include "server/http/router.h"
#include "server/http/strict_head.h"
#include "server/http/utf8.h"

// Any bytes as the begin of a connection: strict head, router, chunked body. The first byte chooses
// how the rest is cut into pieces; however it is cut, the verdict must be the same.

namespace daybook::http {
namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

Route route(Method method, std::string pattern) {
  Doc doc{.operation_id = "id", .summary = "A route."};
  const Direct nothing{[](Request, Responder) {}};
  if (method == Method::Get)
    return Route(method, std::move(pattern), Auth::open(), std::move(doc), nothing);
  std::vector<BodyKind> bodies = {{.media_type = "application/json"}, {.media_type = "*"}};
  return Route(method, std::move(pattern), Auth::open(), std::move(bodies), std::move(doc),
               nothing);
}

const Router& router() {
  static const Router table = [] {
    Router made;
    made.add(route(Method::Get, "/"));
    made.add(route(Method::Get, "/a/{id}"));
    made.add(route(Method::Get, "/a/{id}/b"));
    made.add(route(Method::Get, "/a/fixed"));
    made.add(route(Method::Post, "/a/{id}"));
    made.add(route(Method::Get, "/files/{path...}"));
    made.guard("/a", Auth::any_of({}));
    return made;
  }();
  return table;
}

struct Verdict {
  HeadParser::State state = HeadParser::State::NeedMore;
  std::string_view code;
  std::size_t consumed = 0;
};

Verdict judge(std::string_view bytes, std::size_t step, Request* request, HeadParser* parser) {
  Verdict verdict;
  for (std::size_t end = 0; verdict.state == HeadParser::State::NeedMore && end < bytes.size();) {
    end = std::min(end + step, bytes.size());
    verdict.state = parser->feed(bytes.substr(0, end), request);
  }
  verdict.code = parser->refusal().code;
  verdict.consumed = parser->consumed();
  return verdict;
}

void check_accepted(std::string_view head, Request* request, const HeadParser& parser) {
  require(head.ends_with("\r\n\r\n"));
  require(head.find('\0') == head.npos);
  require(request->headers().size() <= 64);
  require(request->header("host").has_value());
  require(!(request->header("content-length") && request->header("transfer-encoding")));
  require((parser.framing() == Framing::Chunked) ==
          request->header("transfer-encoding").has_value());
  for (const std::string_view segment : request->segments()) {
    require(is_utf8(segment) && segment != "." && segment != ".." &&
            segment.find('/') == segment.npos);
  }
  for (const QueryPair& pair : request->query_pairs())
    require(is_utf8(pair.name) && is_utf8(pair.value));
  for (const Field& field : request->headers()) {
    require(!field.name.empty() && field.value.find_first_of("\r\n") == field.value.npos);
  }
  const Router::Match match = router().match(request);
  if (match.route == nullptr) return;
  static_cast<void>(Router::body_kind(*match.route, request->media_type()));
  if (match.route->pattern.find("{id}") != std::string::npos)
    require(!request->param("id").empty());
}

void check_chunks(std::string_view bytes, std::size_t step) {
  constexpr std::uint64_t kLimit = 5000;
  ChunkedBody pieces(kLimit);
  ChunkedBody whole(kLimit);
  Body body;
  Body body_of_whole;
  std::size_t taken = 0;
  const ChunkedBody::State expected = whole.feed(bytes, &body_of_whole, &taken);
  ChunkedBody::State state = ChunkedBody::State::NeedMore;
  std::size_t begin = 0;
  for (std::size_t end = 0; state == ChunkedBody::State::NeedMore && end < bytes.size();) {
    end = std::min(end + step, bytes.size());
    std::size_t consumed = 0;
    state = pieces.feed(bytes.substr(begin, end - begin), &body, &consumed);
    begin += consumed;
  }
  require(state == expected);
  require(body.size() <= kLimit && body.text() == body_of_whole.text());
  if (state == ChunkedBody::State::Done) require(begin == taken);
}

}  // namespace
}  // namespace daybook::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace daybook::http;
  if (size < 2) return 0;
  const std::size_t step = std::max<std::size_t>(1, data[0]);
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  HeadLimits limits;
  limits.hosts = {"localhost", "h"};

  HeadParser whole(&limits);
  HeadParser pieces(&limits);
  Request request;
  Request request_of_pieces;
  const Verdict first = judge(bytes, bytes.size(), &request, &whole);
  const Verdict second = judge(bytes, step, &request_of_pieces, &pieces);
  require(first.state == second.state);
  require(first.code == second.code && first.consumed == second.consumed);
  if (first.state == HeadParser::State::Accepted) {
    require(request.target() == request_of_pieces.target());
    check_accepted(bytes.substr(0, first.consumed), &request, whole);
    if (whole.framing() == Framing::Chunked) check_chunks(bytes.substr(first.consumed), step);
  }
  check_chunks(bytes, step);
  return 0;
}
