#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "server/http/problem.h"
#include "tests/server/http_support.h"

namespace daybook::http {
namespace {

std::string post(const std::string& target, const std::string& type, const std::string& body) {
  return "POST " + target + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

TEST(HttpServer, AnswersEveryKindOfHandlerOnOneConnection) {
  TestServer server;
  RawClient client = server.connect();
  for (const char* path : {"hello", "pooled", "later", "coroutine", "hello"}) {
    const Reply reply = client.ask(get("/" + std::string(path)));
    EXPECT_EQ(reply.status, 200U) << path;
    EXPECT_EQ(reply.body, path);
    EXPECT_EQ(reply.header("x-content-type-options"), "nosniff");
    EXPECT_THAT(reply.header("date"), ::testing::EndsWith(" GMT"));
  }
}

TEST(HttpServer, RoutesByLiteralsBeforeParametersAndDecodesOnce) {
  TestServer server;
  RawClient client = server.connect();
  EXPECT_EQ(client.ask(get("/")).body, "root");
  EXPECT_EQ(client.ask(get("/things/special")).body, "special");
  EXPECT_EQ(client.ask(get("/things/a%20b?q=c%2Fd+e")).body, "a b?c/d+e");
  EXPECT_EQ(client.ask(get("/things/%252f")).body, "%2f?-");
  EXPECT_EQ(client.ask(get("/things/x?q=")).body, "x?");
  EXPECT_EQ(client.ask(get("/files/a/b/c")).body, "3");
  EXPECT_EQ(client.ask(get("/files")).status, 404U);
}

TEST(HttpServer, AcceptsTheHostsItWasGiven) {
  TestServer server;
  RawClient client = server.connect();
  const std::string port = std::to_string(server->port());
  const std::vector<std::string> hosts = {"localhost", "LOCALHOST:" + port, "127.0.0.1:" + port,
                                          "[::1]",     "test.example",      "Test.Example:443"};
  for (const std::string& host : hosts) {
    EXPECT_EQ(client.ask("GET /hello HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status, 200U) << host;
  }
}

TEST(HttpServer, AnswersHeadWithoutBody) {
  TestServer server;
  RawClient client = server.connect();
  client.send("HEAD /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const Reply reply = client.receive(true);
  EXPECT_EQ(reply.status, 200U);
  EXPECT_EQ(reply.header("content-length"), "5");
  client.send("HEAD /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(client.receive(true).status, 404U);
  client.send("HEAD /stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(client.receive(true).status, 200U);
  EXPECT_EQ(client.ask(get("/hello")).body, "hello") << "no stray body may precede this answer";
}

TEST(HttpServer, NamesTheMethodsOfAPath) {
  TestServer server;
  RawClient client = server.connect();
  const Reply refused =
      client.ask("PATCH /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}");
  EXPECT_EQ(refused.status, 405U);
  EXPECT_EQ(refused.header("allow"), "POST, PUT, OPTIONS");
  const Reply options = client.ask("OPTIONS /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(options.status, 204U);
  EXPECT_EQ(options.header("allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(options.header("content-length"), "");
}

TEST(HttpServer, EchoesBodiesOfKnownLengthAndInChunks) {
  TestServer server;
  RawClient client = server.connect();
  EXPECT_EQ(client.ask(post("/echo", "text/plain; charset=utf-8", "one")).body, "one");
  EXPECT_EQ(client.ask(post("/echo", "Application/JSON", "{}")).body, "{}");
  EXPECT_EQ(client.ask(post("/echo", "text/plain", "")).status, 200U);
  EXPECT_EQ(client
                .ask("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
                     "Transfer-Encoding: chunked\r\n\r\n"
                     "3;why=not\r\none\r\n004\r\n two\r\n0\r\nX-Trailer: dropped\r\n\r\n")
                .body,
            "one two");
  const std::string large(5'000'000, 'b');
  EXPECT_EQ(client.ask(post("/echo", "application/octet-stream", large)).body, large);
}

TEST(HttpServer, TakesABodyOfExactlyTheLimit) {
  TestServer server;
  RawClient client = server.connect();
  EXPECT_EQ(client.ask(post("/echo", "text/plain", std::string(1000, 'x'))).status, 200U);
  EXPECT_EQ(client.ask(post("/echo", "text/plain", std::string(1001, 'x'))).status, 413U);
}

TEST(HttpServer, SaysContinueOnlyForABodyItWants) {
  TestServer server;
  RawClient client = server.connect();
  const std::string head =
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Type: ";
  client.send(head + "text/plain\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.receive().status, 100U);
  EXPECT_EQ(client.ask("hi").body, "hi");
  client.send(head + "image/png\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.receive().status, 415U);
  EXPECT_TRUE(client.closed());
}

TEST(HttpServer, StreamsBodiesInAndOut) {
  TestServer server;
  RawClient client = server.connect();
  std::string lines;
  for (int index = 0; index < 300'000; ++index) lines += "{\"line\":1}\n";
  EXPECT_EQ(client.ask(post("/upload", "application/x-ndjson", lines)).body, "3300000");
  EXPECT_EQ(
      client
          .ask("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
               "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n1\r\n6\r\n0\r\n\r\n")
          .body,
      "6");
  EXPECT_EQ(client.ask(post("/upload", "application/x-ndjson", "")).body, "0");
  EXPECT_EQ(client.ask(post("/upload", "text/whatever", "other")).body, "other");
  const Reply broken = client.ask(
      "POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
      "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\nzz\r\n");
  EXPECT_EQ(broken.code(), "MALFORMED_FRAMING");
  EXPECT_EQ(broken.header("connection"), "close");

  RawClient reader = server.connect();
  EXPECT_EQ(reader.ask(get("/stream")).body, "one,two,three");
  EXPECT_EQ(reader.ask(get("/hello")).body, "hello");
}

TEST(HttpServer, SpeaksToHttp10) {
  TestServer server;
  RawClient client = server.connect();
  const Reply kept =
      client.ask("GET /hello HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(kept.header("connection"), "keep-alive");
  EXPECT_EQ(client.ask("GET /hello HTTP/1.0\r\nHost: localhost\r\n\r\n").header("connection"),
            "close");
  EXPECT_TRUE(client.closed());
  RawClient reader = server.connect();
  reader.send("GET /stream HTTP/1.0\r\nHost: localhost\r\n\r\n");
  EXPECT_THAT(reader.rest(), ::testing::EndsWith("\r\n\r\none,two,three"));
}

TEST(HttpServer, ClosesWhenAsked) {
  TestServer server;
  RawClient client = server.connect();
  EXPECT_EQ(client.ask(get("/hello", "Connection: close\r\n")).header("connection"), "close");
  EXPECT_TRUE(client.closed());
}

TEST(HttpServer, AnswersAThousandPipelinedRequestsInOrder) {
  TestServer server;
  RawClient client = server.connect();
  std::string all;
  for (int index = 0; index < 1000; ++index) {
    const std::string number = std::to_string(index);
    const bool echo = index % 3 == 0;
    all += echo ? post("/echo", "text/plain", number + "?-") : get("/things/" + number);
    if (index % 10 == 0) all += get("/pooled");
  }
  std::thread sender([&] { client.send(all); });
  for (int index = 0; index < 1000; ++index) {
    ASSERT_EQ(client.receive().body, std::to_string(index) + "?-");
    if (index % 10 == 0) {
      ASSERT_EQ(client.receive().body, "pooled");
    }
  }
  sender.join();
}

TEST(HttpServer, AnswersAClientThatHalfCloses) {
  TestServer server;
  RawClient client = server.connect();
  client.send(get("/later"));
  client.shut_down_sending();
  EXPECT_EQ(client.receive().body, "later");
  EXPECT_TRUE(client.closed());
}

TEST(HttpServer, OutlivesClientsThatResetAnywhere) {
  TestServer server;
  const std::string request = post("/echo", "application/octet-stream", std::string(300, 'x'));
  for (std::size_t cut = 1; cut <= request.size(); cut += 13) {
    RawClient client = server.connect();
    client.send(request.substr(0, cut));
    client.reset();
  }
  for (const char* path : {"/stream", "/large", "/later", "/slow-pooled", "/ticks"}) {
    RawClient client = server.connect();
    client.send(get(path));
    client.reset();
  }
  EXPECT_EQ(server.connect().ask(get("/hello")).body, "hello");
  EXPECT_TRUE(TestServer::eventually([&] { return server->metrics().connections_open == 0; }));
}

TEST(HttpServer, TurnsFailuresOfHandlersIntoProblems) {
  TestServer server;
  RawClient client = server.connect();
  for (const char* path : {"/throw", "/throw-pooled", "/throw-coroutine", "/drop", "/inject"}) {
    const Reply reply = client.ask(get(path));
    EXPECT_EQ(reply.status, 500U) << path;
    EXPECT_EQ(reply.code(), "INTERNAL") << path;
    EXPECT_EQ(reply.header("set-cookie"), "");
    EXPECT_THAT(reply.body, ::testing::ContainsRegex("\"requestId\":\"[0-9a-f]{16}\""));
  }
}

void ask_a_handler_that_breaks_an_invariant() {
  const TestServer server;
  RawClient client = server.connect();
  static_cast<void>(client.ask(get("/broken")));
}

TEST(HttpServerDeathTest, EndsTheProcessOverABrokenInvariant) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(ask_a_handler_that_breaks_an_invariant(), ::testing::ExitedWithCode(70),
              "invariant broken");
}

TEST(HttpServer, LetsTheGateJudgeBeforeTheBody) {
  TestServer server;
  RawClient client = server.connect();
  EXPECT_EQ(client.ask(get("/secret", "Authorization: Bearer good\r\n")).body, "good");
  const Reply poor = client.ask(get("/secret", "Authorization: Bearer poor\r\n"));
  EXPECT_EQ(poor.status, 403U);
  const Reply unknown = client.ask(get("/secret"));
  EXPECT_EQ(unknown.status, 401U);
  EXPECT_EQ(unknown.header("www-authenticate"), "Bearer realm=\"daybook\"");
  EXPECT_EQ(client.ask(get("/guarded/x", "Authorization: Bearer good\r\n")).status, 404U);
}

TEST(HttpServer, GivesEveryRequestAnIdOfItsOwn) {
  TestServer server;
  RawClient client = server.connect();
  EXPECT_NE(client.ask(get("/nothing")).body, client.ask(get("/nothing")).body);
}

TEST(HttpServer, CountsWhatItDoes) {
  Options options;
  std::mutex mutex;
  std::vector<std::string> seen;
  options.observer = [&](const Exchange& exchange) {
    const std::lock_guard lock(mutex);
    seen.push_back(std::string(exchange.pattern) + " " + std::to_string(exchange.status));
  };
  TestServer server(std::move(options));
  {
    RawClient client = server.connect();
    EXPECT_EQ(client.ask(get("/things/a")).status, 200U);
    EXPECT_EQ(client.ask(get("/nothing")).status, 404U);
    EXPECT_EQ(client.ask("GET /\x01 HTTP/1.1\r\n\r\n").status, 400U);
  }
  EXPECT_TRUE(TestServer::eventually([&] { return server->metrics().connections_open == 0; }));
  const Metrics metrics = server->metrics();
  EXPECT_EQ(metrics.connections_accepted, 1U);
  EXPECT_EQ(metrics.requests, 2U);
  EXPECT_EQ(metrics.heads_refused, 1U);
  EXPECT_EQ(metrics.responses[2], 1U);
  EXPECT_EQ(metrics.responses[4], 2U);
  EXPECT_GT(metrics.bytes_in, 50U);
  EXPECT_GT(metrics.bytes_out, 300U);
  const std::lock_guard lock(mutex);
  EXPECT_THAT(seen, ::testing::ElementsAre("/things/{id} 200", " 404", " 400"));
}

TEST(HttpServer, AnswersManyConnectionsFromOneOtherThreadInBatches) {
  // As a sequencer does: requests gather, one thread answers a whole group at once.
  std::mutex mutex;
  std::vector<Responder> waiting;
  std::atomic<bool> stop{false};
  std::thread sequencer([&] {
    while (!stop) {
      std::vector<Responder> group;
      {
        const std::lock_guard lock(mutex);
        group.swap(waiting);
      }
      const ReplyBatch batch;
      for (Responder& responder : group) responder.respond(Response::json(201, "{}"));
      std::this_thread::yield();
    }
  });
  Router router;
  router.add(Route(Method::Post, "/facts", Auth::open(), {{.media_type = "application/json"}},
                   Doc{"facts", "Takes facts."}, Direct{[&](Request, Responder responder) {
                     const std::lock_guard lock(mutex);
                     waiting.push_back(std::move(responder));
                   }}));
  {
    auto server = Server::start(std::move(router), Options{}).value();
    std::vector<std::thread> clients;
    std::atomic<int> created{0};
    for (int client = 0; client < 16; ++client) {
      clients.emplace_back([&, port = server->port()] {
        RawClient connection(port);
        for (int index = 0; index < 200; ++index) {
          if (connection.ask(post("/facts", "application/json", "{}")).status == 201) ++created;
        }
      });
    }
    for (std::thread& client : clients) client.join();
    EXPECT_EQ(created, 16 * 200);
  }
  stop = true;
  sequencer.join();
}

TEST(HttpServer, LetsAResponderOutliveIt) {
  std::vector<Responder> kept;
  std::mutex mutex;
  Router router;
  router.add(Route(Method::Get, "/", Auth::open(), Doc{"root", "Never answers."},
                   Direct{[&](Request, Responder responder) {
                     const std::lock_guard lock(mutex);
                     kept.push_back(std::move(responder));
                   }}));
  Options options;
  options.deadlines = short_deadlines();
  options.deadlines.handler = std::chrono::seconds(100);
  auto server = Server::start(std::move(router), std::move(options)).value();
  RawClient client(server->port());
  client.send(get("/"));
  EXPECT_TRUE(TestServer::eventually([&] {
    const std::lock_guard lock(mutex);
    return kept.size() == 1;
  }));
  server.reset();
  EXPECT_TRUE(client.closed());
  kept.front().respond(Response(200));
}

TEST(HttpServer, SaysWhyItCannotListen) {
  TestServer server;
  Options options;
  options.port = server->port();
  const auto second = Server::start(Router(), std::move(options));
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, "ADDRESS_UNAVAILABLE");
  EXPECT_THAT(second.error().detail, ::testing::HasSubstr("in use"));
}

}  // namespace
}  // namespace daybook::http
