#include "server/app/job_routes.h"

#include <algorithm>
#include <string_view>

#include <openssl/evp.h>

#include "ledger/codec/json_writer.h"
#include "ledger/domain/answers/refusals.h"
#include "ledger/domain/invariant.h"
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
  if (key.size() >= 2 && key.front() == '"' && key.back() == '"') key = key.substr(1, key.size() - 2);
  bool visible = !key.empty() && key.size() <= kKeyMax;
  for (const char c : key) visible = visible && c > 0x20 && c < 0x7f;
  if (!visible) {
    return rejected("INVALID_IDEMPOTENCY_KEY", "An Idempotency-Key is 1 to 255 visible ASCII characters.");
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

http::Response job_accepted(const Jobs::View& job, log::Position position) {
  http::Response response = job_answer(202, job, position);
  response.set_header("Location", "/v1/jobs/" + job.job_id);
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
  router.add(http::Route(http::Method::Get, "/v1/jobs/{jobId}", http::Auth::any_of({right::kCommand, right::kRead}), job,
                         http::Pooled{[&host, &jobs](const http::Request& request) { return read_job(host, jobs, request); }}));
}

}  // namespace daybook::server
