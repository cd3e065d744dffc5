#include <cstdio>
#include <span>

#include "cli/commands/commands.h"
#include "cli/json_value.h"
#include "cli/mapped_file.h"
#include "ledger/codec/base64.h"
#include "ledger/log/bytes.h"
#include "replay/invoice_proof.h"

namespace daybook::cli {
namespace {

/// Reads members of a proof; whether all of them had their form is asked once, at the end.
class ProofReader {
 public:
  explicit ProofReader(std::string file) : file_(std::move(file)) {}

  Outcome<replay::InvoiceProof> read(const JsonValue& json) {
    replay::InvoiceProof proof;
    proof.invoice_id = text(json, "invoiceId");
    const JsonValue& head = json["head"];
    proof.head.ledger_id = text(head, "ledgerId");
    proof.head.position = position(head["position"], "head.position");
    proof.head.root = text(head, "root");
    if (!head["chain"].is_null()) proof.head.chain = text(head, "chain");
    proof.head.recorded_at = text(head, "recordedAt");
    bytes(head, "publicKey", proof.public_key);
    bytes(head, "signature", proof.signature);
    const JsonValue& manifest = json["manifest"];
    proof.position = position(manifest["position"], "manifest.position");
    proof.row_count = static_cast<std::int64_t>(position(manifest["rowCount"], "manifest.rowCount"));
    if (!manifest["rowsRoot"].is_null()) {
      proof.rows_root.resize(sizeof(log::Hash));
      bytes(manifest, "rowsRoot", proof.rows_root);
    }
    for (const JsonValue& item : json["items"].items()) proof.items.push_back(read_item(item));
    if (json["items"].kind() != JsonValue::Kind::Array) broken("items");
    if (broken_.empty()) return proof;
    return fail(ExitCode::IntegrityFailed, file_ + " is no proof of an invoice: " + broken_ + " is missing or has another form.");
  }

 private:
  replay::ProofItem read_item(const JsonValue& json) {
    replay::ProofItem item;
    item.position = position(json["position"], "items.position");
    item.source = text(json, "source");
    item.id = text(json, "id");
    item.type = text(json, "type");
    if (!json["correctedBy"].is_null()) item.corrected_by = position(json["correctedBy"], "items.correctedBy");
    bytes(json, "leafHash", item.leaf);
    if (!codec::decode_base64(text(json, "event"), item.event)) broken("items.event");
    for (const JsonValue& node : json["path"].items()) {
      if (!log::from_hex(node.text(), item.path.emplace_back())) broken("items.path");
    }
    return item;
  }

  std::string text(const JsonValue& json, std::string_view name) {
    if (json[name].kind() != JsonValue::Kind::Text) broken(name);
    return json[name].text();
  }

  log::Position position(const JsonValue& json, std::string_view name) {
    if (json.kind() != JsonValue::Kind::Integer || json.integer() < 0) {
      broken(name);
      return 0;
    }
    return static_cast<log::Position>(json.integer());
  }

  void bytes(const JsonValue& json, std::string_view name, std::span<std::byte> out) {
    if (!log::from_hex(json[name].text(), out)) broken(name);
  }

  void broken(std::string_view name) {
    if (broken_.empty()) broken_ = name;
  }

  std::string file_;
  std::string broken_;  ///< the first member that has not its form
};

}  // namespace

Outcome<void> proof_check(const ProofCheckOptions& options) {
  std::array<std::byte, 32> known{};
  if (!options.public_key.empty() && !log::from_hex(options.public_key, known))
    return fail(ExitCode::Usage, "--public-key is 64 hexadecimal digits, as `GET /v1/log/head` shows them.");
  const Outcome<MappedFile> file = MappedFile::open(options.file);
  if (!file) return tl::unexpected(file.error());
  const Result<JsonValue> json = JsonValue::parse(file->text());
  if (!json) return fail(ExitCode::IntegrityFailed, options.file + " is no JSON: " + json.error().detail);
  const Outcome<replay::InvoiceProof> proof = ProofReader(options.file).read(*json);
  if (!proof) return tl::unexpected(proof.error());
  if (!options.public_key.empty() && proof->public_key != known)
    return fail(ExitCode::IntegrityFailed, "The proof is signed with another key: " + log::hex(proof->public_key) + ".");
  if (const std::optional<std::string> fault = replay::first_fault(*proof))
    return fail(ExitCode::IntegrityFailed, *fault);
  std::printf("invoice %s was made of these %lld rows and no others; each is in the log of ledger %s, whose key is %s\n",
              proof->invoice_id.c_str(), static_cast<long long>(proof->row_count), proof->head.ledger_id.c_str(),
              log::hex(proof->public_key).c_str());
  return {};
}

}  // namespace daybook::cli
