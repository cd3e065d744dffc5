#include "server/app/health_routes.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

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

/// What has to hold for requests to be served; of each that does not, its problem.
struct Readiness {
  std::optional<std::string> log;
  std::optional<std::string> views;
};

Readiness readiness_of(LedgerHost& host) {
  Readiness found;
  if (host.is_damaged()) {
    found.log = "The log is damaged: nothing more is recorded, and what can be read is answered. What the server writes on stderr names file and positions.";
  }
  if (!host.ready()) {
    found.views = "Views are being made: " + std::to_string(host.views().position()) + " of " + std::to_string(host.ledger().log().position()) +
                  " events so far.";
  }
  return found;
}

http::Response told_in_short(const Readiness& found, const http::Request& request) {
  if (found.log) return http::problem("CORRUPTION", *found.log, request.request_id());
  if (found.views) return http::problem("NOT_YET_VISIBLE", *found.views, request.request_id());
  return http::Response(200, "text/plain; charset=utf-8", "ok\n");
}

/// A line a condition, as /readyz?verbose of Kubernetes has them.
http::Response told_one_by_one(const Readiness& found) {
  std::string text;
  for (const auto& [name, fault] : {std::pair("log", &found.log), std::pair("views", &found.views)}) {
    text += (*fault ? "[-]" : "[+]") + std::string(name) + (*fault ? ": " + **fault : " ok") + "\n";
  }
  const unsigned status = found.log ? 500 : found.views ? 503 : 200;
  text += status == 200 ? "readyz check passed\n" : "readyz check failed\n";
  return http::Response(status, "text/plain; charset=utf-8", std::move(text));
}

}  // namespace

void add_health_routes(http::Router& router, LedgerHost& host, const RequestCounts* requests) {
  router.add(http::Route(http::Method::Get, "/livez", http::Auth::open(), doc("livez", "The process runs", said_ok()),
                         http::Direct{[](http::Request, http::Responder responder) {
                           responder.respond(http::Response(200, "text/plain; charset=utf-8", "ok\n"));
                         }}));
  http::Doc readyz = doc("readyz", "Requests are served", said_ok());
  readyz.parameters = {{"verbose", "says of each condition whether it holds"}};
  router.add(http::Route(http::Method::Get, "/readyz", http::Auth::open(), std::move(readyz),
                         http::Direct{[&host](http::Request request, http::Responder responder) {
                           const Readiness found = readiness_of(host);
                           responder.respond(request.query("verbose") ? told_one_by_one(found) : told_in_short(found, request));
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
