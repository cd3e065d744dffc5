#include "server/app/openapi.h"

#include <map>

#include "ledger/codec/codec.h"
#include "ledger/codec/json_schema.h"
#include "ledger/codec/json_writer.h"
#include "ledger/domain/catalogue.h"
#include "server/http/problem.h"

namespace daybook::server {
namespace {

constexpr std::string_view kCommandPattern = "/v1/commands/{name}";

std::string_view lower_method(http::Method method) {
  switch (method) {
    case http::Method::Get: return "get";
    case http::Method::Head: return "head";
    case http::Method::Post: return "post";
    case http::Method::Put: return "put";
    case http::Method::Patch: return "patch";
    case http::Method::Delete: return "delete";
    case http::Method::Options: return "options";
  }
  return "get";
}

/// `/{name...}` is `/{name}` there.
std::string path_of(const http::Route& route) {
  std::string path = route.pattern;
  if (const std::size_t dots = path.find("...}"); dots != std::string::npos) path.erase(dots, 3);
  return path;
}

void write_parameters(const http::Route& route, bool is_command, codec::JsonWriter& json) {
  json.key("parameters").begin_array();
  for (const auto& [name, segment] : route.params) {
    if (is_command) continue;
    json.begin_object().key("name").text(name).key("in").text("path").key("required").boolean(true);
    json.key("schema").raw(R"({"type":"string"})").end_object();
  }
  for (const http::Parameter& parameter : route.doc.parameters) {
    json.begin_object().key("name").text(parameter.name).key("in").text(parameter.in_header ? "header" : "query");
    json.key("required").boolean(parameter.required).key("description").text(parameter.description);
    json.key("schema").raw(parameter.schema).end_object();
  }
  json.end_array();
}

/// `schema`: JSON Schema text, a reference, or empty.
void write_media(std::string_view type, std::string_view schema, codec::JsonWriter& json) {
  json.key(type).begin_object().key("schema");
  if (schema.empty()) {
    json.raw(type.ends_with("json") ? R"({"type":"object"})" : R"({"type":"string"})");
  } else if (schema.starts_with('{')) {
    json.raw(schema);
  } else {
    json.begin_object().key("$ref").text(schema).end_object();
  }
  json.end_object();
}

void write_answers(const http::Route& route, codec::JsonWriter& json) {
  json.key("responses").begin_object();
  for (const http::Answer& answer : route.doc.answers) {
    json.key(std::to_string(answer.status)).begin_object().key("description").text(answer.description);
    json.key("content").begin_object();
    if (answer.type != nullptr) {
      json.key(answer.media_type).begin_object().key("schema");
      codec::write_json_schema_reference(*answer.type, codec::SchemaUse::Answer, json);
      json.end_object();
    } else {
      write_media(answer.media_type, answer.schema, json);
    }
    json.end_object().end_object();
  }
  std::string detail = "A problem document";
  for (const std::string& code : route.doc.problems) detail += (code == route.doc.problems.front() ? ": " : ", ") + code;
  json.key("default").begin_object().key("description").text(detail).key("content").begin_object();
  write_media("application/problem+json", "#/components/schemas/Problem", json);
  json.end_object().end_object().end_object();
}

/// `command` is null but for the paths of commands, of which each has its own body.
void write_operation(const http::Route& route, const codec::CommandCodec* command, codec::JsonWriter& json) {
  json.key(lower_method(route.method)).begin_object();
  json.key("operationId").text(command == nullptr ? route.doc.operation_id : std::string(command->name));
  json.key("summary").text(command == nullptr ? route.doc.summary : "Perform " + std::string(command->name));
  if (!route.doc.tag.empty()) json.key("tags").begin_array().text(route.doc.tag).end_array();
  if (!route.doc.description.empty()) json.key("description").text(route.doc.description);
  if (route.auth.is_open()) {
    json.key("security").begin_array().end_array();
  } else {
    json.key("security").raw(R"([{"key":[]}])");
    std::string rights;
    for (const std::string& right : route.auth.rights()) rights += (rights.empty() ? "" : ", ") + right;
    if (!rights.empty()) json.key("x-rights").text(rights);
  }
  write_parameters(route, command != nullptr, json);
  if (!route.bodies.empty()) {
    json.key("requestBody").begin_object().key("required").boolean(true).key("content").begin_object();
    for (const http::BodyKind& body : route.bodies) {
      if (body.media_type == "*") continue;
      write_media(body.media_type,
                  command != nullptr ? "#/components/schemas/" + std::string(command->name) : body.schema, json);
    }
    json.end_object().end_object();
  }
  write_answers(route, json);
  json.end_object();
}

void write_schemas(const http::Router& router, codec::JsonWriter& json) {
  codec::SchemaComponents components;
  for (const codec::EventCodec* event : codec::event_codecs()) {
    components.add(*event->info, is_posted(event->type) ? codec::SchemaUse::Request : codec::SchemaUse::Answer);
  }
  for (const codec::CommandCodec* command : codec::command_codecs()) {
    components.add(*command->info, codec::SchemaUse::Request);
  }
  for (const http::Route* route : router.routes()) {
    for (const http::Answer& answer : route->doc.answers) {
      if (!route->doc.hidden && answer.type != nullptr) components.add(*answer.type, codec::SchemaUse::Answer);
    }
  }
  json.key("schemas").begin_object();
  components.write(json);
  json.key("CloudEvent").begin_object().key("type").text("object");
  json.key("required").raw(R"(["specversion","type","source","id","data"])");
  json.key("properties").begin_object();
  json.key("specversion").raw(R"({"const":"1.0"})").key("source").raw(R"({"type":"string"})");
  json.key("id").raw(R"({"type":"string"})").key("time").raw(R"({"type":"string","format":"date-time"})");
  json.key("type").begin_object().key("enum").begin_array();
  for (const codec::EventCodec* event : codec::event_codecs()) {
    if (is_posted(event->type)) json.text("daybook." + std::string(event->name));
  }
  json.end_array().end_object();
  json.key("data").begin_object().key("anyOf").begin_array();
  for (const codec::EventCodec* event : codec::event_codecs()) {
    if (!is_posted(event->type)) continue;
    json.begin_object().key("$ref").text("#/components/schemas/" + std::string(event->name)).end_object();
  }
  json.end_array().end_object().end_object().end_object();
  json.key("Problem").begin_object().key("type").text("object");
  json.key("required").raw(R"(["type","title","status","detail","code","requestId"])");
  json.key("properties").begin_object();
  for (const char* member : {"type", "title", "detail", "requestId"}) json.key(member).raw(R"({"type":"string"})");
  json.key("status").raw(R"({"type":"integer"})").key("code").begin_object().key("enum").begin_array();
  for (const http::ProblemCode& code : http::problem_codes()) json.text(code.code);
  json.end_array().end_object();
  json.key("errors").raw(
      R"({"type":"array","items":{"type":"object","properties":{"pointer":{"type":"string"},"code":{"type":"string"},"detail":{"type":"string"}}}})");
  json.end_object().end_object().end_object();
}

}  // namespace

std::string openapi_document(const http::Router& router) {
  struct Operation {
    const http::Route* route;
    const codec::CommandCodec* command;
  };
  std::map<std::string, std::vector<Operation>> paths;
  for (const http::Route* route : router.routes()) {
    if (route->doc.hidden) continue;
    if (route->pattern != kCommandPattern) {
      paths[path_of(*route)].push_back({route, nullptr});
      continue;
    }
    for (const codec::CommandCodec* command : codec::command_codecs()) {
      paths["/v1/commands/" + std::string(command->name)].push_back({route, command});
    }
  }
  std::string document;
  codec::JsonWriter json(document);
  json.begin_object().key("openapi").text("3.1.0");
  json.key("info").begin_object().key("title").text("Daybook").key("version").text(DAYBOOK_VERSION);
  json.key("description").text("An event-sourced billing ledger.");
  json.key("license").raw(R"({"name":"Apache-2.0","identifier":"Apache-2.0"})").end_object();
  json.key("servers").raw(R"([{"url":"/"}])");
  json.key("paths").begin_object();
  for (const auto& [path, operations] : paths) {
    json.key(path).begin_object();
    for (const Operation& operation : operations) write_operation(*operation.route, operation.command, json);
    json.end_object();
  }
  json.end_object().key("components").begin_object();
  json.key("securitySchemes").raw(R"({"key":{"type":"http","scheme":"bearer"}})");
  write_schemas(router, json);
  json.end_object().end_object();
  document.push_back('\n');
  return document;
}

}  // namespace daybook::server
