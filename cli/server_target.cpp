#include "cli/server_target.h"

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include "ledger/engine/uuid.h"
#include "ledger/log/clock.h"
#include "ledger/log/rng.h"

namespace daybook::cli {
namespace {

constexpr int kTries = 6;
constexpr std::chrono::milliseconds kFirstPause{250};

/// What the server answered instead of what was wanted.
tl::unexpected<Failure> refusal(const HttpAnswer& answer) {
  const Result<JsonValue> problem = JsonValue::parse(answer.body);
  const ExitCode exit_code = exit_code_of_status(answer.status);
  if (!problem || (*problem)["code"].text().empty()) {
    return fail(exit_code, "The server answered " + std::to_string(answer.status) + " without saying why.");
  }
  std::string message = (*problem)["code"].text() + ": " + (*problem)["detail"].text();
  for (const JsonValue& error : (*problem)["errors"].items()) {
    message += "\n  " + error["pointer"].text() + " " + error["code"].text() + ": " + error["detail"].text();
  }
  return fail(exit_code, std::move(message));
}

Outcome<JsonValue> answer_of(const HttpAnswer& answer) {
  if (answer.status < 200 || answer.status > 299) return refusal(answer);
  Result<JsonValue> json = JsonValue::parse(answer.body);
  if (!json) return fail(ExitCode::Failed, "The server's answer is no JSON: " + json.error().detail);
  return std::move(*json);
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

Outcome<HttpAnswer> ServerTarget::send(const HttpClient::Request& request) {
  std::chrono::milliseconds pause = kFirstPause;
  for (int left = kTries - 1;; --left, pause *= 2) {
    Outcome<HttpAnswer> answer = client_.send(request);
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
    if (status == "duplicate") outcome.status = FactOutcome::Status::Duplicate;
    outcome.code = item["code"].text();
    outcome.pointer = item["pointer"].text();
    outcome.detail = item["detail"].text();
    outcome.unmatched = item["unmatched"].text();
  }
  return posted;
}

Outcome<std::string> ServerTarget::command(std::string_view name, const std::string& body) {
  const std::string path = "/v1/commands/" + std::string(name);
  log::SystemClock clock;
  log::SystemRng rng;
  const std::string key = engine::uuid_v7(clock.wall_micros() / 1'000, rng.u64(), rng.u64());
  const Outcome<HttpAnswer> sent = send({"POST",
                                         path,
                                         {{"Authorization", authorization_},
                                          {"Content-Type", "application/json"},
                                          {"Idempotency-Key", key}},
                                         body});
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

Outcome<JsonValue> ServerTarget::ask(const std::string& path, const std::string& body) {
  const std::string target = "/v1" + path;
  const Outcome<HttpAnswer> sent =
      send({"POST", target, {{"Authorization", authorization_}, {"Content-Type", "application/json"}}, body});
  if (!sent) return tl::unexpected(sent.error());
  return answer_of(*sent);
}

}  // namespace daybook::cli
