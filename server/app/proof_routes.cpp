#include "server/app/proof_routes.h"

#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "ledger/codec/json_writer.h"
#include "ledger/log/bytes.h"
#include "ledger/log/hash.h"
#include "ledger/log/key_rotation.h"
#include "projections/row_reader.h"
#include "replay/account_proof.h"
#include "replay/signed_text.h"
#include "server/app/event_filter.h"
#include "server/app/log_routes.h"
#include "server/app/reading.h"
#include "server/auth/gate.h"

namespace daybook::server {
namespace {

constexpr std::size_t kHistoryBytesMax = std::size_t{256} << 20;

http::Response log_head(LedgerHost& host, const http::Request& request) {
  const log::Log& log = host.ledger().log();
  const Result<Reading> reading = begin_reading(host, request);
  if (!reading) return refuse(reading.error(), request, log.position());
  // The log itself is newer than any view of it.
  const log::Position position = reading->at_head ? log.position() : reading->position;
  const Result<replay::HeadText> head = replay::head_at(log, position);
  if (!head) return refuse(head.error(), request, position);
  http::Response response = http::Response::json(200, {});
  codec::JsonWriter json(response.body());
  replay::write_head(log, *head, json, replay::HeadForm::WithOrigin);
  set_position(response, position);
  return response;
}

std::optional<log::Position> number(std::optional<std::string_view> text) {
  if (!text) return std::nullopt;
  log::Position value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (text->empty() || error != std::errc() || end != text->data() + text->size()) return std::nullopt;
  return value;
}

Result<void> write_inclusion(const log::Log& log, log::Position position, log::Position size, codec::JsonWriter& json) {
  const Result<log::StoredRecord> record = log.read(position);
  if (!record) return tl::unexpected(record.error());
  const Result<std::vector<log::Hash>> path = log.inclusion_proof(position, size);
  if (!path) return tl::unexpected(path.error());
  const Result<log::Hash> root = log.root_at(size);
  if (!root) return tl::unexpected(root.error());
  json.begin_object().key("kind").text("inclusion").key("position").number(position).key("size").number(size);
  json.key("leafHash").text(log::hex(log::leaf_hash(record->event)));
  json.key("event").base64(log::as_text(record->event));
  replay::write_path(*path, json);
  json.key("root").text(log::hex(*root)).end_object();
  return {};
}

Result<void> write_consistency(const log::Log& log, log::Position from, log::Position to, codec::JsonWriter& json) {
  const Result<log::Hash> from_root = log.root_at(from);
  if (!from_root) return tl::unexpected(from_root.error());
  const Result<log::Hash> to_root = log.root_at(to);
  if (!to_root) return tl::unexpected(to_root.error());
  Result<std::vector<log::Hash>> path;
  if (from != to) path = log.consistency_proof(from, to);
  if (!path) return tl::unexpected(path.error());
  json.begin_object().key("kind").text("consistency").key("from").number(from).key("to").number(to);
  json.key("fromRoot").text(log::hex(*from_root)).key("toRoot").text(log::hex(*to_root));
  replay::write_path(*path, json);
  json.end_object();
  return {};
}

http::Response log_proof(LedgerHost& host, const http::Request& request) {
  const log::Log& log = host.ledger().log();
  const Result<Reading> reading = begin_reading(host, request);
  if (!reading) return refuse(reading.error(), request, log.position());
  const log::Position head = reading->at_head ? log.position() : reading->position;
  const auto bad_query = [&](std::string sentence) {
    return refuse(Error{ErrorKind::Invalid, "BAD_QUERY", std::move(sentence), {}}, request, head);
  };
  const bool inclusion = request.query("position") || request.query("size");
  if (inclusion == (request.query("from") || request.query("to"))) {
    return bad_query("Ask with position and size for an event's place in the log, or with from and to for one log being "
                     "the beginning of another.");
  }
  const auto first = number(request.query(inclusion ? "position" : "from"));
  const auto last = number(request.query(inclusion ? "size" : "to"));
  if (!first || !last || *first == 0 || *first > *last || *last > head) {
    return bad_query(std::string(inclusion ? "position and size" : "from and to") +
                     " are whole numbers from 1 to the newest position, " + std::to_string(head) +
                     ", the first not above the second.");
  }
  http::Response response = http::Response::json(200, {});
  codec::JsonWriter json(response.body());
  const Result<void> written =
      inclusion ? write_inclusion(log, *first, *last, json) : write_consistency(log, *first, *last, json);
  if (!written) return refuse(written.error(), request, head);
  set_position(response, head);
  return response;
}

/// The account in the path, where there is one in this state.
Result<AccountId> account_of(const http::Request& request, const Reading& reading) {
  const std::string id(request.param("id"));
  if (AccountId::parse(id) && reading.state->find<Account>(id) != nullptr) return AccountId(id);
  return failed(ErrorKind::NotFound, "NOT_FOUND", "There is no account " + id + ".");
}

/// Where its events are. Errors: NOT_SUPPORTED for more than one answer holds; those of reading the log.
Result<std::vector<log::Position>> positions_of(LedgerHost& host, const Reading& reading, const AccountId& account, log::Position head) {
  EventFilter filter = EventFilter::of_account(host.ledger(), *reading.state, account);
  std::vector<log::Position> positions;
  std::size_t bytes = 0;
  const Result<void> scanned = host.ledger().log().scan_frames(1, head, [&](std::span<const log::RecordView> records) {
    for (const log::RecordView& record : records) {
      if (record.position > head || !filter.wants(record)) continue;
      positions.push_back(record.position);
      bytes += record.event.size();
    }
    return bytes <= kHistoryBytesMax;
  });
  if (!scanned) return tl::unexpected(scanned.error());
  if (bytes <= kHistoryBytesMax) return positions;
  return rejected("NOT_SUPPORTED", "The account's events are more than one answer holds, which is 256 MiB. `daybook replay export` "
                                    "writes the whole log, whose every event can be checked.");
}

http::Response account_proof(LedgerHost& host, const http::Request& request) {
  const log::Log& log = host.ledger().log();
  const Result<Reading> reading = begin_reading(host, request);
  if (!reading) return refuse(reading.error(), request, log.position());
  const log::Position head = reading->position;
  const Result<AccountId> account = account_of(request, *reading);
  if (!account) return refuse(account.error(), request, head);
  const Result<std::vector<log::Position>> positions = positions_of(host, *reading, *account, head);
  if (!positions) return refuse(positions.error(), request, head);
  const Result<replay::AccountProof> proof = replay::prove_account(log, head, account->text(), *positions);
  if (!proof) return refuse(proof.error(), request, head);
  http::Response response = http::Response::json(200, {});
  codec::JsonWriter json(response.body());
  replay::write_account_proof(*proof, json);
  set_position(response, head);
  return response;
}

http::Response log_keys(LedgerHost& host, const http::Request& request) {
  const log::Log& log = host.ledger().log();
  const Result<Reading> reading = begin_reading(host, request);
  if (!reading) return refuse(reading.error(), request, log.position());
  const Result<std::vector<log::KeyRotation>> rotations = log::key_rotations(log);
  if (!rotations)
    return refuse(Error{ErrorKind::Corruption, "CORRUPTION", rotations.error().detail, {}}, request, reading->position);
  http::Response response = http::Response::json(200, {});
  codec::JsonWriter json(response.body());
  json.begin_object().key("ledgerId").text(log::hex(log.ledger_id()));
  json.key("publicKey").text(log::hex(log.signed_head().public_key)).key("rotations").begin_array();
  for (const log::KeyRotation& rotation : *rotations) {
    json.begin_object().key("position").number(rotation.position).key("root").text(log::hex(rotation.root));
    json.key("chain").text(log::hex(rotation.chain)).key("previousKey").text(log::hex(rotation.previous_key));
    json.key("publicKey").text(log::hex(rotation.public_key)).key("signature").text(log::hex(rotation.signature));
    json.key("newSignature").text(log::hex(rotation.new_signature)).end_object();
  }
  json.end_array().end_object();
  set_position(response, reading->position);
  return response;
}

http::Doc proof_doc(std::string id, std::string summary, std::vector<http::Parameter> parameters = {}) {
  http::Doc made = log_doc(std::move(id), std::move(summary), std::move(parameters));
  made.problems = {"BAD_QUERY", "NOT_YET_VISIBLE", "CORRUPTION"};
  return made;
}

http::Doc account_doc() {
  http::Doc made = proof_doc("proveAccount", "The account's events up to a position, with what leads from them to a signed head");
  made.problems.insert(made.problems.end(), {"NOT_FOUND", "NOT_SUPPORTED"});
  return made;
}

}  // namespace

void add_proof_routes(http::Router& router, LedgerHost& host) {
  router.add(http::Route(http::Method::Get, "/v1/log/head", http::Auth::any_of({right::kLedger}),
                         proof_doc("logHead", "The signed head"),
                         http::Pooled{[&host](const http::Request& request) { return log_head(host, request); }}));
  router.add(http::Route(http::Method::Get, "/v1/accounts/{id}/proof", http::Auth::any_of({right::kLedger}), account_doc(),
                         http::Pooled{[&host](const http::Request& request) {
                           Result<http::Response> made = projections::reading([&] { return account_proof(host, request); });
                           return made ? std::move(*made) : refuse(made.error(), request, host.ledger().log().position());
                         }}));
  router.add(http::Route(http::Method::Get, "/v1/log/keys", http::Auth::any_of({right::kLedger}),
                         proof_doc("logKeys", "The key that signs heads, and those before it"),
                         http::Pooled{[&host](const http::Request& request) { return log_keys(host, request); }}));
  router.add(http::Route(http::Method::Get, "/v1/log/proof", http::Auth::any_of({right::kLedger}),
                         proof_doc("logProof", "Proofs of inclusion and of consistency (RFC 9162)",
                             {{"position", "the event whose place is proven; with size"},
                              {"size", "the log of that many events"},
                              {"from", "the shorter log; with to"},
                              {"to", "the longer log"}}),
                         http::Pooled{[&host](const http::Request& request) { return log_proof(host, request); }}));
}

}  // namespace daybook::server
