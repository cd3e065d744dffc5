#include "tests/server/http_support.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <thread>
#include <utility>

#include "server/http/await.h"
#include "server/http/problem.h"

namespace daybook::http {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

Response text(std::string body) { return Response(200, "text/plain", std::move(body)); }

Route get(std::string pattern, Handler handler, std::vector<Parameter> parameters = {}) {
  Doc doc{.operation_id = pattern, .summary = "A test route."};
  doc.parameters = std::move(parameters);
  return Route(Method::Get, std::move(pattern), Auth::open(), std::move(doc), std::move(handler));
}

net::awaitable<Response> over_the_pool(ReaderPool* pool) {
  std::function<std::string()> work = [] { return std::string("coroutine"); };
  const std::optional<std::string> value = co_await on_pool(pool, std::move(work));
  co_return text(value.value_or("none"));
}

net::awaitable<void> three_chunks(ResponseWriter writer) {
  for (const char* piece : {"one,", "two,", "three"}) {
    std::string bytes(piece);
    const bool sent = co_await writer.write(std::move(bytes));
    if (!sent) co_return;
  }
}

/// Like server-sent events: a tick now and then until the client or the server goes.
net::awaitable<void> ticks(ResponseWriter writer) {
  bool open = true;
  while (open) {
    std::string tick(": tick\n\n");
    open = co_await writer.write(std::move(tick));
    const auto pause = std::chrono::milliseconds(20);
    if (open) open = co_await writer.wait(pause);
  }
}

net::awaitable<void> endless(ResponseWriter writer) {
  bool open = true;
  while (open) {
    std::string bytes(64 * 1024, 'x');
    open = co_await writer.write(std::move(bytes));
  }
}

net::awaitable<Response> count_upload(Request /*request*/, BodyReader* reader) {
  std::size_t bytes = 0;
  while (true) {
    Body piece;
    const Result<bool> more = co_await reader->read(&piece);
    if (!more) co_return problem(more.error(), "");
    if (!*more) break;
    bytes += piece.size();
  }
  co_return text(std::to_string(bytes));
}

net::awaitable<Response> hold_upload(Request /*request*/, BodyReader* reader) {
  Body held;
  while (true) {
    const Result<bool> more = co_await reader->read(&held);
    if (!more) co_return problem(more.error(), "");
    if (!*more) break;
  }
  co_return text(std::to_string(held.size()));
}

std::optional<Response> judge(Request* request, const Auth& auth) {
  if (auth.is_open()) return std::nullopt;
  const std::string_view credentials = request->header("authorization").value_or("");
  if (credentials == "Bearer good") {
    request->set_principal(std::make_shared<const std::string>("good"));
    return std::nullopt;
  }
  const bool poor = credentials == "Bearer poor";
  return problem(poor ? "FORBIDDEN" : "UNAUTHENTICATED", "No.", request->request_id());
}

}  // namespace

std::string Reply::code() const {
  const std::size_t begin = body.find("\"code\":\"");
  if (begin == std::string::npos) return "";
  return body.substr(begin + 8, body.find('"', begin + 8) - begin - 8);
}

std::string Reply::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

RawClient::RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval patience{.tv_sec = 10, .tv_usec = 0};
  const int on = 1;
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect");
  }
}

RawClient::RawClient(RawClient&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), received_(std::move(other.received_)) {}

RawClient::~RawClient() {
  if (socket_ >= 0) ::close(socket_);
}

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool RawClient::read_more() {
  const std::string more = some();
  received_ += more;
  return !more.empty();
}

std::string RawClient::some() {
  std::string more(64 * 1024, '\0');
  const ssize_t size = ::recv(socket_, more.data(), more.size(), 0);
  more.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return more;
}

Reply RawClient::receive(bool head_only) {
  Reply reply;
  std::size_t end = 0;
  while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
    if (!read_more()) return reply;
  }
  std::string head = received_.substr(0, end + 2);
  received_.erase(0, end + 4);
  const unsigned status = static_cast<unsigned>(std::stoul(head.substr(9, 3)));
  head.erase(0, head.find("\r\n") + 2);
  while (!head.empty()) {
    const std::size_t colon = head.find(": ");
    const std::size_t line_end = head.find("\r\n");
    reply.headers[lower(head.substr(0, colon))] = head.substr(colon + 2, line_end - colon - 2);
    head.erase(0, line_end + 2);
  }
  const auto take = [&](std::size_t size) {
    while (received_.size() < size) {
      if (!read_more()) return std::string("(cut short)");
    }
    std::string taken = received_.substr(0, size);
    received_.erase(0, size);
    return taken;
  };
  if (!head_only && reply.headers.contains("content-length")) {
    reply.body = take(std::stoul(reply.headers["content-length"]));
  } else if (!head_only && reply.headers.contains("transfer-encoding")) {
    while (true) {
      std::string line;
      while (!line.ends_with("\r\n") && !line.ends_with("(cut short)")) line += take(1);
      const std::size_t size = std::strtoul(line.c_str(), nullptr, 16);
      const std::string chunk = take(size + 2);
      if (size == 0) break;
      reply.body += chunk.substr(0, size);
    }
  }
  reply.status = status;
  return reply;
}

Reply RawClient::ask(std::string_view bytes) {
  send(bytes);
  return receive();
}

bool RawClient::closed() { return received_.empty() && !read_more() && errno != EAGAIN; }

std::string RawClient::rest() {
  while (read_more()) {
  }
  return std::exchange(received_, "");
}

void RawClient::shut_down_sending() { ::shutdown(socket_, SHUT_WR); }

void RawClient::reset() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(std::exchange(socket_, -1));
}

void RawClient::shrink_receive_buffer() {
  const int small = 4096;
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
}

Router test_routes(ReaderPool** pool) {
  Router router;
  router.add(get("/", Direct{[](Request, Responder to) { to.respond(text("root")); }}));
  router.add(get("/hello", Direct{[](Request, Responder to) { to.respond(text("hello")); }}));
  router.add(get("/things/{id}", Direct{[](Request request, Responder to) {
                   to.respond(text(std::string(request.param("id")) + "?" +
                                   std::string(request.query("q").value_or("-"))));
                 }},
                 {{.name = "q", .description = "Any text."}}));
  router.add(
      get("/things/special", Direct{[](Request, Responder to) { to.respond(text("special")); }}));
  router.add(get("/files/{path...}", Direct{[](Request request, Responder to) {
                   to.respond(text(std::to_string(request.segments().size() - 1)));
                 }}));
  router.add(get("/pooled", Pooled{[](const Request&) { return text("pooled"); }}));
  router.add(get("/slow-pooled", Pooled{[](const Request&) {
                   std::this_thread::sleep_for(std::chrono::milliseconds(50));
                   return text("pooled");
                 }}));
  router.add(get("/later", Direct{[](Request, Responder to) {
                   auto kept = std::make_shared<Responder>(std::move(to));
                   std::thread([kept] { kept->respond(text("later")); }).detach();
                 }}));
  router.add(get("/coroutine", Coroutine{[pool](Request) { return over_the_pool(*pool); }}));
  router.add(get("/stream", Direct{[](Request, Responder to) {
                   to.respond(Response::stream("text/plain", three_chunks));
                 }}));
  router.add(get("/ticks", Direct{[](Request, Responder to) {
                   to.respond(Response::stream("text/event-stream", ticks));
                 }}));
  router.add(get("/endless", Direct{[](Request, Responder to) {
                   to.respond(Response::stream("text/plain", endless));
                 }}));
  router.add(get("/large", Direct{[](Request, Responder to) {
                   to.respond(text(std::string(std::size_t{32} << 20, 'x')));
                 }}));
  router.add(get("/throw", Direct{[](Request, Responder) { throw std::runtime_error("no"); }}));
  router.add(get("/throw-pooled",
                 Pooled{[](const Request&) -> Response { throw std::runtime_error("no"); }}));
  router.add(get("/throw-coroutine", Coroutine{[](Request) -> net::awaitable<Response> {
                   throw std::runtime_error("no");
                   co_return Response(200);
                 }}));
  router.add(get("/broken", Direct{[](Request, Responder) { LEDGER_INVARIANT(false); }}));
  router.add(get("/drop", Direct{[](Request, Responder) {}}));
  router.add(get("/never", Direct{[](Request, Responder to) {
                   static std::mutex mutex;
                   static std::vector<Responder> kept;
                   const std::lock_guard lock(mutex);
                   kept.push_back(std::move(to));
                 }}));
  router.add(get("/inject", Direct{[](Request, Responder to) {
                   Response response = text("x");
                   response.set_header("Content-Disposition", "a\r\nSet-Cookie: a=1");
                   to.respond(std::move(response));
                 }}));
  router.add(Route(Method::Get, "/secret", Auth::any_of({"read"}), Doc{"secret", "A test route."},
                   Direct{[](Request request, Responder to) {
                     to.respond(text(*request.principal<std::string>()));
                   }}));
  const auto echo = [](Request request, Responder to) {
    to.respond(text(std::string(request.body().text())));
  };
  const std::vector<BodyKind> echoed = {
      {.media_type = "application/json", .limit = 1000},
      {.media_type = "text/plain", .limit = 1000},
      {.media_type = "application/octet-stream", .limit = 8U << 20}};
  router.add(Route(Method::Post, "/echo", Auth::open(), echoed, Doc{"echo", "A test route."},
                   Direct{echo}));
  router.add(
      Route(Method::Put, "/echo", Auth::open(), echoed, Doc{"put", "A test route."}, Direct{echo}));
  router.add(Route(Method::Post, "/secret-echo", Auth::any_of({"read"}), echoed,
                   Doc{"secretEcho", "A test route."}, Direct{echo}));
  const std::vector<BodyKind> uploaded = {{.media_type = "application/x-ndjson", .streamed = true},
                                          {.media_type = "*", .limit = 100}};
  router.add(Route(Method::Post, "/upload", Auth::open(), uploaded, Doc{"upload", "A test route."},
                   Direct{echo})
                 .on_stream(count_upload));
  router.add(Route(Method::Post, "/hold", Auth::open(), uploaded, Doc{"hold", "A test route."}, Direct{echo})
                 .on_stream(hold_upload));
  router.guard("/guarded", Auth::any_of({}));
  return router;
}

TestServer::TestServer(Options options) {
  options.gate = judge;
  if (options.hosts.empty()) options.hosts = {"test.example"};
  static ReaderPool* current_pool = nullptr;
  server_ = Server::start(test_routes(&current_pool), std::move(options)).value();
  current_pool = &server_->reader_pool();
}

bool TestServer::eventually(const std::function<bool()>& done) {
  for (int attempt = 0; attempt < 1000; ++attempt) {
    if (done()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return done();
}

Deadlines short_deadlines() {
  using std::chrono::milliseconds;
  return {.header = milliseconds(60),
          .body = milliseconds(60),
          .idle = milliseconds(60),
          .write = milliseconds(100),
          .handler = milliseconds(60),
          .linger = milliseconds(60),
          .drain = milliseconds(200)};
}

}  // namespace daybook::http
