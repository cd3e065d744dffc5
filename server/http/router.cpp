#include "server/http/router.h"

#include <algorithm>

namespace daybook::http {
namespace {

std::vector<std::string_view> split(std::string_view pattern) {
  std::vector<std::string_view> segments;
  pattern.remove_prefix(1);
  while (!pattern.empty()) {
    const std::string_view segment = pattern.substr(0, pattern.find('/'));
    LEDGER_INVARIANT(!segment.empty());
    segments.push_back(segment);
    pattern.remove_prefix(std::min(pattern.size(), segment.size() + 1));
  }
  return segments;
}

bool is_param(std::string_view segment) { return segment.front() == '{'; }
bool is_tail(std::string_view segment) { return segment.ends_with("...}"); }

bool has_body(Method method) {
  return method == Method::Post || method == Method::Put || method == Method::Patch;
}

}  // namespace

/// One level of the path. Children are few; a sorted map keeps the order of /openapi.json stable
/// too.
struct Router::Node {
  std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
  std::unique_ptr<Node> param;
  std::unique_ptr<Node> tail;  ///< takes all that is left
  std::array<const Route*, kMethodCount> routes = {};

  [[nodiscard]] bool answers() const {
    return std::any_of(routes.begin(), routes.end(), [](const Route* r) { return r != nullptr; });
  }

  /// The node where the path ends, that has `method` if there is one such, else any that answers.
  const Node* find(std::span<const std::string_view> path, Method method) const {
    if (path.empty()) return answers() ? this : nullptr;
    const Node* second_best = nullptr;
    const auto consider = [&](const Node* found) {
      if (found == nullptr) return false;
      if (found->routes[static_cast<std::size_t>(method)] != nullptr) return true;
      if (second_best == nullptr) second_best = found;
      return false;
    };
    const auto rest = path.subspan(1);
    if (const auto literal = literals.find(path.front()); literal != literals.end()) {
      const Node* found = literal->second->find(rest, method);
      if (consider(found)) return found;
    }
    if (param && !path.front().empty()) {
      const Node* found = param->find(rest, method);
      if (consider(found)) return found;
    }
    if (tail && consider(tail.get())) return tail.get();
    return second_best;
  }
};

Route::Route(Method method_, std::string pattern_, Auth auth_, Doc doc_, Handler handler_)
    : method(method_),
      pattern(std::move(pattern_)),
      auth(std::move(auth_)),
      doc(std::move(doc_)),
      handler(std::move(handler_)) {}

Route::Route(Method method_, std::string pattern_, Auth auth_, std::vector<BodyKind> bodies_,
             Doc doc_, Handler handler_)
    : method(method_),
      pattern(std::move(pattern_)),
      auth(std::move(auth_)),
      bodies(std::move(bodies_)),
      doc(std::move(doc_)),
      handler(std::move(handler_)) {}

Route& Route::on_stream(StreamHandler handler_) & {
  stream_handler = std::move(handler_);
  return *this;
}

Route&& Route::on_stream(StreamHandler handler_) && {
  stream_handler = std::move(handler_);
  return std::move(*this);
}

Router::Router() : root_(std::make_unique<Node>()) {}
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;
Router::~Router() = default;

void Router::add(Route route) {
  LEDGER_INVARIANT(route.pattern.starts_with('/'));
  LEDGER_INVARIANT(has_body(route.method) == !route.bodies.empty());
  LEDGER_INVARIANT(route.method != Method::Head && route.method != Method::Options);
  const bool streams = std::any_of(route.bodies.begin(), route.bodies.end(),
                                   [](const BodyKind& kind) { return kind.streamed; });
  LEDGER_INVARIANT(streams == static_cast<bool>(route.stream_handler));

  auto owned = std::make_unique<Route>(std::move(route));
  owned->params.clear();
  Node* node = root_.get();
  const auto segments = split(owned->pattern);
  for (std::size_t index = 0; index < segments.size(); ++index) {
    const std::string_view segment = segments[index];
    std::unique_ptr<Node>* next = nullptr;
    if (!is_param(segment)) {
      next = &node->literals.try_emplace(std::string(segment)).first->second;
    } else {
      LEDGER_INVARIANT(segment.ends_with('}') &&
                       (!is_tail(segment) || index + 1 == segments.size()));
      const std::size_t ending = is_tail(segment) ? 4 : 1;
      owned->params.emplace_back(segment.substr(1, segment.size() - 1 - ending), index);
      next = is_tail(segment) ? &node->tail : &node->param;
    }
    if (!*next) *next = std::make_unique<Node>();
    node = next->get();
  }
  const Route*& place = node->routes[static_cast<std::size_t>(owned->method)];
  LEDGER_INVARIANT(place == nullptr);
  place = owned.get();
  routes_.push_back(std::move(owned));
}

void Router::guard(std::string prefix, Auth auth) {
  LEDGER_INVARIANT(prefix.starts_with('/') && (prefix.size() == 1 || !prefix.ends_with('/')));
  guards_.emplace_back(std::move(prefix), std::make_unique<Auth>(std::move(auth)));
}

Router::Match Router::match(Request* request) const {
  Match match;
  const Method asked = request->method();
  const Method method = asked == Method::Head ? Method::Get : asked;
  const Node* node = root_->find(request->segments(), method);
  const Route* route = node != nullptr ? node->routes[static_cast<std::size_t>(method)] : nullptr;
  if (route != nullptr) {
    match.route = route;
    match.prefix = guarded_prefix(route->pattern);
    request->params_ = &route->params;
    return match;
  }
  if (node != nullptr) {
    for (std::size_t index = 0; index < kMethodCount; ++index) {
      if (node->routes[index] == nullptr) continue;
      match.allow.append(name(static_cast<Method>(index))).append(", ");
      if (static_cast<Method>(index) == Method::Get) match.allow.append("HEAD, ");
    }
    match.allow.append("OPTIONS");
  }
  // The raw path would let %76 slip past a guard for /v1, so the decoded segments are compared.
  for (const auto& [prefix, auth] : guards_) {
    const auto wanted = split(prefix);
    const auto got = request->segments();
    if (got.size() >= wanted.size() && std::equal(wanted.begin(), wanted.end(), got.begin())) {
      match.guard = auth.get();
      match.prefix = prefix;
      break;
    }
  }
  return match;
}

std::string_view Router::guarded_prefix(std::string_view pattern) const {
  for (const auto& [prefix, auth] : guards_) {
    if (pattern.starts_with(prefix) &&
        (pattern.size() == prefix.size() || pattern[prefix.size()] == '/')) {
      return prefix;
    }
  }
  return {};
}

std::vector<const Route*> Router::routes() const {
  std::vector<const Route*> routes;
  routes.reserve(routes_.size());
  for (const auto& route : routes_) routes.push_back(route.get());
  return routes;
}

std::optional<std::string> Router::odd_query(const Route& route, const Request& request) {
  const std::vector<Parameter>& parameters = route.doc.parameters;
  for (const QueryPair& pair : request.query_pairs()) {
    const auto known =
        std::find_if(parameters.begin(), parameters.end(),
                     [&](const Parameter& each) { return !each.in_header && each.name == pair.name; });
    if (known == parameters.end()) {
      std::string names;
      for (const Parameter& parameter : parameters) {
        if (!parameter.in_header) names.append(names.empty() ? "" : ", ").append(parameter.name);
      }
      return "This path has no query parameter '" + std::string(pair.name) + "'; it has " +
             (names.empty() ? "none" : names) + ".";
    }
    if (!known->repeatable && request.query_count(pair.name) > 1)
      return "The query has '" + std::string(pair.name) + "' twice; give it once.";
  }
  return std::nullopt;
}

const BodyKind* Router::body_kind(const Route& route, std::string_view media_type) {
  const BodyKind* any = nullptr;
  for (const BodyKind& kind : route.bodies) {
    if (kind.media_type == "*") {
      any = &kind;
    } else if (equal_ignoring_case(kind.media_type, media_type)) {
      return &kind;
    }
  }
  return any;
}

}  // namespace daybook::http
