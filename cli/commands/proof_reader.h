#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "cli/json_value.h"
#include "cli/outcome.h"
#include "replay/account_proof.h"
#include "replay/invoice_proof.h"

namespace daybook::cli {

/// Reads members of a proof; whether all of them had their form is asked once, at the end.
class ProofReader {
 public:
  explicit ProofReader(std::string file) : file_(std::move(file)) {}

  [[nodiscard]] Outcome<replay::InvoiceProof> invoice(const JsonValue& json);
  [[nodiscard]] Outcome<replay::AccountProof> account(const JsonValue& json);

 private:
  void read_head(const JsonValue& json, replay::HeadText& head, std::span<std::byte> public_key, std::span<std::byte> signature);
  replay::ProofItem read_item(const JsonValue& json);
  replay::AccountEvent read_event(const JsonValue& json);
  /// That an object has these members, each once and no others; `optional` may be left out. `where` is for sentences.
  void only(const JsonValue& json, const std::string& where, std::initializer_list<std::string_view> members,
            std::string_view optional = {});
  std::string text(const JsonValue& json, std::string_view name);
  log::Position position(const JsonValue& json, std::string_view name);
  void bytes(const JsonValue& json, std::string_view name, std::span<std::byte> out);
  void path(const JsonValue& json, std::vector<log::Hash>& out);
  void array(const JsonValue& json, std::string_view name);
  void broken(std::string_view name);
  void odd(std::string what);
  tl::unexpected<Failure> no_proof(const char* what) const;

  std::string file_;
  std::string broken_;  ///< of the first member that has not its form, what is wrong with it
};

/// The history of an account, once all of it holds, to the byte: there is one text for one history. `file` is for sentences.
/// Errors: IntegrityFailed, with the first thing that does not hold.
[[nodiscard]] Outcome<replay::AccountProof> checked_history(const std::string& file, std::string_view text);

}  // namespace daybook::cli
