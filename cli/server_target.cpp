#include "cli/server_target.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include "cli/progress.h"
#include "ledger/codec/cloudevents.h"
#include "ledger/engine/uuid.h"
#include "ledger/log/clock.h"
#include "ledger/log/rng.h"

namespace daybook::cli {
namespace {

constexpr int kTries = 6;
constexpr std::chrono::milliseconds kFirstPause{250};
constexpr std::chrono::milliseconds kJobPause{200};

/// What the server answered instead of what was wanted.
tl::unexpected<Failure> refusal(const HttpAnswer& answer) { return cli::refusal(answer.status, answer.body); }

Outcome<JsonValue> answer_of(const HttpAnswer& answer) {
  if (answer.status < 200 || answer.status > 299) return refusal(answer);
  Result<JsonValue> json = JsonValue::parse(answer.body);
  if (!json) return fail(ExitCode::Failed, "The server's answer is no JSON: " + json.error().detail);
  return std::move(*json);
}

std::string new_idempotency_key() {
  log::SystemClock clock;
  log::SystemRng rng;
  return engine::uuid_v7(clock.wall_micros() / 1'000, rng.u64(), rng.u64());
}

/// Shows how far a job is, on stderr.
ServerTarget::JobProgress shown_as(std::string what) {
  return [progress = std::make_shared<Progress>(std::move(what), 0)](std::uint64_t done, std::uint64_t total) {
    progress->show(done, total);
  };
}

bool may_try_again(int status) { return status == 429 || status == 503; }

}  // namespace

Outcome<std::unique_ptr<ServerTarget>> ServerTarget::of(const std::string& url, const std::string& key_file) {
  Outcome<ServerUrl> parsed = ServerUrl::parse(url);
  if (!parsed) return tl::unexpected(parsed.error());
  std::string path = key_file;
  if (path.empty()) {
    if (const char* named = std::getenv("DAYBOOK_KEY_FILE")) path = named;
  }
  if (path.empty()) {
    return fail(ExitCode::Unauthorised,
                "--url needs a key: name the file that holds it with --key-file or DAYBOOK_KEY_FILE.");
  }
  std::ifstream file(path);
  std::string key;
  if (!(file >> key)) return fail(ExitCode::Unauthorised, "The key file " + path + " cannot be read or is empty.");
  return std::make_unique<ServerTarget>(std::move(*parsed), std::move(key));
}

Outcome<HttpAnswer> ServerTarget::send(const HttpClient::Request& request) { return send_by(&HttpClient::send, request); }

Outcome<HttpAnswer> ServerTarget::send_by(Sending sending, const HttpClient::Request& request) {
  std::chrono::milliseconds pause = kFirstPause;
  for (int left = kTries - 1;; --left, pause *= 2) {
    Outcome<HttpAnswer> answer = (client_.*sending)(request);
    if (!answer || !may_try_again(answer->status) || left == 0) return answer;
    std::this_thread::sleep_for(pause);
  }
}

Outcome<Posted> ServerTarget::post(std::span<const std::string> events) {
  const std::string body = batch_body(events);
  const Outcome<HttpAnswer> sent = send({"POST",
                                         "/v1/events",
                                         {{"Authorization", authorization_},
                                          {"Content-Type", "application/cloudevents-batch+json"}},
                                         body});
  if (!sent) return tl::unexpected(sent.error());
  const Outcome<JsonValue> answer = answer_of(*sent);
  if (!answer) return tl::unexpected(answer.error());

  Posted posted;
  posted.position = std::strtoull(std::string(sent->header("daybook-position")).c_str(), nullptr, 10);
  posted.facts.resize(events.size());
  for (const JsonValue& item : (*answer)["results"].items()) {
    const auto index = static_cast<std::size_t>(item["index"].integer());
    if (index >= posted.facts.size()) return fail(ExitCode::Failed, "The server's answer names events that were not sent.");
    FactOutcome& outcome = posted.facts[index];
    const std::string& status = item["status"].text();
    if (status == "rejected") outcome.status = FactOutcome::Status::Rejected;
    if (status == "duplicate" || status == "skipped") outcome.status = FactOutcome::Status::Duplicate;
    outcome.code = item["code"].text();
    outcome.pointer = item["pointer"].text();
    outcome.detail = item["detail"].text();
    outcome.unmatched = item["unmatched"].text();
  }
  return posted;
}

Outcome<std::string> ServerTarget::command(std::string_view name, const std::string& body) {
  const std::string path = "/v1/commands/" + std::string(name);
  const std::string key = new_idempotency_key();
  const Outcome<HttpAnswer> sent = send({"POST",
                                         path,
                                         {{"Authorization", authorization_},
                                          {"Content-Type", "application/json"},
                                          {"Idempotency-Key", key},
                                          {"Prefer", "respond-async"}},
                                         body});
  if (!sent) return tl::unexpected(sent.error());
  return follow(*sent, shown_as(std::string(name)));
}

Outcome<std::uint64_t> ServerTarget::read_log(std::span<const EventType> types, const TakeEvent& take) {
  const Outcome<JsonValue> at = get("/log/head");
  if (!at) return tl::unexpected(at.error());
  const auto head = static_cast<std::uint64_t>((*at)["position"].integer());
  if (types.size() == 1) {
    if (Outcome<void> read = read_type(types.front(), head, take); !read) return tl::unexpected(read.error());
    return head;
  }
  std::vector<std::pair<std::uint64_t, Event>> events;
  for (const EventType type : types) {
    Outcome<void> read = read_type(type, head, [&](const Event& event, std::uint64_t position) -> Outcome<void> {
      events.emplace_back(position, event);
      return {};
    });
    if (!read) return tl::unexpected(read.error());
  }
  std::sort(events.begin(), events.end(), [](const auto& left, const auto& right) { return left.first < right.first; });
  for (const auto& [position, event] : events) {
    if (Outcome<void> taken = take(event, position); !taken) return tl::unexpected(taken.error());
  }
  return head;
}

Outcome<void> ServerTarget::read_type(EventType type, std::uint64_t head, const TakeEvent& take) {
  const std::string path = "/v1/events?limit=1000&asOf=" + std::to_string(head) + "&type=" + std::string(name(type));
  codec::Intake intake;
  intake.import = true;  // items of the log, whoever decided them
  codec::CloudEventStream stream;
  for (std::string cursor;;) {
    const Outcome<HttpAnswer> sent =
        send({"GET", cursor.empty() ? path : path + "&cursor=" + cursor, {{"Authorization", authorization_}}, {}});
    if (!sent) return tl::unexpected(sent.error());
    const Outcome<JsonValue> page = answer_of(*sent);
    if (!page) return tl::unexpected(page.error());
    const std::vector<JsonValue>& items = (*page)["items"].items();
    const Result<std::string> body = JsonValue::raw_member(sent->body, "items");
    if (!body) return fail(body.error());
    stream.open(codec::BodyForm::Batch, *body, intake);
    std::size_t count = 0;
    while (auto* item = stream.next()) {
      if (!item->event) return fail(item->event.error());
      if (count == items.size()) break;
      Outcome<void> taken = take(*item->event, static_cast<std::uint64_t>(items[count++]["position"].integer()));
      if (!taken) return taken;
    }
    if (stream.failure()) return fail(*stream.failure());
    if (count != items.size()) return fail(ExitCode::Failed, "The server's page of the log cannot be read.");
    cursor = (*page)["nextCursor"].text();
    if (cursor.empty()) return {};
  }
}

Outcome<std::string> ServerTarget::question(const std::string& path) {
  const std::string target = "/v1" + path;
  const Outcome<HttpAnswer> sent = send({"GET", target, {{"Authorization", authorization_}}, {}});
  if (!sent) return tl::unexpected(sent.error());
  if (sent->status != 200) return refusal(*sent);
  return sent->body;
}

Outcome<std::string> ServerTarget::question_with(const std::string& path, std::string_view media_type,
                                                 std::string_view body) {
  const std::string target = "/v1" + path;
  const Outcome<HttpAnswer> sent =
      send({"POST", target, {{"Authorization", authorization_}, {"Content-Type", media_type}}, body});
  if (!sent) return tl::unexpected(sent.error());
  if (sent->status != 200) return refusal(*sent);
  return sent->body;
}

Outcome<JsonValue> ServerTarget::get(const std::string& path) {
  const std::string target = "/v1" + path;
  const Outcome<HttpAnswer> sent = send({"GET", target, {{"Authorization", authorization_}}, {}});
  if (!sent) return tl::unexpected(sent.error());
  return answer_of(*sent);
}

Outcome<HttpAnswer> ServerTarget::begin(const std::string& path) {
  const std::string target = "/v1" + path;
  Outcome<HttpAnswer> begun = send_by(&HttpClient::begin, {"GET", target, {{"Authorization", authorization_}}, {}});
  if (begun && begun->status != 200) return refusal(*begun);
  return begun;
}

Outcome<JsonValue> ServerTarget::get_as(const std::string& path, std::string_view identity, std::string_view tenant) {
  const std::string target = "/v1" + path;
  const Outcome<HttpAnswer> sent = send({"GET",
                                         target,
                                         {{"Authorization", authorization_},
                                          {"Daybook-Identity", identity},
                                          {"Daybook-Tenant", tenant}},
                                         {}});
  if (!sent) return tl::unexpected(sent.error());
  return answer_of(*sent);
}

Outcome<JsonValue> ServerTarget::ask(const std::string& path, const std::string& body) {
  const std::string target = "/v1" + path;
  const Outcome<HttpAnswer> sent =
      send({"POST", target, {{"Authorization", authorization_}, {"Content-Type", "application/json"}}, body});
  if (!sent) return tl::unexpected(sent.error());
  return answer_of(*sent);
}

Outcome<std::string> ServerTarget::job(const std::string& path, const std::string& body, const JobProgress& progress) {
  const std::string target = "/v1" + path;
  const std::string key = new_idempotency_key();
  const Outcome<HttpAnswer> sent = send({"POST",
                                         target,
                                         {{"Authorization", authorization_},
                                          {"Content-Type", "application/json"},
                                          {"Idempotency-Key", key}},
                                         body});
  if (!sent) return tl::unexpected(sent.error());
  return follow(*sent, progress);
}

Outcome<std::string> ServerTarget::long_question(const std::string& path) {
  const std::string target = "/v1" + path;
  const Outcome<HttpAnswer> sent =
      send({"GET", target, {{"Authorization", authorization_}, {"Prefer", "respond-async"}}, {}});
  if (!sent) return tl::unexpected(sent.error());
  return follow(*sent, shown_as(path.substr(1, path.find('?') - 1)));
}

Outcome<std::string> ServerTarget::long_question_with(const std::string& path, std::string_view media_type, std::string_view body) {
  const std::string target = "/v1" + path;
  const Outcome<HttpAnswer> sent = send(
      {"POST", target, {{"Authorization", authorization_}, {"Content-Type", media_type}, {"Prefer", "respond-async"}}, body});
  if (!sent) return tl::unexpected(sent.error());
  return follow(*sent, shown_as(path.substr(1, path.find('?') - 1)));
}

Outcome<std::string> ServerTarget::follow(const HttpAnswer& answer, const JobProgress& progress) {
  const Outcome<JsonValue> begun = answer_of(answer);
  if (!begun) return tl::unexpected(begun.error());
  if (answer.status != 202) return answer.body;
  const std::string where = "/jobs/" + (*begun)["jobId"].text();
  for (;; std::this_thread::sleep_for(kJobPause)) {
    const Outcome<std::string> text = question(where);
    if (!text) return text;
    const Result<JsonValue> job = JsonValue::parse(*text);
    if (!job) return fail(ExitCode::Failed, "The server's answer is no JSON: " + job.error().detail);
    const std::string& state = (*job)["state"].text();
    if (state == "Queued" || state == "Running") {
      if (!(*job)["total"].is_null())
        progress(static_cast<std::uint64_t>((*job)["done"].integer()), static_cast<std::uint64_t>((*job)["total"].integer()));
      continue;
    }
    const Result<std::string> result = JsonValue::raw_member(*text, "result");
    if (!result) return fail(result.error());
    if (state == "Done") return *result;
    if (state == "Cancelled") return fail(ExitCode::Failed, "It was cancelled, or the server stopped; ask again.");
    return cli::refusal(static_cast<int>((*job)["result"]["status"].integer()), *result);
  }
}

}  // namespace daybook::cli
