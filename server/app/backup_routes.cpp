#include "server/app/backup_routes.h"

#include <exception>
#include <filesystem>
#include <memory>
#include <system_error>

#include <simdjson.h>

#include "ledger/codec/json_check.h"
#include "ledger/codec/json_writer.h"
#include "ledger/log/clock.h"
#include "ledger/log/log_copy.h"
#include "replay/backup.h"
#include "server/app/job_routes.h"
#include "server/app/reading.h"
#include "server/auth/gate.h"

namespace daybook::server {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNameMax = 100;
constexpr std::string_view kNameLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

/// The server stops: nothing is lost with the copy that was under way.
class Stopping : public std::exception {};

/// A directory of its own below the one for backups, and never that of a copy under way. Errors: INVALID_FIELD.
Result<void> check_name(std::string_view name) {
  const bool good = !name.empty() && name.size() <= kNameMax && name.front() != '.' && !name.ends_with(".unfinished") &&
                    name.find_first_not_of(kNameLetters) == std::string_view::npos;
  if (good) return {};
  return rejected("INVALID_FIELD",
                  "The name of a backup is 1 to 100 of A-Z a-z 0-9 . _ -, neither beginning with a dot nor ending with .unfinished.",
                  "/name");
}

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
  if (document.get(object) != simdjson::SUCCESS) return rejected("INVALID_FIELD", "The body is an object.", "");
  std::string name;
  bool named = false;
  for (const simdjson::dom::key_value_pair member : object) {
    const std::string pointer = "/" + std::string(member.key);
    if (member.key != "name") return rejected("INVALID_FIELD", "A backup is asked for with name alone.", pointer);
    if (named) return rejected("DUPLICATE_MEMBER", "The object names this member twice; leave one out.", pointer);
    std::string_view text;
    if (member.value.get(text) != simdjson::SUCCESS) return rejected("INVALID_FIELD", "The name is a text.", pointer);
    if (Result<void> good = check_name(text); !good) return tl::unexpected(good.error());
    name = text;
    named = true;
  }
  return name;
}

/// The instant without what a file's name had better not have: 20240502T101500Z.
std::string name_of(Instant now) {
  std::string name;
  codec::JsonWriter(name).instant(now);
  std::erase_if(name, [](char c) { return c == '"' || c == '-' || c == ':'; });
  return name.substr(0, name.find_first_of(".Z")) + "Z";
}

Result<void> check_free(const std::string& path) {
  std::error_code error;
  if (!fs::exists(path, error) && !fs::exists(path + ".unfinished", error)) return {};
  return conflict("ALREADY_EXISTS", "There is a backup of this name, or what an interrupted one left; choose another name.");
}

/// What a caller reads of a backup that could not be made.
Error told(const Error& error) {
  if (error.code != "COPY_FAILED") return error;
  return Error{ErrorKind::Internal, "INTERNAL",
               "The copy could not be made: " + error.detail + ". It was removed, and the ledger is as it was.", {}};
}

Jobs::Outcome make(LedgerHost& host, const Jobs& jobs, const std::string& directory, const std::string& name,
                   const std::string& request_id, const Jobs::Progress& progress) {
  const auto failure = [&](const Error& error) { return Jobs::Outcome{false, problem_of(error, request_id).body()}; };
  const replay::BeginCopy begin = [&](const std::string& where) -> Result<std::unique_ptr<log::LogCopy>> {
    if (Result<void> settled = log::LogCopy::settle(host.ledger().log()); !settled) return tl::unexpected(settled.error());
    Result<std::unique_ptr<log::LogCopy>> copy;
    const Result<void> done = host.between_groups([&] { copy = log::LogCopy::begin(host.ledger().log(), where); });
    return done ? std::move(copy) : tl::unexpected(done.error());
  };
  const replay::StepProgress steps = [&](std::string_view, std::uint64_t done, std::uint64_t total) {
    if (jobs.stopping()) throw Stopping();
    progress(done, total);
  };
  try {
    const Result<replay::Verdict> verdict = replay::create_backup(begin, directory + "/" + name, steps);
    if (!verdict) return failure(told(verdict.error()));
    if (verdict->damage) return failure(Error{ErrorKind::Corruption, "CORRUPTION", verdict->damage->detail, {}});
    Jobs::Outcome outcome{true, {}};
    codec::JsonWriter(outcome.json).begin_object().key("name").text(name).key("position").number(verdict->position)
        .key("ok").boolean(true).end_object();
    return outcome;
  } catch (const Stopping&) {
    return failure(Error{ErrorKind::Unavailable, "OVERLOADED", "The server is stopping; the copy under way was removed.", {}});
  }
}

http::Response start(LedgerHost& host, Jobs& jobs, const std::string& directory, const http::Request& request) {
  const log::Position head = host.ledger().log().position();
  const engine::Caller& caller = caller_of(request);
  if (!caller.viewer.is_operator() || caller.tenant) {
    return refuse(Error{ErrorKind::Forbidden, "FORBIDDEN", "Only the operator makes backups, with a key bound to no tenant.", {}},
                  request, head);
  }
  Result<std::string> key = idempotency_key(request);
  if (!key) return refuse(key.error(), request, head);
  Result<std::string> name = name_asked(request.body().text());
  if (!name) return refuse(name.error(), request, head);
  if (directory.empty()) {
    return refuse(Error{ErrorKind::Invalid, "NOT_SUPPORTED",
                        "This server has no place for backups; name one in its configuration: backups in [server].", {}},
                  request, head);
  }
  Jobs::Ticket ticket{caller.idempotency_owner(), std::move(*key), digest_of(request)};
  const std::string id(request.request_id());
  const bool named = !name->empty();
  Result<Jobs::View> job = jobs.start(
      std::move(ticket),
      [&host, &jobs, directory, name = std::move(*name), named, id](const std::string&, const Jobs::Progress& progress) {
        const std::string wanted = named ? name : name_of(Instant{log::SystemClock().wall_micros()});
        if (const Result<void> free = check_free(directory + "/" + wanted); !free)
          return Jobs::Outcome{false, problem_of(free.error(), id).body()};
        return make(host, jobs, directory, wanted, id, progress);
      });
  return job ? job_accepted(*job, head) : refuse(job.error(), request, head);
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
