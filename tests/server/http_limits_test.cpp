#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "tests/server/http_support.h"

// Deadlines, caps and the graceful end. Deadlines are injected and short; each test waits for the
// event.

namespace daybook::http {
namespace {

const std::string kHello = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";

Options with_short_deadlines() {
  Options options;
  options.deadlines = short_deadlines();
  return options;
}

/// Only the deadline under test is short, so that no other one can end the connection.
Options with(std::chrono::milliseconds Deadlines::*deadline,
             std::chrono::milliseconds at = std::chrono::milliseconds(60)) {
  Options options;
  options.deadlines.*deadline = at;
  return options;
}

std::string upload(const std::string& rest) {
  return "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n" + rest;
}

TEST(HttpDeadline, EndsAHeadThatDoesNotCome) {
  TestServer server(with(&Deadlines::header));
  RawClient client = server.connect();
  client.send("GET /hello HTTP/1.1\r\nHost: loc");
  const Reply reply = client.receive();
  EXPECT_EQ(reply.status, 408U);
  EXPECT_EQ(reply.code(), "HEADER_TIMEOUT");
  EXPECT_TRUE(client.closed());
}

TEST(HttpDeadline, IsNotPutOffByDrippingBytes) {
  TestServer server(with(&Deadlines::header));
  RawClient client = server.connect();
  std::thread drip([&] {
    for (int index = 0; index < 10'000 && client.send("G"); ++index) {
      if (index == 20) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  });
  const Reply reply = client.receive();
  EXPECT_EQ(reply.status, 408U);
  drip.join();
}

TEST(HttpDeadline, EndsABodyThatDoesNotCome) {
  TestServer server(with(&Deadlines::body));
  for (const std::string start :
       {"Content-Length: 100\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n",
        // line feeds alone never end a chunk's size line
        "Transfer-Encoding: chunked\r\n\r\n3\nabc\n0\n\n"}) {
    RawClient client = server.connect();
    const Reply reply = client.ask(upload(start));
    EXPECT_EQ(reply.status, 408U) << start;
    EXPECT_EQ(reply.code(), "BODY_TIMEOUT") << start;
    EXPECT_EQ(reply.header("connection"), "close");
    EXPECT_TRUE(client.closed());
  }
}

TEST(HttpDeadline, EndsAStreamedBodyBelowTheLeastRate) {
  Options options = with(&Deadlines::body);
  options.limits.stream_bytes_per_second = 1'000'000;
  TestServer server(std::move(options));
  RawClient client = server.connect();
  client.send(
      "POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
      "Transfer-Encoding: chunked\r\n\r\n");
  std::thread drip([&] {
    for (int index = 0; index < 200 && client.send("1\r\nx\r\n"); ++index) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  });
  const Reply reply = client.receive();
  EXPECT_EQ(reply.status, 408U);
  EXPECT_EQ(reply.code(), "BODY_TIMEOUT");
  client.shut_down_sending();
  drip.join();
}

TEST(HttpDeadline, ClosesAnIdleConnectionSilently) {
  // Long enough for a client on a busy machine to ask in time.
  TestServer server(with(&Deadlines::idle, std::chrono::milliseconds(500)));
  RawClient never_asked = server.connect();
  EXPECT_EQ(never_asked.rest(), "");
  RawClient asked = server.connect();
  EXPECT_EQ(asked.ask(kHello).body, "hello");
  EXPECT_EQ(asked.rest(), "");
  EXPECT_EQ(server->metrics().timeouts, 0U);
}

TEST(HttpDeadline, ClosesOnAClientThatNeverReads) {
  TestServer server(with(&Deadlines::write));
  for (const char* path : {"/large", "/endless"}) {
    RawClient client = server.connect();
    client.shrink_receive_buffer();
    client.send("GET " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_TRUE(TestServer::eventually([&] { return server->metrics().connections_open == 0; }))
        << path;
  }
}

TEST(HttpDeadline, AnswersForAHandlerThatDoesNot) {
  TestServer server(with(&Deadlines::handler));
  RawClient client = server.connect();
  const Reply reply = client.ask("GET /never HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(reply.status, 503U);
  EXPECT_EQ(reply.code(), "OVERLOADED");
  EXPECT_EQ(reply.header("retry-after"), "1");
}

TEST(HttpDeadline, LeavesGoodClientsAlone) {
  TestServer server(with(&Deadlines::header));
  std::vector<RawClient> attackers;
  for (int index = 0; index < 50; ++index) {
    attackers.push_back(server.connect());
    attackers.back().send("GET /hello HTTP/1.1\r\nX");
  }
  RawClient client = server.connect();
  for (int index = 0; index < 200; ++index) ASSERT_EQ(client.ask(kHello).body, "hello");
  for (RawClient& attacker : attackers) EXPECT_EQ(attacker.receive().status, 408U);
  EXPECT_EQ(client.ask(kHello).body, "hello");
}

TEST(HttpCaps, ServesAmongAThousandIdleConnections) {
  Options options;
  options.limits.connections_per_ip = 2000;
  TestServer server(std::move(options));
  std::vector<RawClient> idle;
  for (int index = 0; index < 1000; ++index) {
    idle.push_back(server.connect());
    if (index % 2 == 0) {
      ASSERT_EQ(idle.back().ask(kHello).status, 200U);
    }
  }
  RawClient active = server.connect();
  for (int index = 0; index < 100; ++index) ASSERT_EQ(active.ask(kHello).body, "hello");
  for (RawClient& client : idle) ASSERT_EQ(client.ask(kHello).body, "hello");
}

TEST(HttpCaps, TellsTheConnectionBeyondTheCapOfAll) {
  Options options;
  options.limits.connections = 3;
  TestServer server(std::move(options));
  std::vector<RawClient> admitted;
  for (int index = 0; index < 3; ++index) {
    admitted.push_back(server.connect());
    EXPECT_EQ(admitted.back().ask(kHello).status, 200U);
  }
  RawClient beyond = server.connect();
  const Reply reply = beyond.ask(kHello);
  EXPECT_EQ(reply.status, 503U);
  EXPECT_EQ(reply.code(), "OVERLOADED");
  EXPECT_EQ(reply.header("retry-after"), "1");
  EXPECT_TRUE(beyond.closed());
  EXPECT_EQ(server->metrics().connections_refused_total, 1U);
  admitted.pop_back();
  EXPECT_TRUE(TestServer::eventually([&] { return server.connect().ask(kHello).status == 200; }));
}

TEST(HttpCaps, TellsTheConnectionBeyondTheCapOfItsAddress) {
  Options options;
  options.limits.connections_per_ip = 2;
  TestServer server(std::move(options));
  RawClient first = server.connect();
  RawClient second = server.connect();
  EXPECT_EQ(first.ask(kHello).status, 200U);
  EXPECT_EQ(second.ask(kHello).status, 200U);
  const Reply reply = server.connect().ask(kHello);
  EXPECT_EQ(reply.status, 429U);
  EXPECT_EQ(reply.code(), "RATE_LIMITED");
  EXPECT_EQ(reply.header("retry-after"), "1");
  EXPECT_EQ(server->metrics().connections_refused_per_ip, 1U);
}

TEST(HttpCaps, BoundsTheBytesOfAllBodies) {
  Options options;
  options.limits.body_bytes_in_flight = 200'000;
  TestServer server(std::move(options));
  RawClient client = server.connect();
  client.send(
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n"
      "Content-Length: 1000000\r\n\r\n" +
      std::string(500'000, 'x'));
  EXPECT_EQ(client.receive().code(), "OVERLOADED");
  EXPECT_EQ(server.connect().ask(upload("Content-Length: 2\r\n\r\nhi")).body, "hi");
}

TEST(HttpCaps, BoundsTheBytesOfAllBodiesFurtherWhileMemoryIsShort) {
  std::atomic<bool> is_short{false};
  Options options;
  options.limits.body_bytes_when_short = 200'000;
  options.memory_is_short = [&is_short] { return is_short.load(); };
  TestServer server(std::move(options));
  const std::string head = "POST /hold HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n";
  const std::string large = head + "Content-Length: 500000\r\n\r\n" + std::string(500'000, 'x');
  const std::string small = head + "Content-Length: 50000\r\n\r\n" + std::string(50'000, 'x');
  EXPECT_EQ(server.connect().ask(large).body, "500000");
  is_short = true;
  EXPECT_EQ(server.connect().ask(small).body, "50000");
  const Reply refused = server.connect().ask(large);
  EXPECT_EQ(refused.status, 503U);
  EXPECT_EQ(refused.code(), "OVERLOADED");
  EXPECT_EQ(refused.header("retry-after"), "1");
  is_short = false;
  EXPECT_EQ(server.connect().ask(large).body, "500000");
}

TEST(HttpCaps, BoundsTheBytesOfStreamedBodiesThatAHandlerHolds) {
  Options options;
  options.limits.body_bytes_in_flight = 200'000;
  TestServer server(std::move(options));
  const std::string head = "POST /hold HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n";
  RawClient client = server.connect();
  client.send(head + "Content-Length: 1000000\r\n\r\n" + std::string(500'000, 'x'));
  const Reply reply = client.receive();
  EXPECT_EQ(reply.status, 503U);
  EXPECT_EQ(reply.code(), "OVERLOADED");
  // What is let go counts no more, nor what a handler does not keep.
  for (const std::string path : {"/hold", "/upload"}) {
    const std::string sent = "POST " + path + head.substr(10) + "Content-Length: 100000\r\n\r\n" + std::string(100'000, 'x');
    EXPECT_EQ(server.connect().ask(sent).body, "100000") << path;
    EXPECT_EQ(server.connect().ask(sent).body, "100000") << path;
  }
}

TEST(HttpCaps, RefusesWhatTheReaderPoolCannotTake) {
  Options options;
  options.reader_threads = 1;
  options.reader_queue = 1;
  TestServer server(std::move(options));
  std::vector<RawClient> clients;
  for (int index = 0; index < 8; ++index) {
    clients.push_back(server.connect());
    clients.back().send("GET /slow-pooled HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }
  int served = 0;
  int refused = 0;
  for (RawClient& client : clients) {
    const Reply reply = client.receive();
    served += reply.status == 200 ? 1 : 0;
    refused += reply.code() == "OVERLOADED" ? 1 : 0;
  }
  EXPECT_GE(served, 1);
  EXPECT_GE(refused, 1);
  EXPECT_EQ(served + refused, 8);
}

TEST(HttpDrain, ClosesIdleConnectionsAndAnswersThoseInWork) {
  TestServer server(with(&Deadlines::linger));
  RawClient idle = server.connect();
  EXPECT_EQ(idle.ask(kHello).status, 200U);
  RawClient busy = server.connect();
  busy.send("GET /slow-pooled HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_TRUE(TestServer::eventually([&] { return server->metrics().requests == 2; }));
  server->stop();
  EXPECT_EQ(idle.rest(), "");
  const Reply reply = busy.receive();
  EXPECT_EQ(reply.status, 200U);
  EXPECT_EQ(reply.header("connection"), "close");
  EXPECT_TRUE(busy.closed());
  server->wait();
  EXPECT_THROW(RawClient(server->port()), std::runtime_error);
}

TEST(HttpDrain, EndsStreamsOfTheirOwnAccord) {
  TestServer server(with(&Deadlines::linger));
  RawClient reader = server.connect();
  reader.send("GET /ticks HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_NE(reader.some(), "");
  server->stop();
  EXPECT_THAT(reader.rest(), ::testing::EndsWith("0\r\n\r\n"));
  server->wait();
}

TEST(HttpDrain, CutsWhatDoesNotEndInTime) {
  TestServer server(with_short_deadlines());
  RawClient stuck = server.connect();
  stuck.shrink_receive_buffer();
  stuck.send("GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_TRUE(TestServer::eventually([&] { return server->metrics().requests == 1; }));
  server->stop();
  server->wait();
}

}  // namespace
}  // namespace daybook::http
