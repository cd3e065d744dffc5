#include "cli/commands/proof_reader.h"

#include <algorithm>
#include <optional>

#include "ledger/codec/base64.h"
#include "ledger/codec/json_writer.h"
#include "ledger/log/bytes.h"

namespace daybook::cli {

Outcome<replay::InvoiceProof> ProofReader::invoice(const JsonValue& json) {
  replay::InvoiceProof proof;
  only(json, "", {"invoiceId", "head", "manifest", "items"});
  proof.invoice_id = text(json, "invoiceId");
  read_head(json["head"], proof.head, proof.public_key, proof.signature);
  const JsonValue& manifest = json["manifest"];
  only(manifest, "manifest.", {"position", "rowCount", "rowsRoot"});
  proof.position = position(manifest["position"], "manifest.position");
  proof.row_count = static_cast<std::int64_t>(position(manifest["rowCount"], "manifest.rowCount"));
  if (!manifest["rowsRoot"].is_null()) {
    proof.rows_root.resize(sizeof(log::Hash));
    bytes(manifest, "rowsRoot", proof.rows_root);
  }
  for (const JsonValue& item : json["items"].items()) proof.items.push_back(read_item(item));
  array(json, "items");
  if (broken_.empty()) return proof;
  return no_proof("proof of an invoice");
}

Outcome<replay::AccountProof> ProofReader::account(const JsonValue& json) {
  replay::AccountProof proof;
  proof.account_id = text(json, "accountId");
  read_head(json["head"], proof.head, proof.public_key, proof.signature);
  const JsonValue& statement = json["statement"];
  proof.event_count = position(statement["eventCount"], "statement.eventCount");
  bytes(statement, "positionsRoot", proof.positions_root);
  bytes(statement, "signature", proof.statement_signature);
  for (const JsonValue& item : json["items"].items()) proof.items.push_back(read_event(item));
  for (const JsonValue& node : json["nodes"].items()) {
    if (!log::from_hex(node.text(), proof.nodes.emplace_back())) broken("nodes");
  }
  array(json, "items");
  array(json, "nodes");
  if (broken_.empty()) return proof;
  return no_proof("history of an account");
}

void ProofReader::read_head(const JsonValue& json, replay::HeadText& head, std::span<std::byte> public_key,
                            std::span<std::byte> signature) {
  only(json, "head.", {"ledgerId", "position", "chain", "root", "recordedAt", "publicKey", "signature"});
  head.ledger_id = text(json, "ledgerId");
  head.position = position(json["position"], "head.position");
  head.root = text(json, "root");
  if (!json["chain"].is_null()) head.chain = text(json, "chain");
  head.recorded_at = text(json, "recordedAt");
  bytes(json, "publicKey", public_key);
  bytes(json, "signature", signature);
}

replay::ProofItem ProofReader::read_item(const JsonValue& json) {
  replay::ProofItem item;
  only(json, "items.", {"position", "source", "id", "type", "leafHash", "event", "path"}, "correctedBy");
  item.position = position(json["position"], "items.position");
  item.source = text(json, "source");
  item.id = text(json, "id");
  item.type = text(json, "type");
  if (!json["correctedBy"].is_null()) item.corrected_by = position(json["correctedBy"], "items.correctedBy");
  bytes(json, "leafHash", item.leaf);
  if (!codec::decode_base64(text(json, "event"), item.event)) broken("items.event");
  path(json, item.path);
  return item;
}

replay::AccountEvent ProofReader::read_event(const JsonValue& json) {
  replay::AccountEvent item;
  item.position = position(json["position"], "items.position");
  item.source = text(json, "source");
  item.id = text(json, "id");
  item.type = text(json, "type");
  if (!codec::decode_base64(text(json, "event"), item.event)) broken("items.event");
  return item;
}

void ProofReader::only(const JsonValue& json, const std::string& where, std::initializer_list<std::string_view> members,
                       std::string_view optional) {
  std::vector<std::string_view> seen;
  for (const auto& [name, value] : json.members()) {
    const bool is_known = name == optional || std::find(members.begin(), members.end(), name) != members.end();
    if (!is_known || std::find(seen.begin(), seen.end(), name) != seen.end()) {
      odd(where + name + (is_known ? " is there twice" : " is none of its members"));
    }
    seen.push_back(name);
  }
  for (const std::string_view name : members) {
    if (std::find(seen.begin(), seen.end(), name) == seen.end()) broken(where + std::string(name));
  }
}

std::string ProofReader::text(const JsonValue& json, std::string_view name) {
  if (json[name].kind() != JsonValue::Kind::Text) broken(name);
  return json[name].text();
}

log::Position ProofReader::position(const JsonValue& json, std::string_view name) {
  if (json.kind() != JsonValue::Kind::Integer || json.integer() < 0) {
    broken(name);
    return 0;
  }
  return static_cast<log::Position>(json.integer());
}

void ProofReader::bytes(const JsonValue& json, std::string_view name, std::span<std::byte> out) {
  if (!log::from_hex(json[name].text(), out) || log::hex(out) != json[name].text()) broken(name);
}

void ProofReader::path(const JsonValue& json, std::vector<log::Hash>& out) {
  array(json, "path");
  for (const JsonValue& node : json["path"].items()) {
    if (!log::from_hex(node.text(), out.emplace_back()) || log::hex(out.back()) != node.text()) broken("items.path");
  }
}

void ProofReader::array(const JsonValue& json, std::string_view name) {
  if (json[name].kind() != JsonValue::Kind::Array) broken(name);
}

void ProofReader::broken(std::string_view name) { odd(std::string(name) + " is missing or has another form"); }

void ProofReader::odd(std::string what) {
  if (broken_.empty()) broken_ = std::move(what);
}

tl::unexpected<Failure> ProofReader::no_proof(const char* what) const {
  return fail(ExitCode::IntegrityFailed, file_ + " is no " + what + ": " + broken_ + ".");
}

Outcome<replay::AccountProof> checked_history(const std::string& file, std::string_view text) {
  const Result<JsonValue> json = JsonValue::parse(text);
  if (!json) return fail(ExitCode::IntegrityFailed, file + " is no JSON: " + json.error().detail);
  Outcome<replay::AccountProof> proof = ProofReader(file).account(*json);
  if (!proof) return proof;
  if (const std::optional<std::string> fault = replay::first_fault(*proof)) return fail(ExitCode::IntegrityFailed, *fault);
  std::string written;
  codec::JsonWriter writer(written);
  replay::write_account_proof(*proof, writer);
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (written == text) return proof;
  return fail(ExitCode::IntegrityFailed, "All that is proven holds, but " + file + " is not the text that the ledger wrote.");
}

}  // namespace daybook::cli
