#include "server/http/session.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "server/http/await.h"
#include "server/http/problem.h"

namespace daybook::http {
namespace {

std::string make_request_id(SharedState& shared) {
  // splitmix64 over a counter: different for every request, and no order to be guessed from it.
  std::uint64_t bits =
      shared.id_seed + shared.ids.fetch_add(1, std::memory_order_relaxed) * 0x9E3779B97F4A7C15ULL;
  bits = (bits ^ (bits >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  bits = (bits ^ (bits >> 27U)) * 0x94D049BB133111EBULL;
  bits ^= bits >> 31U;
  std::string id(16, '0');
  for (std::size_t index = 0; index < id.size(); ++index) {
    id[index] = "0123456789abcdef"[(bits >> (60U - 4U * index)) & 15U];
  }
  return id;
}

}  // namespace

void end_process(const std::exception& error) {
  std::fprintf(stderr, "invariant broken: %s\n", error.what());
  std::fflush(stderr);
  std::_Exit(70);
}

Session::Session(IoThread* thread, net::ip::tcp::socket socket, std::string peer,
                 std::string_view refusal)
    : thread_(thread),
      shared_(thread->shared()),
      socket_(std::move(socket)),
      peer_(std::move(peer)),
      turned_away_(refusal),
      parser_(&shared_.head_limits) {}

void Session::arm(std::chrono::milliseconds deadline) {
  expired_ = false;
  deadline_ = Clock::now() + deadline;
}

void Session::disarm() { deadline_ = Clock::time_point::max(); }

void Session::sweep(Clock::time_point now) {
  if (now < deadline_) return;
  deadline_ = Clock::time_point::max();
  expired_ = true;
  boost::system::error_code ignored;
  socket_.cancel(ignored);
  if (slot_) slot_->wake();
}

void Session::drain() {
  if (idle_ && begin_ == end_) {
    gone_ = true;
    boost::system::error_code ignored;
    socket_.cancel(ignored);
  }
  if (slot_ && streaming_) slot_->wake();
}

void Session::cut() {
  gone_ = true;
  boost::system::error_code ignored;
  socket_.close(ignored);
  if (slot_) slot_->wake();
}

net::awaitable<void> Session::run() {
  thread_->enter(this);
  const net::any_io_executor executor = socket_.get_executor();
  slot_ = std::make_shared<ReplySlot>(thread_->completions(), executor);
  try {
    co_await serve();
  } catch (const InvariantBroken& broken) {
    end_process(broken);
  } catch (const std::exception& error) {
    // Allocation failed, or the socket did: this connection ends, the others go on.
    std::fprintf(stderr, "connection ended: %s\n", error.what());
  }
  release_body();
  slot_->abandon();
  boost::system::error_code ignored;
  socket_.close(ignored);
  if (turned_away_.empty()) {
    shared_.caps.release(peer_);
  } else {
    shared_.refusals.fetch_sub(1, std::memory_order_relaxed);
  }
  thread_->leave(this);
}

net::awaitable<void> Session::serve() {
  boost::system::error_code ignored;
  socket_.non_blocking(true, ignored);
  const net::ip::tcp::no_delay immediately(true);
  socket_.set_option(immediately, ignored);
  if (!turned_away_.empty()) {
    closing_ = answered_ = true;
    request_id_ = make_request_id(shared_);
    Response response = refuse(turned_away_, "There are too many connections; try again shortly.");
    co_await send(&response);
  }
  bool open = turned_away_.empty();
  while (open) open = co_await exchange();
  if (answered_ && !gone_) co_await linger();
}

void Session::begin_exchange() {
  shrink_buffer();
  parser_.reset();
  request_ = Request();
  refusal_ = Refusal{};
  route_ = nullptr;
  body_kind_ = nullptr;
  prefix_ = {};
  chunks_.reset();
  stream_bytes_ = 0;
  stream_waited_ = {};
  head_method_ = false;
  chunked_out_ = false;
  streaming_ = false;
  idle_ = true;
}

/// One request and its answer. False: the connection ends.
net::awaitable<bool> Session::exchange() {
  begin_exchange();
  const HeadParser::State state = co_await read_head();
  if (state == HeadParser::State::NeedMore) {
    answered_ = false;  // the peer is gone or was idle for too long: nothing to say
    co_return false;
  }
  started_ = Clock::now();
  request_id_ = make_request_id(shared_);
  closing_ = !parser_.keep_alive();
  head_method_ = parser_.is_head();
  body_left_ = parser_.content_length();
  body_unread_ = parser_.framing() != Framing::None;
  consume(parser_.consumed());
  Response response;
  if (state == HeadParser::State::Refused) {
    Counters::add(thread_->counters().heads_refused);
    closing_ = closing_ || refusal_.close;
    response = refuse(refusal_.code, refusal_.detail);
  } else {
    Counters::add(thread_->counters().requests);
    request_.peer_ = peer_;
    std::copy(request_id_.begin(), request_id_.end(), request_.request_id_);
    response = co_await answer();
  }
  release_body();
  if (gone_) co_return false;
  settle_unread_body();
  if (!prefix_.empty() && shared_.options.finisher) shared_.options.finisher(prefix_, &response);
  closing_ = closing_ || response.close() || stopping();
  const bool sent = co_await send(&response);
  finish_exchange(response);
  co_return sent && !closing_;
}

net::awaitable<HeadParser::State> Session::read_head() {
  const Deadlines& deadlines = shared_.options.deadlines;
  bool header_clock = false;
  while (true) {
    if (begin_ < end_) {
      const HeadParser::State state = parser_.feed(buffered(), &request_);
      if (state != HeadParser::State::NeedMore) {
        idle_ = false;
        disarm();
        refusal_ = parser_.refusal();
        co_return state;
      }
    }
    if (begin_ == end_) {
      if (stopping()) co_return HeadParser::State::NeedMore;
      arm(deadlines.idle);
    } else if (!header_clock) {
      idle_ = false;
      header_clock = true;
      arm(deadlines.header);
    }
    const bool more = co_await fill();
    if (more) continue;
    disarm();
    if (!expired_ || begin_ == end_) co_return HeadParser::State::NeedMore;
    Counters::add(thread_->counters().timeouts);
    refusal_ = {"HEADER_TIMEOUT", "The head of the request did not arrive in time.", true};
    co_return HeadParser::State::Refused;
  }
}

net::awaitable<Response> Session::answer() {
  std::optional<Response> refused = admit();
  if (refused) co_return std::move(*refused);
  if (body_kind_ != nullptr && body_kind_->streamed) {
    Response streamed = co_await call_stream_handler();
    co_return streamed;
  }
  const bool complete = co_await read_body();
  if (!complete) {
    if (refusal_.code == "BODY_TIMEOUT") Counters::add(thread_->counters().timeouts);
    closing_ = true;
    // Without a refusal the peer is gone and nobody reads this.
    const std::string_view code = refusal_.code.empty() ? "MALFORMED_FRAMING" : refusal_.code;
    co_return refuse(code, refusal_.detail);
  }
  Response response = co_await call_handler();
  co_return response;
}

std::optional<Response> Session::admit() {
  const Router::Match match = shared_.router.match(&request_);
  prefix_ = match.prefix;
  if (match.route == nullptr) return unmatched(match);
  const Route& route = *match.route;
  route_ = &route;
  if (const Gate& gate = shared_.options.gate) {
    if (auto refused = gate(&request_, route.auth)) return refused;
  }
  if (const std::optional<std::string> odd = Router::odd_query(route, request_)) return refuse("BAD_QUERY", *odd);
  return route.bodies.empty() ? std::nullopt : admit_body(route);
}

std::optional<Response> Session::admit_body(const Route& route) {
  const std::string_view coding = request_.header("content-encoding").value_or("identity");
  body_kind_ = Router::body_kind(route, request_.media_type());
  if (!equal_ignoring_case(coding, "identity")) {
    return refuse("UNSUPPORTED_MEDIA_TYPE", "Send the body as it is, without Content-Encoding.");
  }
  if (const std::string_view charset = request_.charset(); !charset.empty() && !equal_ignoring_case(charset, "utf-8")) {
    return refuse("UNSUPPORTED_MEDIA_TYPE", "Bodies are read as UTF-8: send charset=utf-8, or leave charset out.");
  }
  if (body_kind_ == nullptr) {
    std::string accepted;
    for (const BodyKind& kind : route.bodies) accepted.append(accepted.empty() ? "" : ", ").append(kind.media_type);
    return refuse("UNSUPPORTED_MEDIA_TYPE", "Send one of these as Content-Type: " + accepted + ".");
  }
  if (!body_kind_->streamed && parser_.content_length() > body_kind_->limit) {
    closing_ = true;
    return refuse("BODY_TOO_LARGE", "This path accepts bodies of at most " +
                                        std::to_string(body_kind_->limit) + " bytes.");
  }
  return std::nullopt;
}

std::optional<Response> Session::unmatched(const Router::Match& match) {
  if (match.guard != nullptr && shared_.options.gate) {
    if (auto refused = shared_.options.gate(&request_, *match.guard)) return refused;
  }
  if (match.allow.empty()) return refuse("NOT_FOUND", "Nothing is here, or not for you; /openapi.json lists the paths.");
  const bool options = request_.method() == Method::Options;
  Response response =
      options ? Response(204)
              : refuse("METHOD_NOT_SUPPORTED", "This path has other methods; use one of those in Allow.");
  response.set_header("Allow", match.allow);
  return response;
}

Response Session::refuse(std::string_view code, std::string_view detail) {
  return problem(code, detail, request_id_);
}

Response Session::internal_error() {
  return refuse("INTERNAL",
                "A fault of this server; nothing was written. Tell the operator the requestId.");
}

net::awaitable<Response> Session::call_handler() {
  const Handler& handler = route_->handler;
  if (const auto* coroutine = std::get_if<Coroutine>(&handler)) {
    auto work = coroutine->run(std::move(request_));
    bool failed = false;
    Response response;
    try {
      response = co_await std::move(work);
    } catch (const InvariantBroken&) {
      throw;
    } catch (const std::exception&) {
      failed = true;
    }
    if (failed) response = internal_error();
    co_return response;
  }
  const bool safe = request_.method() == Method::Get || request_.method() == Method::Head;
  const std::uint64_t ticket = slot_->open();
  if (const auto* pooled = std::get_if<Pooled>(&handler)) {
    submit_to_pool(*pooled, ticket);
  } else {
    try {
      std::get<Direct>(handler).run(std::move(request_), Responder(slot_, ticket));
    } catch (const InvariantBroken&) {
      throw;
    } catch (const std::exception&) {
      // The responder went down with the handler, or lives on where it was handed to.
    }
  }
  Response response = co_await await_reply();
  if (response.status() == ReplySlot::kDropped) {
    response = internal_error();
    if (expired_ || gone_) {
      closing_ = true;
      const std::string_view code = safe ? "OVERLOADED" : "OUTCOME_UNKNOWN";
      response =
          refuse(code, "The request took too long; repeat it, with the same identity or key.");
    }
  }
  co_return response;
}

void Session::submit_to_pool(const Pooled& pooled, std::uint64_t ticket) {
  auto request = std::make_shared<Request>(std::move(request_));
  auto responder = std::make_shared<Responder>(slot_, ticket);
  const PooledHandler* run = &pooled.run;
  const bool queued = shared_.pool.submit([run, request, responder] {
    try {
      responder->respond((*run)(*request));
    } catch (const InvariantBroken& broken) {
      end_process(broken);
    } catch (const std::exception&) {
      // Dropping the responder answers 500.
    }
  });
  if (!queued) {
    responder->respond(
        refuse("OVERLOADED", "Too many questions at once; repeat this one shortly."));
  }
}

/// The answer to the open ticket; one of status kDropped when none came.
net::awaitable<Response> Session::await_reply() {
  if (!slot_->has_response()) {
    arm(shared_.options.deadlines.handler);
    while (!slot_->has_response() && !expired_ && !gone_) co_await slot_->wait();
    disarm();
  }
  if (slot_->has_response()) co_return slot_->take_response();
  Counters::add(thread_->counters().timeouts);
  slot_->abandon();
  co_return Response(ReplySlot::kDropped);
}

net::awaitable<Response> Session::call_stream_handler() {
  if (parser_.framing() == Framing::Chunked)
    chunks_.emplace(std::numeric_limits<std::uint64_t>::max());
  BodyReader* const reader = this;
  auto work = route_->stream_handler(std::move(request_), reader);
  bool failed = false;
  Response response;
  try {
    response = co_await std::move(work);
  } catch (const InvariantBroken&) {
    throw;
  } catch (const std::exception&) {
    failed = true;
  }
  if (failed) response = internal_error();
  if (!refusal_.code.empty()) closing_ = true;
  co_return response;
}

/// What is left of a refused request's body: already here and of known length, it is skipped; else
/// the connection ends, so that nothing of it can be taken for a request.
void Session::settle_unread_body() {
  if (!body_unread_ || closing_) return;
  if (parser_.framing() == Framing::Length && body_left_ <= end_ - begin_) {
    consume(static_cast<std::size_t>(body_left_));
  } else {
    closing_ = true;
  }
  body_unread_ = false;
}

void Session::finish_exchange(const Response& response) {
  Counters::add(thread_->counters().responses[std::min<unsigned>(response.status() / 100, 5)]);
  if (!shared_.options.observer) return;
  Exchange exchange;
  exchange.request_id = request_id_;
  exchange.peer = peer_;
  if (route_ != nullptr) {
    exchange.method = name(route_->method);
    exchange.pattern = route_->pattern;
  }
  exchange.status = response.status();
  exchange.response_bytes = sent_;
  exchange.taken = Clock::now() - started_;
  shared_.options.observer(exchange);
}

}  // namespace daybook::http
