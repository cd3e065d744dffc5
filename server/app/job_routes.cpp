#include "server/app/job_routes.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include <openssl/evp.h>

#include "ledger/codec/json_writer.h"
#include "ledger/domain/answers/refusals.h"
#include "ledger/domain/invariant.h"
#include "ledger/log/bytes.h"
#include "server/app/reading.h"
#include "server/auth/gate.h"

namespace daybook::server {
namespace {

constexpr std::size_t kKeyMax = 255;

http::Response job_answer(unsigned status, const Jobs::View& job, log::Position position) {
  http::Response response = http::Response::json(status, {});
  codec::JsonWriter json(response.body());
  json.begin_object().key("jobId").text(job.job_id).key("state").text(name(job.state)).key("done").number(job.done);
  json.key("total");
  job.total == 0 ? json.null() : json.number(job.total);
  json.key("result");
  job.result.empty() ? json.null() : json.raw(job.result);
  json.end_object();
  set_position(response, position);
  return response;
}

http::Response read_job(LedgerHost& host, const Jobs& jobs, const http::Request& request) {
  const Result<Reading> reading = begin_reading(host, request);
  if (!reading) return refuse(reading.error(), request, host.ledger().log().position());
  const auto job = jobs.find(request.param("jobId"), caller_of(request).idempotency_owner());
  if (!job) return refuse(Error{ErrorKind::NotFound, "NOT_FOUND", nothing_here().value().detail, {}}, request, reading->position);
  return job_answer(200, *job, reading->position);
}

http::Response cancel_job(LedgerHost& host, Jobs& jobs, const http::Request& request) {
  const log::Position head = host.ledger().log().position();
  const Result<Jobs::View> job = jobs.cancel(request.param("jobId"), caller_of(request).idempotency_owner());
  return job ? job_answer(200, *job, head) : refuse(job.error(), request, head);
}

}  // namespace

bool wants_job(const http::Request& request) {
  for (const http::Field& field : request.headers()) {
    if (!http::equal_ignoring_case(field.name, "Prefer")) continue;
    std::string_view left = field.value;
    while (!left.empty()) {
      std::string_view preference = left.substr(0, left.find(','));
      left.remove_prefix(std::min(left.size(), preference.size() + 1));
      preference = preference.substr(0, preference.find(';'));
      while (!preference.empty() && (preference.front() == ' ' || preference.front() == '\t')) preference.remove_prefix(1);
      while (!preference.empty() && (preference.back() == ' ' || preference.back() == '\t')) preference.remove_suffix(1);
      if (http::equal_ignoring_case(preference, "respond-async")) return true;
    }
  }
  return false;
}

Result<std::string> idempotency_key(const http::Request& request) {
  const auto header = request.header("Idempotency-Key");
  if (!header) {
    return rejected("IDEMPOTENCY_KEY_REQUIRED",
                    "Commands carry an Idempotency-Key header, so that a repetition does nothing twice. Send any text "
                    "of your own that is new for each request.");
  }
  std::string_view key = *header;
  const bool is_quoted = key.size() >= 2 && key.front() == '"' && key.back() == '"';
  const bool is_half_quoted = !is_quoted && (key.starts_with('"') || key.ends_with('"'));
  if (is_quoted) key = key.substr(1, key.size() - 2);
  bool visible = !key.empty() && key.size() <= kKeyMax && !is_half_quoted;
  for (const char c : key) visible = visible && c > 0x20 && c < 0x7f;
  if (!visible) {
    return rejected("INVALID_IDEMPOTENCY_KEY", "An Idempotency-Key is 1 to 255 visible ASCII characters, bare or between two double quotes.");
  }
  return std::string(key);
}

std::string digest_of(const http::Request& request) {
  std::string text(request.target());
  text.push_back('\n');
  text += request.body().text();
  std::string digest(32, '\0');
  unsigned size = 0;
  LEDGER_INVARIANT(EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), &size,
                              EVP_sha256(), nullptr) == 1);
  return digest;
}

Result<Jobs::Ticket> ticket_of_question(LedgerHost& host, const http::Request& request) {
  std::string key;
  if (request.header("Idempotency-Key")) {
    Result<std::string> given = idempotency_key(request);
    if (!given) return tl::unexpected(given.error());
    key = std::move(*given);
  } else {
    std::array<std::byte, 16> bytes{};
    host.rng().fill(bytes);
    key = "question " + log::hex(bytes);
  }
  return Jobs::Ticket{caller_of(request).idempotency_owner(), std::move(key), digest_of(request)};
}

http::Response answer_as_job(LedgerHost& host, Jobs& jobs, const http::Request& request, log::Position position, Jobs::Work work) {
  Result<Jobs::Ticket> ticket = ticket_of_question(host, request);
  if (!ticket) return refuse(ticket.error(), request, position);
  const Result<Jobs::View> job = jobs.start(std::move(*ticket), std::move(work), Jobs::Ends::WhenAsked);
  if (!job) return refuse(job.error(), request, position);
  http::Response response = job_accepted(*job, position);
  response.set_header("Preference-Applied", "respond-async");
  return response;
}

http::Response job_accepted(const Jobs::View& job, log::Position position) {
  http::Response response = job_answer(202, job, position);
  response.set_header("Location", "/v1/jobs/" + job.job_id);
  if (job.is_repeated) response.set_header("Idempotency-Replayed", "true");
  return response;
}

void add_job_routes(http::Router& router, LedgerHost& host, Jobs& jobs) {
  http::Doc job;
  job.operation_id = "readJob";
  job.summary = "A long command that runs on";
  job.tag = "Commands";
  job.parameters = {{"asOf", "a position, or an RFC 3339 instant with zone"},
                    {"minPosition", "wait until this position shows"}};
  job.answers = {{200, "How far it is; its result once there is one"}};
  job.problems = {"NOT_FOUND"};
  http::Doc cancelled;
  cancelled.operation_id = "cancelJob";
  cancelled.summary = "Stop a long job";
  cancelled.tag = "Commands";
  cancelled.description = "One that waits is cancelled at once. One that runs is at its next step, which its state then says, and "
                          "leaves nothing behind; commands go on to their end.";
  cancelled.answers = {{200, "The job as it is now"}};
  cancelled.problems = {"NOT_FOUND", "NOT_SUPPORTED"};
  router.add(http::Route(http::Method::Delete, "/v1/jobs/{jobId}", http::Auth::any_of({right::kCommand, right::kRead}), cancelled,
                         http::Pooled{[&host, &jobs](const http::Request& request) { return cancel_job(host, jobs, request); }}));
  router.add(http::Route(http::Method::Get, "/v1/jobs/{jobId}", http::Auth::any_of({right::kCommand, right::kRead}), job,
                         http::Pooled{[&host, &jobs](const http::Request& request) { return read_job(host, jobs, request); }}));
}

}  // namespace daybook::server
