#include "server/app/command_routes.h"

#include <charconv>
#include <mutex>

#include <openssl/evp.h>

#include "ledger/codec/codec.h"
#include "ledger/codec/json_writer.h"
#include "ledger/codec/value_codec.h"
#include "ledger/domain/commands/administration.h"
#include "server/app/event_items.h"
#include "server/app/reading.h"
#include "server/auth/api_key.h"
#include "server/auth/gate.h"
#include "server/http/problem.h"

namespace daybook::server {
namespace {

constexpr std::size_t kEventsShown = 1'000;
constexpr std::size_t kKeyMax = 255;

/// The key as it is kept: bare, whether it came in quotes or not.
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

http::Response answer(LedgerHost& host, const http::Request& request, const engine::CommandAnswer& done,
                      const std::optional<NewApiKey>& key) {
  http::Response response = http::Response::json(200, {});
  codec::JsonWriter json(response.body());
  json.begin_object().key("position").number(done.position).key("events").begin_array();
  if (Result<void> written = write_command_events(host.ledger(), done, kEventsShown, json); !written) {
    return refuse(written.error(), request, done.position);
  }
  json.end_array().key("eventCount").number(done.count);
  write_alarms(done.alarms, json);
  if (key && !done.replayed) json.key("keyId").text(key->key.key_id).key("key").text(key->text);
  json.end_object();
  set_position(response, done.position);
  if (done.replayed) response.set_header("Idempotency-Replayed", "true");
  return response;
}

http::Response perform(LedgerHost& host, const http::Request& request) {
  const log::Position head = host.ledger().log().position();
  const std::optional<CommandType> type = command_type(request.param("name"));
  if (!type) {
    return refuse(Error{ErrorKind::NotFound, "NOT_FOUND", "There is no such command.", {}}, request, head);
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

  std::optional<NewApiKey> made;
  if (*type == CommandType::CreateKey) {
    made = make_api_key(host.rng());
    command.new_key_id = made->key.key_id;
    command.new_secret_hash = made->key.secret_hash;
  }
  const Result<engine::CommandAnswer> done = host.ledger().execute(command);
  if (!done) return refuse(done.error(), request, host.ledger().log().position());
  return answer(host, request, *done, made);
}

}  // namespace

void add_command_routes(http::Router& router, LedgerHost& host) {
  http::Doc doc;
  doc.operation_id = "performCommand";
  doc.summary = "Perform a command";
  doc.tag = "Commands";
  doc.parameters = {{"Idempotency-Key", "1 to 255 visible ASCII characters, new for each request",
                     R"({"type":"string"})", true, true},
                    {"If-Match", "the expected version of the stream", R"({"type":"integer"})", true}};
  doc.answers = {{200, "What it made happen; nothing to do: no events"}};
  doc.problems = {"IDEMPOTENCY_KEY_REQUIRED", "IDEMPOTENCY_KEY_REUSED", "REQUEST_IN_PROGRESS", "VERSION_CONFLICT"};
  router.add(http::Route(http::Method::Post, "/v1/commands/{name}", http::Auth::any_of({right::kCommand}),
                         {{"application/json", http::kDefaultBodyLimit, false, {}}}, doc,
                         http::Pooled{[&host](const http::Request& request) { return perform(host, request); }}));
}

}  // namespace daybook::server
