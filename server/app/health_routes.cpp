#include "server/app/health_routes.h"

#include <memory>

#include "ledger/codec/json_writer.h"
#include "server/app/openapi.h"
#include "server/http/problem.h"

namespace daybook::server {
namespace {

constexpr std::string_view kVersionSchema =
    R"({"type":"object","properties":{"name":{"const":"daybook"},"version":{"type":"string"}},"required":["name","version"]})";

http::Answer said_ok() { return {200, "ok", "text/plain"}; }

http::Doc doc(std::string id, std::string summary, http::Answer answer) {
  http::Doc made;
  made.operation_id = std::move(id);
  made.summary = std::move(summary);
  made.tag = "Operation";
  made.answers = {std::move(answer)};
  return made;
}

}  // namespace

void add_health_routes(http::Router& router, LedgerHost& host, const RequestCounts* requests) {
  router.add(http::Route(http::Method::Get, "/livez", http::Auth::open(), doc("livez", "The process runs", said_ok()),
                         http::Direct{[](http::Request, http::Responder responder) {
                           responder.respond(http::Response(200, "text/plain; charset=utf-8", "ok\n"));
                         }}));
  router.add(http::Route(http::Method::Get, "/readyz", http::Auth::open(), doc("readyz", "Requests are served", said_ok()),
                         http::Direct{[&host](http::Request request, http::Responder responder) {
                           if (host.ready()) {
                             responder.respond(http::Response(200, "text/plain; charset=utf-8", "ok\n"));
                             return;
                           }
                           const log::Position shown = host.views().position();
                           responder.respond(http::problem(
                               "NOT_YET_VISIBLE",
                               "Views are being made: " + std::to_string(shown) + " of " +
                                   std::to_string(host.ledger().log().position()) + " events so far.",
                               request.request_id()));
                         }}));
  router.add(http::Route(http::Method::Get, "/version", http::Auth::open(), doc("version", "Name and version", {200, "The answer", "application/json", std::string(kVersionSchema)}),
                         http::Direct{[](http::Request, http::Responder responder) {
                           http::Response response = http::Response::json(200, {});
                           codec::JsonWriter json(response.body());
                           json.begin_object().key("name").text("daybook").key("version").text(DAYBOOK_VERSION).end_object();
                           responder.respond(std::move(response));
                         }}));
  http::Doc metrics =
      doc("metrics", "What the server knows of itself, for Prometheus", {200, "Text format 0.0.4", "text/plain"});
  // Answered beside the reader pool, so that a server which sheds load can still be watched.
  router.add(http::Route(http::Method::Get, "/metrics", http::Auth::open(), std::move(metrics),
                         http::Direct{[&host, requests](http::Request, http::Responder responder) {
                           responder.respond(http::Response(200, "text/plain; version=0.0.4; charset=utf-8",
                                                            metrics_text(host, requests)));
                         }}));
  http::Doc openapi = doc("openapi", "This document", {200, "OpenAPI 3.1"});
  auto document = std::make_shared<std::string>();
  router.add(http::Route(http::Method::Get, "/openapi.json", http::Auth::open(), openapi,
                         http::Direct{[document](http::Request, http::Responder responder) {
                           responder.respond(http::Response::json(200, *document));
                         }}));
  *document = openapi_document(router);
}

}  // namespace daybook::server
