#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "server/http/message.h"
#include "server/http/streams.h"

namespace daybook::codec {
struct TypeInfo;
}

namespace daybook::http {

/// Who may call a route. There is no default: a route without one does not compile.
class Auth {
 public:
  /// Anyone, without credentials.
  [[nodiscard]] static Auth open() { return Auth({}, true, false); }
  /// Anyone; who shows valid credentials is known to the handler, and held to his headers as everywhere else.
  [[nodiscard]] static Auth open_and_known() { return Auth({}, true, true); }
  /// Credentials with at least one of `rights`; none listed: any valid credentials. What a right
  /// means is the gate's (server.h).
  [[nodiscard]] static Auth any_of(std::vector<std::string> rights) {
    return Auth(std::move(rights), false, true);
  }
  [[nodiscard]] bool is_open() const { return open_; }
  /// Whether credentials are looked at.
  [[nodiscard]] bool knows_callers() const { return knows_callers_; }
  [[nodiscard]] const std::vector<std::string>& rights() const { return rights_; }

 private:
  Auth(std::vector<std::string> rights, bool open, bool knows_callers)
      : rights_(std::move(rights)), open_(open), knows_callers_(knows_callers) {}

  std::vector<std::string> rights_;
  bool open_;
  bool knows_callers_;
};

inline constexpr std::size_t kDefaultBodyLimit = std::size_t{1} << 20;
/// Of one event that carries a document (reliability.md D9).
inline constexpr std::size_t kDocumentBodyLimit = std::size_t{4} << 20;
inline constexpr std::size_t kBatchBodyLimit = std::size_t{8} << 20;

/// One accepted kind of body. `media_type` is compared without case and parameters; "*" takes every
/// other type and none at all. A streamed body has no limit and goes to the stream handler.
struct BodyKind {
  std::string media_type;
  std::size_t limit = kDefaultBodyLimit;
  bool streamed = false;
  std::string schema = {};  ///< reference for the OpenAPI document: "#/components/schemas/…"
};

/// A query or header parameter, for the OpenAPI document. Query parameters are also enforced: one
/// that the route does not list, or given twice without `repeatable`, is 400 BAD_QUERY.
struct Parameter {
  std::string name;
  std::string description;
  std::string schema = R"({"type":"string"})";  ///< JSON Schema text
  bool in_header = false;
  bool required = false;
  bool repeatable = false;
};

/// A documented answer other than the problems.
struct Answer {
  unsigned status = 200;
  std::string description;
  std::string media_type = "application/json";
  std::string schema = {};                  ///< "#/components/schemas/…", or JSON Schema text
  const codec::TypeInfo* type = nullptr;    ///< the described type that the answer is, if it is one
};

/// Metadata from which /openapi.json is generated.
struct Doc {
  std::string operation_id;
  std::string summary;
  std::string tag = {};
  std::string description = {};
  std::vector<Parameter> parameters = {};
  std::vector<Answer> answers = {};
  std::vector<std::string> problems =
      {};               ///< codes this route answers with, beside the general ones
  bool hidden = false;  ///< not in the document (the portal's files)
};

/// Runs on the I/O thread, must not block, answers now or later from any thread.
using DirectHandler = std::function<void(Request, Responder)>;
/// Runs on the reader pool, may read storage.
using PooledHandler = std::function<Response(const Request&)>;
/// Runs on the I/O thread; see style.md for what may stand on a co_await line.
using CoroutineHandler = std::function<net::awaitable<Response>(Request)>;
/// For streamed bodies: the request has no body, the reader gives its pieces.
using StreamHandler = std::function<net::awaitable<Response>(Request, BodyReader*)>;

/// Where a handler runs is said by its kind: Handler(Direct{…}) and so on.
struct Direct {
  DirectHandler run;
};
struct Pooled {
  PooledHandler run;
};
struct Coroutine {
  CoroutineHandler run;
};
using Handler = std::variant<Direct, Pooled, Coroutine>;

/// One row of the route table. `pattern` is literal segments and `{name}` segments; a last segment
/// `{name...}` takes one or more. HEAD is answered by the GET route, OPTIONS and 405 by the router.
struct Route {
  /// For methods without a body (GET, DELETE).
  Route(Method method_, std::string pattern_, Auth auth_, Doc doc_, Handler handler_);
  /// For methods with one. `bodies` is not empty.
  Route(Method method_, std::string pattern_, Auth auth_, std::vector<BodyKind> bodies_, Doc doc_,
        Handler handler_);
  /// Adds the handler for the streamed ones of `bodies`.
  Route& on_stream(StreamHandler handler_) &;
  Route&& on_stream(StreamHandler handler_) &&;

  Method method;
  std::string pattern;
  Auth auth;
  std::vector<BodyKind> bodies;
  Doc doc;
  Handler handler;
  StreamHandler stream_handler;
  std::vector<std::pair<std::string, std::size_t>> params;  ///< name, index of its segment
};

/// The route table: filled once, then read by every I/O thread.
class Router {
 public:
  Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;
  ~Router();

  /// A malformed pattern, or a second route of one method and shape, breaks an invariant.
  void add(Route route);
  /// Paths below `prefix` ("/v1") that no route matches are judged by `auth` before they are 404,
  /// 405 or 204 to OPTIONS, so that an unauthenticated caller learns nothing.
  void guard(std::string prefix, Auth auth);

  struct Match {
    const Route* route = nullptr;  ///< null: see `allow`
    std::string allow;             ///< "GET, HEAD, OPTIONS" where the path exists; else empty
    const Auth* guard = nullptr;   ///< for what matched no route
    std::string_view prefix;       ///< of the guard above it, route or not; empty: none
  };
  /// Literal segments win over parameters. Sets request's params on a match.
  [[nodiscard]] Match match(Request* request) const;
  /// In the order of add().
  [[nodiscard]] std::vector<const Route*> routes() const;

  /// What of the query the route does not take, or takes once, as a sentence; nothing: all is well.
  [[nodiscard]] static std::optional<std::string> odd_query(const Route& route, const Request& request);

  /// The kind of `bodies` that takes this media type, or null (415).
  [[nodiscard]] static const BodyKind* body_kind(const Route& route, std::string_view media_type);

 private:
  [[nodiscard]] std::string_view guarded_prefix(std::string_view pattern) const;

  struct Node;
  std::unique_ptr<Node> root_;
  std::vector<std::unique_ptr<Route>> routes_;
  std::vector<std::pair<std::string, std::unique_ptr<Auth>>> guards_;
};

}  // namespace daybook::http
