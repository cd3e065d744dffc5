#include <array>
#include <cstdio>
#include <optional>

#include "cli/commands/commands.h"
#include "cli/commands/proof_reader.h"
#include "cli/json_value.h"
#include "cli/mapped_file.h"
#include "ledger/codec/json_check.h"
#include "ledger/codec/text_rules.h"
#include "ledger/domain/rules/try.h"
#include "ledger/log/bytes.h"

namespace daybook::cli {
namespace {

/// The key that is known from elsewhere; nothing: that of the proof is taken.
using KnownKey = std::optional<std::array<std::byte, 32>>;

Outcome<void> check_key(const KnownKey& known, const std::array<std::byte, 32>& key) {
  if (!known || *known == key) return {};
  return fail(ExitCode::IntegrityFailed, "The proof is signed with another key: " + log::hex(key) + ".");
}

Outcome<void> check_invoice_proof(const std::string& file, const JsonValue& json, const KnownKey& known) {
  LEDGER_TRY(const replay::InvoiceProof proof, ProofReader(file).invoice(json));
  LEDGER_CHECK(check_key(known, proof.public_key));
  if (const std::optional<std::string> fault = replay::first_fault(proof)) return fail(ExitCode::IntegrityFailed, *fault);
  std::printf("invoice %s was made of these %lld rows and no others; each is in the log of ledger %s, whose key is %s\n",
              proof.invoice_id.c_str(), static_cast<long long>(proof.row_count), proof.head.ledger_id.c_str(),
              log::hex(proof.public_key).c_str());
  return {};
}

Outcome<void> check_account_history(const std::string& file, std::string_view text, const KnownKey& known) {
  LEDGER_TRY(const replay::AccountProof proof, checked_history(file, text));
  LEDGER_CHECK(check_key(known, proof.public_key));
  std::printf("these %llu events are in the log of ledger %s, whose key is %s; it states that they are all of account %s up to position %llu\n",
              static_cast<unsigned long long>(proof.event_count), proof.head.ledger_id.c_str(), log::hex(proof.public_key).c_str(),
              proof.account_id.c_str(), static_cast<unsigned long long>(proof.head.position));
  return {};
}

/// What a proof that cannot be read is, with the byte from which on it is.
std::string why_no_json(std::string_view text) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return "is empty";
  if (!codec::is_utf8(text)) return "is no JSON: it is not UTF-8";
  const codec::JsonCheck checked = codec::check_json(text);
  if (checked.error) return checked.error->detail;
  if (checked.end < text.size()) return "is no JSON: something follows its object at byte " + std::to_string(checked.end + 1);
  return "cannot be read as JSON";
}

}  // namespace

Outcome<void> proof_check(const ProofCheckOptions& options) {
  KnownKey known;
  if (!options.public_key.empty() && !log::from_hex(options.public_key, known.emplace()))
    return fail(ExitCode::Usage, "--public-key is 64 hexadecimal digits, as `GET /v1/log/head` shows them.");
  const Outcome<MappedFile> file = MappedFile::open(options.file);
  if (!file) return tl::unexpected(file.error());
  const Result<JsonValue> json = JsonValue::parse(file->text());
  if (!json) return fail(ExitCode::IntegrityFailed, options.file + " " + why_no_json(file->text()) + ".");
  const bool of_account = !(*json)["accountId"].is_null();
  return of_account ? check_account_history(options.file, file->text(), known) : check_invoice_proof(options.file, *json, known);
}

}  // namespace daybook::cli
