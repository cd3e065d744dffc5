#include "server/app/command_header.h"

#include <openssl/evp.h>

#include "ledger/codec/json_writer.h"
#include "ledger/domain/invariant.h"
#include "server/app/reading.h"

namespace daybook::server {
namespace {

constexpr std::size_t kKeyMax = 255;

}  // namespace

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

http::Response job_started(const Jobs::View& job, log::Position position) {
  http::Response response = job_answer(202, job, position);
  response.set_header("Location", "/v1/jobs/" + job.job_id);
  return response;
}

}  // namespace daybook::server
