#include "server/app/backup_routes.h"

#include <string>
#include <string_view>
#include <utility>

#include <simdjson.h>

#include "ledger/codec/json_check.h"
#include "ledger/codec/json_writer.h"
#include "ledger/log/clock.h"
#include "replay/backup.h"
#include "server/app/made_aside.h"
#include "server/app/reading.h"
#include "server/auth/gate.h"

namespace daybook::server {
namespace {

/// `{"name"?}` as a name; empty where it is left out. Errors: MALFORMED_JSON; INVALID_FIELD.
Result<std::string> name_asked(std::string_view body) {
  if (body.empty()) return std::string();
  thread_local simdjson::dom::parser parser;
  simdjson::dom::element document;
  if (parser.parse(body.data(), body.size()).get(document) != simdjson::SUCCESS) {
    const Error malformed{ErrorKind::Invalid, "MALFORMED_JSON", "The body is not JSON; it is an object, or nothing at all.", {}};
    return tl::unexpected(codec::refuse_json(body, malformed).value_or(malformed));
  }
  simdjson::dom::object object;
  if (document.get(object) != simdjson::SUCCESS) return rejected("INVALID_FIELD", "The body is an object with a name, or nothing at all.", "");
  std::string name;
  bool named = false;
  for (const simdjson::dom::key_value_pair member : object) {
    const std::string pointer = "/" + std::string(member.key);
    if (member.key != "name") return rejected("INVALID_FIELD", "A backup is asked for with name alone.", pointer);
    if (named) return rejected("DUPLICATE_MEMBER", "The object names this member twice; leave one out.", pointer);
    std::string_view text;
    if (member.value.get(text) != simdjson::SUCCESS) return rejected("INVALID_FIELD", "The name is a text, such as \"2024-05-02\".", pointer);
    if (Result<void> good = check_name(text); !good) return tl::unexpected(good.error());
    name = text;
    named = true;
  }
  return name;
}

Jobs::Outcome make(LedgerHost& host, const std::string& directory, const std::string& name,
                   const std::string& request_id, const Jobs::Progress& progress) {
  const auto failure = [&](const Error& error) { return Jobs::Outcome{false, problem_of(error, request_id).body()}; };
  const replay::StepProgress steps = [&](std::string_view, std::uint64_t done, std::uint64_t total) { progress(done, total); };
  const Result<replay::Verdict> verdict = replay::create_backup(copy_of(host), directory + "/" + name, steps);
  if (!verdict) return failure(told_of_copy(verdict.error(), directory));
  if (verdict->damage) return failure(told_of_copy({ErrorKind::Corruption, "CORRUPTION", verdict->damage->detail, {}}, directory));
  Jobs::Outcome outcome{true, {}};
  codec::JsonWriter(outcome.json).begin_object().key("name").text(name).key("position").number(verdict->position)
      .key("ok").boolean(true).end_object();
  return outcome;
}

http::Response start(LedgerHost& host, Jobs& jobs, const std::string& directory, const http::Request& request) {
  if (const Result<void> may = check_operator(request); !may) return refuse(may.error(), request, host.ledger().log().position());
  Result<std::string> name = name_asked(request.body().text());
  if (!name) return refuse(name.error(), request, host.ledger().log().position());
  return make_aside(host, jobs, request, directory, "backups",
                    [&host, directory, name = std::move(*name), id = std::string(request.request_id())](
                        const std::string&, const Jobs::Progress& progress) {
                      const std::string wanted = name.empty() ? name_of(Instant{log::SystemClock().wall_micros()}) : name;
                      if (const Result<void> free = check_free(directory + "/" + wanted); !free)
                        return Jobs::Outcome{false, problem_of(free.error(), id).body()};
                      return make(host, directory, wanted, id, progress);
                    });
}

}  // namespace

void add_backup_routes(http::Router& router, LedgerHost& host, Jobs& jobs, const std::string& directory) {
  http::Doc doc;
  doc.operation_id = "createBackup";
  doc.summary = "Make a verified backup of the ledger while it goes on";
  doc.description = "What was acknowledged before this request was sent is in it. The job's result is "
                    "{\"name\",\"position\",\"ok\":true}: a directory of that name where the configuration has backups made, "
                    "with everything up to that position. It has its name only once every byte of it was read and proven.";
  doc.tag = "Log";
  doc.parameters = {{"Idempotency-Key", "1 to 255 visible ASCII characters, new for each request",
                     R"({"type":"string"})", true, true}};
  doc.answers = {{202, "It runs on as a job; Location names it"}};
  doc.problems = {"IDEMPOTENCY_KEY_REQUIRED", "IDEMPOTENCY_KEY_REUSED", "NOT_SUPPORTED", "TOO_MANY_EXPENSIVE_REQUESTS"};
  router.add(http::Route(http::Method::Post, "/v1/backups", http::Auth::any_of({right::kCommand}),
                         {{"application/json", http::kDefaultBodyLimit, false, {}}}, std::move(doc),
                         http::Pooled{[&host, &jobs, directory](const http::Request& request) {
                           return start(host, jobs, directory, request);
                         }}));
}

}  // namespace daybook::server
