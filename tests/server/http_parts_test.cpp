#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "server/http/chunked_body.h"
#include "server/http/problem.h"
#include "server/http/utf8.h"
#include "tests/server/http_support.h"

// Messages, problem documents and the route table without a socket.

namespace daybook::http {
namespace {

using ::testing::HasSubstr;

TEST(HttpBody, IsPaddedWithZeros) {
  Body body;
  std::string expected;
  for (int step = 0; step < 200; ++step) {
    const std::string piece(static_cast<std::size_t>(step % 37), 'a');
    body.append(piece);
    expected += piece;
    ASSERT_EQ(body.text(), expected);
    if (body.empty()) continue;
    for (std::size_t index = 0; index < Body::kPadding; ++index) {
      ASSERT_EQ(body.data()[body.size() + index], 0);
    }
  }
  Body moved(std::move(body));
  EXPECT_EQ(moved.text(), expected);
}

TEST(HttpRequest, KeepsItsViewsWhenMoved) {
  Request request = RequestBuilder(Method::Get, "/things/a%20b?q=c&q=d&empty")
                        .header("X-One", "1")
                        .header("Content-Type", "text/plain ; charset=utf-8")
                        .build();
  std::vector<Request> elsewhere;
  elsewhere.push_back(std::move(request));
  const Request& moved = elsewhere.front();
  EXPECT_EQ(moved.target(), "/things/a%20b?q=c&q=d&empty");
  EXPECT_THAT(moved.segments(), ::testing::ElementsAre("things", "a b"));
  EXPECT_EQ(moved.query("q"), "c");
  EXPECT_EQ(moved.query_count("q"), 2U);
  EXPECT_EQ(moved.query("empty"), "");
  EXPECT_EQ(moved.query("absent"), std::nullopt);
  EXPECT_EQ(moved.header("x-oNE"), "1");
  EXPECT_EQ(moved.header("x-two"), std::nullopt);
  EXPECT_EQ(moved.media_type(), "text/plain");
}

TEST(HttpRequest, BreaksAnInvariantOverAParameterItsRouteLacks) {
  ReaderPool* pool = nullptr;
  const Router router = test_routes(&pool);
  Request request = RequestBuilder(Method::Get, "/things/x").build();
  ASSERT_NE(router.match(&request).route, nullptr);
  EXPECT_EQ(request.param("id"), "x");
  EXPECT_THROW(static_cast<void>(request.param("other")), InvariantBroken);
}

TEST(HttpResponse, RefusesHeadersThatCouldSplitIt) {
  const std::vector<std::pair<std::string, std::string>> bad = {{"X", "a\r\nSet-Cookie: b"},
                                                                {"X", "a\nb"},
                                                                {"X", std::string("a\0b", 3)},
                                                                {"X", "a\x7f"},
                                                                {"X Y", "a"},
                                                                {"", "a"},
                                                                {"X:", "a"},
                                                                {"Content-Length", "5"},
                                                                {"transfer-encoding", "chunked"},
                                                                {"Connection", "close"}};
  for (const auto& [name, value] : bad) {
    Response response(200);
    EXPECT_FALSE(response.set_header(name, value)) << name;
    EXPECT_TRUE(response.invalid()) << name;
    EXPECT_EQ(response.header_lines(), "");
  }
}

TEST(HttpResponse, ReplacesAndAddsHeaders) {
  Response response(200);
  EXPECT_TRUE(response.set_header("A", "1"));
  EXPECT_TRUE(response.set_header("B", "caf\xc3\xa9"));
  EXPECT_TRUE(response.set_header("a", "2"));
  EXPECT_TRUE(response.add_header("Set-Cookie", "x"));
  EXPECT_TRUE(response.add_header("Set-Cookie", "y"));
  EXPECT_TRUE(response.set_header("Content-Type", "text/css"));
  EXPECT_EQ(response.header_lines(),
            "B: caf\xc3\xa9\r\na: 2\r\nSet-Cookie: x\r\nSet-Cookie: y\r\n");
  EXPECT_EQ(response.header("A"), "2");
  EXPECT_EQ(response.header("Set"), std::nullopt);
  EXPECT_EQ(response.content_type(), "text/css");
}

TEST(HttpResponder, AnswersOnceAndNeverForgets) {
  std::vector<unsigned> answers;
  const auto take = [&](Response response) { answers.push_back(response.status()); };
  Responder first(take);
  first.respond(Response(201));
  EXPECT_THROW(first.respond(Response(202)), InvariantBroken);
  { const Responder dropped(take); }
  Responder replaced(take);
  replaced = Responder();
  EXPECT_THAT(answers, ::testing::ElementsAre(201U, 500U, 500U));
}

TEST(HttpProblem, IsTheDocumentOfTheContract) {
  const Response response = problem("NOT_FOUND", "Nothing is here.", "00ff");
  EXPECT_EQ(response.status(), 404U);
  EXPECT_EQ(response.content_type(), "application/problem+json");
  EXPECT_EQ(
      response.body(),
      R"({"type":"/problems/not-found","title":"Not found","status":404,"detail":"Nothing is here.",)"
      R"("code":"NOT_FOUND","requestId":"00ff","errors":[]})");
}

/// A question that no connection brought has no id: what a command asks of a directory.
TEST(HttpProblem, OfNoRequestHasAnEmptyId) {
  EXPECT_EQ(Request().request_id(), "");
  EXPECT_THAT(problem("NOT_FOUND", "Nothing is here.", Request().request_id()).body(), ::testing::HasSubstr(R"("requestId":"")"));
}

TEST(HttpProblem, PointsAtFields) {
  const Error at_field{ErrorKind::Invalid, "INVALID_AMOUNT", "No \"amount\".", "/data/quantity"};
  EXPECT_THAT(
      problem(at_field, "1").body(),
      HasSubstr(
          R"("errors":[{"pointer":"/data/quantity","code":"INVALID_AMOUNT","detail":"No \"amount\"."}])"));
  const std::vector<Error> two = {at_field, at_field};
  const std::vector<ProblemMember> members = {{"reason", json_quoted("W3")}};
  const std::string body =
      problem(Error{ErrorKind::Forbidden, "NO_PERMISSION", "No.", ""}, "1", two, members).body();
  EXPECT_THAT(body, HasSubstr("},{\"pointer\""));
  EXPECT_THAT(body, ::testing::EndsWith(R"(],"reason":"W3"})"));
}

TEST(HttpProblem, TellsWhenToComeBackAndHowToSignIn) {
  EXPECT_EQ(problem("OVERLOADED", "", "").header("retry-after"), "1");
  EXPECT_EQ(problem("RATE_LIMITED", "", "").header("retry-after"), "1");
  EXPECT_EQ(problem("NOT_FOUND", "", "").header("retry-after"), std::nullopt);
  EXPECT_NE(problem("UNAUTHENTICATED", "", "").header("www-authenticate"), std::nullopt);
}

TEST(HttpProblem, FallsBackToTheKindForAnUnknownCode) {
  EXPECT_EQ(status_of(Error{ErrorKind::Conflict, "NEVER_HEARD_OF", "", ""}), 409U);
  EXPECT_EQ(status_of(Error{ErrorKind::Conflict, "INVALID_AMOUNT", "", ""}), 422U);
}

TEST(HttpProblem, HasOneWellFormedRowForEachCode) {
  std::set<std::string_view> codes;
  std::set<std::string> types;
  for (const ProblemCode& row : problem_codes()) {
    EXPECT_TRUE(codes.insert(row.code).second) << row.code;
    EXPECT_TRUE(types.insert(problem_type(row.code)).second) << row.code;
    EXPECT_TRUE(row.status >= 400 && row.status < 600) << row.code;
    EXPECT_FALSE(row.title.empty() || row.meaning.empty()) << row.code;
    EXPECT_EQ(find_problem_code(row.code), &row);
  }
}

TEST(HttpProblem, EscapesEveryByte) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all.push_back(static_cast<char>(byte));
  const std::string quoted = json_quoted(all);
  EXPECT_TRUE(is_utf8(quoted));
  EXPECT_TRUE(std::none_of(quoted.begin(), quoted.end(),
                           [](char c) { return static_cast<unsigned char>(c) < 0x20; }));
  EXPECT_EQ(json_quoted("a\"b\\c\n\xc3\xa9"), "\"a\\\"b\\\\c\\u000a\xc3\xa9\"");
}

TEST(HttpUtf8, KnowsTheEdges) {
  for (const char* good : {"a", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
                           "\xee\x80\x80", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(is_utf8(good)) << good;
  }
  for (const char* bad :
       {"\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe2\x82", "\xff"}) {
    EXPECT_FALSE(is_utf8(bad));
  }
}

TEST(HttpRouter, RefusesTablesThatContradictThemselves) {
  const auto route = [](Method method, std::string pattern) {
    return Route(method, std::move(pattern), Auth::open(), Doc{"id", "A route."},
                 Direct{[](Request, Responder) {}});
  };
  Router router;
  router.add(route(Method::Get, "/a/{x}"));
  EXPECT_THROW(router.add(route(Method::Get, "/a/{y}")), InvariantBroken);
  EXPECT_THROW(router.add(route(Method::Get, "a")), InvariantBroken);
  EXPECT_THROW(router.add(route(Method::Get, "/a//b")), InvariantBroken);
  EXPECT_THROW(router.add(route(Method::Get, "/a/{x...}/b")), InvariantBroken);
  EXPECT_THROW(router.add(route(Method::Post, "/a")), InvariantBroken) << "no kind of body";
  EXPECT_THROW(router.add(route(Method::Head, "/a")), InvariantBroken);
  router.add(route(Method::Delete, "/a/{y}"));
  EXPECT_EQ(router.routes().size(), 2U);
}

TEST(HttpRouter, GoesBackWhenALiteralLeadsNowhere) {
  const auto route = [](std::string pattern) {
    return Route(Method::Get, std::move(pattern), Auth::open(), Doc{"id", "A route."},
                 Direct{[](Request, Responder) {}});
  };
  Router router;
  router.add(route("/a/fixed/one"));
  router.add(route("/a/{x}/two"));
  router.add(route("/{rest...}"));
  const auto pattern = [&](std::string_view target) -> std::string {
    Request request = RequestBuilder(Method::Get, target).build();
    const Route* found = router.match(&request).route;
    return found == nullptr ? "" : found->pattern;
  };
  EXPECT_EQ(pattern("/a/fixed/one"), "/a/fixed/one");
  EXPECT_EQ(pattern("/a/fixed/two"), "/a/{x}/two");
  EXPECT_EQ(pattern("/a/fixed/three"), "/{rest...}");
  EXPECT_EQ(pattern("/"), "");
}

TEST(HttpChunks, GiveTheSameContentHoweverTheyAreCut) {
  const std::string wire =
      "5\r\nhello\r\n1;a=\"b\"\r\n,\r\n0006\r\n world\r\n0\r\nA: b\r\n\r\nnext";
  for (std::size_t step = 1; step <= wire.size(); ++step) {
    ChunkedBody chunks(100);
    Body body;
    std::size_t begin = 0;
    std::size_t end = 0;
    ChunkedBody::State state = ChunkedBody::State::NeedMore;
    while (state == ChunkedBody::State::NeedMore && end < wire.size()) {
      end = std::min(end + step, wire.size());
      std::size_t consumed = 0;
      state = chunks.feed(std::string_view(wire).substr(begin, end - begin), &body, &consumed);
      begin += consumed;
    }
    ASSERT_EQ(state, ChunkedBody::State::Done) << step;
    ASSERT_EQ(body.text(), "hello, world") << step;
    ASSERT_EQ(wire.substr(begin), "next") << step;
  }
}

TEST(HttpChunks, MayNotBeMostlyFraming) {
  ChunkedBody chunks(1'000'000);
  Body body;
  std::string wire;
  for (int index = 0; index < 100; ++index) wire += "1;" + std::string(900, 'e') + "\r\nx\r\n";
  std::size_t consumed = 0;
  EXPECT_EQ(chunks.feed(wire, &body, &consumed), ChunkedBody::State::Refused);
  EXPECT_EQ(chunks.refusal().code, "MALFORMED_FRAMING");
}

}  // namespace
}  // namespace daybook::http
