#include "server/app/ask.h"

#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "server/app/daemon.h"
#include "server/app/jobs.h"
#include "server/http/problem.h"
#include "server/http/router.h"
#include "server/http/strict_head.h"

namespace daybook::server {
namespace {

http::Response not_asked(std::string_view code, const std::string& sentence) { return http::problem(code, sentence, {}); }

http::Response answer(LedgerHost& host, const engine::Caller& caller, std::string_view target, http::Request& request) {
  request.set_principal(std::make_shared<const engine::Caller>(caller));
  Jobs jobs(host.rng());
  const http::Router router = make_router(host, jobs, {.backups = {}, .replays = {}, .corrections_at_once = std::numeric_limits<std::size_t>::max()});
  const http::Router::Match match = router.match(&request);
  if (match.route == nullptr) return not_asked("NOT_FOUND", "There is no question " + std::string(target) + ".");
  const auto* pooled = std::get_if<http::Pooled>(&match.route->handler);
  if (pooled == nullptr) return not_asked("NOT_SUPPORTED", "This is asked of a server alone.");
  if (const std::optional<std::string> odd = http::Router::odd_query(*match.route, request))
    return not_asked("BAD_QUERY", *odd);
  if (!match.route->bodies.empty()) {
    const http::BodyKind* kind = http::Router::body_kind(*match.route, request.media_type());
    if (kind == nullptr) return not_asked("UNSUPPORTED_MEDIA_TYPE", "This question takes no such body.");
    if (request.body().size() > kind->limit) {
      return not_asked("BODY_TOO_LARGE", "The body holds at most " + std::to_string(kind->limit >> 20) + " MiB.");
    }
  }
  http::Response answered = pooled->run(request);
  if (answered.producer()) return not_asked("NOT_SUPPORTED", "This is asked of a server alone.");
  return answered;
}

}  // namespace

http::Response ask(LedgerHost& host, const engine::Caller& caller, std::string_view target) {
  http::HeadLimits limits;
  limits.hosts = {"localhost"};
  http::HeadParser parser(&limits);
  http::Request request;
  const std::string head = "GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  if (parser.feed(head, &request) != http::HeadParser::State::Accepted || parser.consumed() != head.size())
    return not_asked("BAD_QUERY", "\"" + std::string(target) + "\" is no path with a query.");
  return answer(host, caller, target, request);
}

http::Response ask_with(LedgerHost& host, const engine::Caller& caller, std::string_view target,
                        std::string_view media_type, std::string_view body) {
  http::RequestBuilder builder(http::Method::Post, target);
  http::Request request = builder.header("Content-Type", std::string(media_type)).body(body).build();
  return answer(host, caller, target, request);
}

}  // namespace daybook::server
