#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/server/http_support.h"

// The strict layer over a socket: what no honest client sends gets its exact answer, and the
// connection ends whenever it could be doubted where the next request begins.

namespace daybook::http {
namespace {

struct Case {
  std::string name;
  std::string bytes;
  unsigned status;
  std::string code;
  bool closes;
};

std::string repeated(std::size_t times, const std::string& text) {
  std::string all;
  for (std::size_t index = 0; index < times; ++index) all += text;
  return all;
}

std::string post(const std::string& headers, const std::string& body = "") {
  return "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n" + headers +
         "\r\n" + body;
}
using std::string_literals::operator""s;

std::vector<Case> cases() {
  const std::string kChunked = "Transfer-Encoding: chunked\r\n";
  return {
      // Content-Length and Transfer-Encoding
      {"LengthThenChunked", post("Content-Length: 4\r\n" + kChunked, "0\r\n\r\n"), 400,
       "MALFORMED_FRAMING", true},
      {"ChunkedThenLength", post(kChunked + "Content-Length: 4\r\n", "0\r\n\r\n"), 400,
       "MALFORMED_FRAMING", true},
      {"XChunked", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 501,
       "UNSUPPORTED_TRANSFER_CODING", true},
      {"ChunkedInCapitals", post("Transfer-Encoding: Chunked\r\n", "0\r\n\r\n"), 501,
       "UNSUPPORTED_TRANSFER_CODING", true},
      {"GzipChunked", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 501,
       "UNSUPPORTED_TRANSFER_CODING", true},
      {"ChunkedIdentity", post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"), 501,
       "UNSUPPORTED_TRANSFER_CODING", true},
      {"IdentityWithLength", post("Transfer-Encoding: identity\r\nContent-Length: 4\r\n", "abcd"),
       400, "MALFORMED_FRAMING", true},
      {"EmptyCoding", post("Transfer-Encoding:\r\n", "0\r\n\r\n"), 501,
       "UNSUPPORTED_TRANSFER_CODING", true},
      {"ChunkedOnHttp10", "POST /echo HTTP/1.0\r\nHost: localhost\r\n" + kChunked + "\r\n0\r\n\r\n",
       400, "MALFORMED_FRAMING", true},
      {"ChunkedTwice", post(kChunked + kChunked, "0\r\n\r\n"), 400, "MALFORMED_FRAMING", true},
      {"BlankBeforeColon", post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n"), 400,
       "MALFORMED_HEADER", true},
      {"VerticalTabBeforeValue", post("Transfer-Encoding: \vchunked\r\n", "0\r\n\r\n"), 400,
       "MALFORMED_FRAMING", true},
      {"FoldedHeader", post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n"), 400,
       "MALFORMED_HEADER", true},
      {"LengthsDiffer", post("Content-Length: 4\r\nContent-Length: 5\r\n", "abcde"), 400,
       "MALFORMED_FRAMING", true},
      {"LengthTwice", post("Content-Length: 4\r\nContent-Length: 4\r\n", "abcd"), 400,
       "MALFORMED_FRAMING", true},
      {"LengthList", post("Content-Length: 4, 4\r\n", "abcd"), 400, "MALFORMED_FRAMING", true},
      {"LengthPlus", post("Content-Length: +4\r\n", "abcd"), 400, "MALFORMED_FRAMING", true},
      {"LengthMinus", post("Content-Length: -1\r\n"), 400, "MALFORMED_FRAMING", true},
      {"LengthHex", post("Content-Length: 0x4\r\n", "abcd"), 400, "MALFORMED_FRAMING", true},
      {"LengthEmpty", post("Content-Length:\r\n", "abcd"), 400, "MALFORMED_FRAMING", true},
      {"LengthOverflows", post("Content-Length: 18446744073709551620\r\n", "abcd"), 400,
       "MALFORMED_FRAMING", true},
      {"LengthHuge", post("Content-Length: 9999999999\r\n"), 413, "BODY_TOO_LARGE", true},
      {"LengthOverLimit", post("Content-Length: 1001\r\n"), 413, "BODY_TOO_LARGE", true},
      {"OneByteChunksOverLimit", post(kChunked, repeated(70'000, "1\r\nx\r\n")), 413,
       "BODY_TOO_LARGE", true},
      {"ChunkAnnouncesTooMuch", post(kChunked, "3e9\r\n"), 413, "BODY_TOO_LARGE", true},
      {"ChunkSizeOverflows", post(kChunked, "fffffffffffffffff\r\n"), 400, "MALFORMED_FRAMING",
       true},
      {"ChunkSizeWithPrefix", post(kChunked, "0x1\r\nx\r\n"), 400, "MALFORMED_FRAMING", true},
      {"ChunkSizeNegative", post(kChunked, "-1\r\nx\r\n"), 400, "MALFORMED_FRAMING", true},
      {"ChunkWithoutItsEnd", post(kChunked, "1\r\nxy\r\n0\r\n\r\n"), 400, "MALFORMED_FRAMING",
       true},
      {"LongChunkExtension", post(kChunked, "1;" + std::string(20'000, 'e') + "\r\nx\r\n"), 400,
       "MALFORMED_FRAMING", true},
      {"LengthInTrailer", post(kChunked, "1\r\nx\r\n0\r\nContent-Length: 5\r\n\r\n"), 400,
       "MALFORMED_FRAMING", true},
      // line ends and bytes
      {"BareLineFeeds", "GET /hello HTTP/1.1\nHost: localhost\n\n", 400, "MALFORMED_FRAMING", true},
      {"BareLineFeedInHeaders", "GET /hello HTTP/1.1\r\nHost: localhost\nX: y\r\n\r\n", 400,
       "MALFORMED_FRAMING", true},
      {"BareCarriageReturn", "GET /hello HTTP/1.1\rHost: localhost\r\r", 400, "MALFORMED_FRAMING",
       true},
      {"NulInValue", get("/hello", "X: a\0b\r\n"s), 400, "MALFORMED_FRAMING", true},
      {"NulInTarget", get("/he\0llo"s), 400, "MALFORMED_FRAMING", true},
      {"LeadingEmptyLine", "\r\n" + get("/hello"), 400, "MALFORMED_FRAMING", true},
      {"LeadingBlank", " " + get("/hello"), 400, "MALFORMED_HEADER", true},
      {"NoColon", get("/hello", "Nonsense\r\n"), 400, "MALFORMED_HEADER", true},
      {"NameWithBlank", get("/hello", "A B: c\r\n"), 400, "MALFORMED_HEADER", true},
      {"EmptyName", get("/hello", ": c\r\n"), 400, "MALFORMED_HEADER", true},
      {"ValueNotUtf8", get("/hello", "X: \xff\r\n"), 400, "MALFORMED_HEADER", true},
      // host
      {"NoHost", "GET /hello HTTP/1.1\r\n\r\n", 400, "BAD_HOST", false},
      {"TwoHosts", get("/hello", "Host: localhost\r\n"), 400, "BAD_HOST", false},
      {"EmptyHost", "GET /hello HTTP/1.1\r\nHost:\r\n\r\n", 400, "BAD_HOST", false},
      {"HostWithUser", "GET /hello HTTP/1.1\r\nHost: a@localhost\r\n\r\n", 400, "BAD_HOST", false},
      {"HostWithBadPort", "GET /hello HTTP/1.1\r\nHost: localhost:http\r\n\r\n", 400, "BAD_HOST",
       false},
      {"UnknownHost", "GET /hello HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421,
       "MISDIRECTED_REQUEST", false},
      {"HostThatBeginsAlike", "GET /hello HTTP/1.1\r\nHost: localhost.evil.example\r\n\r\n", 421,
       "MISDIRECTED_REQUEST", false},
      // target
      {"RawHighBytes", get("/caf\xc3\xa9"), 400, "BAD_TARGET", false},
      {"OverlongUtf8", get("/%c0%af"), 400, "BAD_TARGET", false},
      {"EncodedNul", get("/a%00b"), 400, "BAD_TARGET", false},
      {"EncodedNulInQuery", get("/things/a?q=%00"), 400, "BAD_TARGET", false},
      {"EncodedSlashes", get("/..%2f..%2fadmin"), 400, "BAD_TARGET", false},
      {"DotDot", get("/things/../secret"), 400, "BAD_TARGET", false},
      {"EncodedDotDot", get("/things/%2e%2E/secret"), 400, "BAD_TARGET", false},
      {"Dot", get("/./hello"), 400, "BAD_TARGET", false},
      {"Backslash", get("/a\\b"), 400, "BAD_TARGET", false},
      {"EncodedBackslash", get("/a%5cb"), 400, "BAD_TARGET", false},
      {"CutEscape", get("/a%2"), 400, "BAD_TARGET", false},
      {"NoEscape", get("/a%zz"), 400, "BAD_TARGET", false},
      {"Surrogate", get("/%ed%a0%80"), 400, "BAD_TARGET", false},
      {"AbsoluteForm", "GET http://localhost/hello HTTP/1.1\r\nHost: localhost\r\n\r\n", 400,
       "BAD_TARGET", false},
      {"AsteriskForm", "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, "BAD_TARGET", false},
      {"Fragment", get("/hello#top"), 400, "BAD_TARGET", false},
      {"TargetOf8Kb", get("/" + std::string(8 * 1024, 'a')), 414, "TARGET_TOO_LONG", true},
      {"TargetOf2049", get("/" + std::string(2048, 'a')), 414, "TARGET_TOO_LONG", true},
      // methods and versions
      {"Trace", "TRACE /hello HTTP/1.1\r\nHost: localhost\r\n\r\n", 501, "UNKNOWN_METHOD", false},
      {"Connect", "CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n", 501, "UNKNOWN_METHOD",
       false},
      {"Foo", "FOO /hello HTTP/1.1\r\nHost: localhost\r\n\r\n", 501, "UNKNOWN_METHOD", false},
      {"LowerCaseMethod", "get /hello HTTP/1.1\r\nHost: localhost\r\n\r\n", 501, "UNKNOWN_METHOD",
       false},
      {"UnknownMethodWithBody",
       "FOO /hello HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\n", 501,
       "UNKNOWN_METHOD", true},
      {"Http09", "GET /hello\r\n", 400, "MALFORMED_FRAMING", true},
      {"Http19", "GET /hello HTTP/1.9\r\nHost: localhost\r\n\r\n", 505, "VERSION_NOT_SUPPORTED",
       true},
      {"Http31", "GET /hello HTTP/3.1\r\nHost: localhost\r\n\r\n", 505, "VERSION_NOT_SUPPORTED",
       true},
      {"Http2Preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "VERSION_NOT_SUPPORTED", true},
      {"LowerCaseVersion", "GET /hello http/1.1\r\nHost: localhost\r\n\r\n", 400,
       "MALFORMED_FRAMING", true},
      {"TwoBlanks", "GET  /hello HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, "MALFORMED_FRAMING",
       true},
      {"FourWords", "GET /hello there HTTP/1.1\r\nHost: localhost\r\n\r\n", 400,
       "MALFORMED_FRAMING", true},
      {"TlsHello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s, 400, "MALFORMED_FRAMING", true},
      {"EndlessMethod", std::string(100, 'G'), 400, "MALFORMED_FRAMING", true},
      // limits and singletons
      {"NineKbOfHeaders", get("/hello", "X: " + std::string(9 * 1024, 'x') + "\r\n"), 431,
       "HEADERS_TOO_LARGE", true},
      {"ThousandHeaders", get("/hello", repeated(1000, "a:b\r\n")), 431, "HEADERS_TOO_LARGE", true},
      {"SixtyFiveHeaders", get("/hello", repeated(64, "a:b\r\n")), 431, "HEADERS_TOO_LARGE", true},
      {"TwoAuthorizations", get("/hello", "Authorization: a\r\nauthorization: b\r\n"), 400,
       "DUPLICATE_HEADER", false},
      {"TwoIdempotencyKeys", get("/hello", "Idempotency-Key: a\r\nIdempotency-Key: a\r\n"), 400,
       "DUPLICATE_HEADER", false},
      {"TwoContentTypes", post("Content-Type: text/plain\r\nContent-Length: 1\r\n", "x"), 400,
       "DUPLICATE_HEADER", false},
      {"TwoOfAFamily", get("/hello", "ce-id: a\r\nCE-Id: b\r\n"), 400, "DUPLICATE_HEADER", false},
      // bodies and expectations
      {"GetWithBody", get("/hello", "Content-Length: 5\r\n") + "hello", 400, "UNEXPECTED_BODY",
       true},
      {"GetWithChunks", get("/hello", kChunked) + "0\r\n\r\n", 400, "UNEXPECTED_BODY", true},
      {"DeleteWithBody", "DELETE /hello HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx",
       400, "UNEXPECTED_BODY", true},
      {"OtherExpectation", post("Expect: 200-ok\r\nContent-Length: 1\r\n", "x"), 400,
       "MALFORMED_HEADER", true},
      {"Upgrade", get("/hello", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"), 400,
       "MALFORMED_HEADER", true},
      // what routes accept
      {"UnknownPath", get("/nothing"), 404, "NOT_FOUND", false},
      {"TrailingSlash", get("/hello/"), 404, "NOT_FOUND", false},
      {"DoubleSlash", get("//hello"), 404, "NOT_FOUND", false},
      {"EncodedOnce", get("/things%252fa"), 404, "NOT_FOUND", false},
      {"WrongMethod", "DELETE /hello HTTP/1.1\r\nHost: localhost\r\n\r\n", 405,
       "METHOD_NOT_SUPPORTED", false},
      {"UnknownQuery", get("/hello?x=1"), 400, "BAD_QUERY", false},
      {"QueryTwice", get("/things/a?q=1&q=2"), 400, "BAD_QUERY", false},
      {"NoContentType", "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx", 415,
       "UNSUPPORTED_MEDIA_TYPE", false},
      {"OtherContentType",
       "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: "
       "1\r\n\r\nx",
       415, "UNSUPPORTED_MEDIA_TYPE", false},
      {"CompressedBody", post("Content-Encoding: gzip\r\nContent-Length: 1\r\n", "x"), 415,
       "UNSUPPORTED_MEDIA_TYPE", false},
      {"NoCredentials", get("/secret"), 401, "UNAUTHENTICATED", false},
      {"RefusedBeforeItsBody",
       "POST /secret-echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
       "text/plain\r\nContent-Length: 900\r\n\r\n",
       401, "UNAUTHENTICATED", true},
      {"GuardedPath", get("/guarded/anything"), 401, "UNAUTHENTICATED", false},
      {"GuardedPathInDisguise", get("/%67uarded/anything"), 401, "UNAUTHENTICATED", false},
  };
}

TestServer start_server() {
  Options options;
  options.limits.connections_per_ip = 1000;
  return TestServer(std::move(options));
}

TEST(HttpFraming, GivesEveryCaseItsAnswerAndClosesWhenInDoubt) {
  const TestServer server = start_server();
  for (const Case& item : cases()) {
    SCOPED_TRACE(item.name);
    RawClient client = server.connect();
    client.send(item.bytes);
    const Reply reply = client.receive();
    EXPECT_EQ(reply.status, item.status);
    EXPECT_EQ(reply.code(), item.code) << reply.body;
    EXPECT_EQ(reply.header("content-type"), "application/problem+json");
    if (item.closes) {
      EXPECT_EQ(reply.header("connection"), "close");
      client.shut_down_sending();
      EXPECT_EQ(client.rest(), "") << "nothing of the request may be answered as another request";
    } else {
      const Reply next = client.ask(get("/hello"));
      EXPECT_EQ(next.status, 200U) << "the framing was sound, so the connection stays";
      EXPECT_EQ(next.body, "hello");
    }
  }
}

TEST(HttpFraming, JudgesTheSameByteByByte) {
  const TestServer server = start_server();
  for (const Case& item : cases()) {
    SCOPED_TRACE(item.name);
    const std::size_t step = item.bytes.size() < 3000 ? 1 : 1000;
    RawClient client = server.connect();
    for (std::size_t begin = 0; begin < item.bytes.size(); begin += step) {
      if (!client.send(std::string_view(item.bytes).substr(begin, step))) break;
    }
    const Reply reply = client.receive();
    EXPECT_EQ(reply.status, item.status);
    EXPECT_EQ(reply.code(), item.code);
  }
}

TEST(HttpFraming, AnswersNothingBehindADoubtfulRequest) {
  const TestServer server = start_server();
  for (const Case& item : cases()) {
    SCOPED_TRACE(item.name);
    RawClient client = server.connect();
    client.send(item.bytes + get("/things/smuggled"));
    client.shut_down_sending();
    const std::string all = client.rest();
    EXPECT_TRUE(all.starts_with("HTTP/1.1 " + std::to_string(item.status))) << all;
    const bool answered = all.find("\r\n\r\nsmuggled?-") != std::string::npos;
    EXPECT_EQ(answered, !item.closes) << all;
  }
}

TEST(HttpFraming, AcceptsWhatIsExactlyAtALimit) {
  const TestServer server = start_server();
  RawClient client = server.connect();
  EXPECT_EQ(client.ask(get("/hello", repeated(63, "a:b\r\n"))).status, 200U) << "64 with Host";
  EXPECT_EQ(client.ask(get("/" + std::string(2047, 'a'))).status, 404U) << "a target of 2,048";
  const std::size_t rest = 8 * 1024 - get("/hello", "X: \r\n").size();
  EXPECT_EQ(client.ask(get("/hello", "X: " + std::string(rest, 'x') + "\r\n")).status, 200U);
  EXPECT_EQ(client.ask(get("/hello", "X: " + std::string(rest + 1, 'x') + "\r\n")).status, 431U);
}

}  // namespace
}  // namespace daybook::http
