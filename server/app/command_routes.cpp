#include "server/app/command_routes.h"

#include <charconv>
#include <memory>
#include <mutex>

#include "ledger/codec/codec.h"
#include "ledger/codec/event.h"
#include "ledger/codec/json_writer.h"
#include "ledger/codec/value_codec.h"
#include "ledger/domain/commands/administration.h"
#include "ledger/domain/facts/access.h"
#include "ledger/domain/facts/export_job.h"
#include "ledger/domain/rules/is_run.h"
#include "server/app/event_items.h"
#include "server/app/job_routes.h"
#include "server/app/reading.h"
#include "server/auth/api_key.h"
#include "server/auth/gate.h"
#include "server/http/problem.h"

namespace daybook::server {
namespace {

constexpr std::size_t kEventsShown = 1'000;

/// Some commands add what they made: `invitationId`, `jobId`, `keyId` and `key`.
constexpr std::string_view kAnswerSchema =
    R"({"type":"object","properties":{"position":{"type":"integer"},"events":{"type":"array","items":{"type":"object"}},)"
    R"("eventCount":{"type":"integer"},"eventCounts":{"type":"object","additionalProperties":{"type":"integer"}},)"
    R"("alarms":{"type":"array","items":{"type":"object"}}},)"
    R"("required":["position","events","eventCount","eventCounts","alarms"]})";

/// Whole seconds until the next day begins: what may be done so often a day may be done again then.
std::string until_midnight(Instant now) {
  constexpr std::int64_t kSecond = 1'000'000;
  const std::int64_t left = Instant::start_of(now.date().plus_days(1)).micros - now.micros;
  return std::to_string((left + kSecond - 1) / kSecond);
}

Result<std::optional<std::uint32_t>> expected_version(const http::Request& request) {
  const auto header = request.header("If-Match");
  if (!header) return std::nullopt;
  std::string_view text = *header;
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  std::uint32_t version = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
    return rejected("INVALID_FIELD", "If-Match is the version of the stream: a whole number.");
  }
  return version;
}

void write_alarms(const std::vector<Alarm>& alarms, codec::JsonWriter& json) {
  json.key("alarms").begin_array();
  for (const Alarm& alarm : alarms) codec::to_json(alarm, json);
  json.end_array();
}

/// The invitation that was made where nobody had the address, or null.
void write_invitation(const engine::Ledger& ledger, const engine::CommandAnswer& done, codec::JsonWriter& json) {
  json.key("invitationId");
  if (done.last != 0) {
    if (const Result<log::StoredRecord> record = ledger.log().read(done.last)) {
      const Result<Event> event = codec::decode_event(record->event, &ledger.sealer());
      const RoleInvited* invited = event ? event->data.get_if<RoleInvited>() : nullptr;
      if (invited != nullptr) {
        json.text(invited->invitation_id.text());
        return;
      }
    }
  }
  json.null();
}

/// The job that a file is prepared by, also where it was there before.
void write_export_job(const engine::Ledger& ledger, const engine::CommandAnswer& done, codec::JsonWriter& json) {
  std::string id = done.job_id;
  if (done.first != 0) {
    const Result<log::StoredRecord> record = ledger.log().read(done.first);
    const Result<Event> event =
        record ? codec::decode_event(record->event, &ledger.sealer()) : Result<Event>(tl::unexpected(record.error()));
    if (event) {
      if (const auto* requested = event->data.get_if<ExportRequested>()) id = requested->job_id.text();
      if (const auto* expired = event->data.get_if<ExportExpired>()) id = expired->job_id.text();
    }
  }
  json.key("jobId").text(id);
}

Result<http::Response> answer(LedgerHost& host, const engine::CommandAnswer& done, CommandType type,
                              const std::optional<NewApiKey>& key) {
  http::Response response = http::Response::json(200, {});
  codec::JsonWriter json(response.body());
  json.begin_object().key("position").number(done.position);
  if (Result<void> written = write_command_events(host.ledger(), done, kEventsShown, json); !written) {
    return tl::unexpected(written.error());
  }
  write_alarms(done.alarms, json);
  if (type == CommandType::AssignRole) write_invitation(host.ledger(), done, json);
  if (type == CommandType::RequestExport) write_export_job(host.ledger(), done, json);
  if (key && !done.replayed) json.key("keyId").text(key->key.key_id).key("key").text(key->text);
  json.end_object();
  set_position(response, done.position);
  if (done.replayed) response.set_header("Idempotency-Replayed", "true");
  return response;
}

http::Response start_job(LedgerHost& host, Jobs& jobs, const http::Request& request, engine::CommandRequest command) {
  const log::Position head = host.ledger().log().position();
  Jobs::Ticket ticket{command.caller.idempotency_owner(), command.idempotency_key, command.digest};
  const auto kept = std::make_shared<engine::CommandRequest>(std::move(command));
  const std::string request_id(request.request_id());
  Result<Jobs::View> job = jobs.start(
      std::move(ticket), [&host, kept, request_id](const std::string&, const Jobs::Progress& progress) -> Jobs::Outcome {
        kept->progress = progress;
        Result<http::Response> done = host.ledger().execute(*kept).and_then(
            [&](const engine::CommandAnswer& answered) {
              return answer(host, answered, kept->command.type(), std::nullopt);
            });
        if (!done) return {false, problem_of(done.error(), request_id).body()};
        return {true, std::move(done->body())};
      });
  if (!job) return refuse(job.error(), request, head);
  http::Response response = job_accepted(*job, head);
  response.set_header("Preference-Applied", "respond-async");
  return response;
}

http::Response perform(LedgerHost& host, Jobs& jobs, const http::Request& request) {
  const log::Position head = host.ledger().log().position();
  const std::optional<CommandType> type = command_type(request.param("name"));
  if (!type) {
    return refuse(Error{ErrorKind::NotFound, "NOT_FOUND", "There is no such command; /openapi.json lists them.", {}}, request, head);
  }
  engine::CommandRequest command;
  command.caller = caller_of(request);
  Result<std::string> key = idempotency_key(request);
  if (!key) return refuse(key.error(), request, head);
  command.idempotency_key = std::move(*key);
  command.digest = digest_of(request);
  Result<std::optional<std::uint32_t>> version = expected_version(request);
  if (!version) return refuse(version.error(), request, head);
  command.expected_version = *version;
  const std::string_view body = request.body().empty() ? std::string_view("{}") : request.body().text();
  Result<CommandData> parsed = codec::codec(*type).from_json(body);
  if (!parsed) return refuse(parsed.error(), request, head);
  command.command = std::move(*parsed);

  const bool is_long = is_run(*type) || *type == CommandType::RequestExport;
  if (is_long && wants_job(request)) return start_job(host, jobs, request, std::move(command));

  std::optional<NewApiKey> made;
  if (*type == CommandType::CreateKey) {
    made = make_api_key(host.rng());
    command.new_key_id = made->key.key_id;
    command.new_secret_hash = made->key.secret_hash;
  }
  const Result<engine::CommandAnswer> done = host.ledger().execute(command);
  if (!done) {
    http::Response refused = refuse(done.error(), request, host.ledger().log().position());
    if (done.error().code == "RATE_LIMITED") refused.set_header("Retry-After", until_midnight(host.ledger().now()));
    return refused;
  }
  Result<http::Response> answered = answer(host, *done, *type, made);
  return answered ? std::move(*answered) : refuse(answered.error(), request, done->position);
}

}  // namespace

void add_command_routes(http::Router& router, LedgerHost& host, Jobs& jobs) {
  http::Doc doc;
  doc.operation_id = "performCommand";
  doc.summary = "Perform a command";
  doc.tag = "Commands";
  doc.parameters = {{"Idempotency-Key", "1 to 255 visible ASCII characters, new for each request",
                     R"({"type":"string"})", true, true},
                    {"If-Match", "the expected version of the stream that the command writes to; a command that finds nothing to do writes nothing, and is answered whatever the version", R"({"type":"integer"})", true},
                    {"Prefer", "respond-async: a long command runs on as a job", R"({"type":"string"})", true}};
  doc.answers = {{200, "What it made happen; nothing to do: no events", "application/json", std::string(kAnswerSchema)},
                 {202, "It runs on as a job; Location names it"}};
  doc.problems = {"IDEMPOTENCY_KEY_REQUIRED", "IDEMPOTENCY_KEY_REUSED", "REQUEST_IN_PROGRESS", "VERSION_CONFLICT", "INSUFFICIENT_STORAGE"};
  router.add(http::Route(http::Method::Post, "/v1/commands/{name}", http::Auth::any_of({right::kCommand}),
                         {{"application/json", http::kDefaultBodyLimit, false, {}}}, doc,
                         http::Pooled{[&host, &jobs](const http::Request& request) { return perform(host, jobs, request); }}));
}

}  // namespace daybook::server
