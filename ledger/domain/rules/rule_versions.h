#pragma once

#include <cstdint>
#include <string>

#include "ledger/domain/result.h"
#include "ledger/domain/rounding.h"

/// The versions of the rules by which documents are made. The manifest of a document names its own; what is made of the document
/// later, its explanation and the tax of its notes, follows that version for ever, whatever the newest is.
namespace daybook {

/// What the figures of a document depend on beside the facts. What no version has changed yet stands where it is used.
struct RuleVersion {
  std::int32_t number = 0;
  RoundingPoint billed;
  RoundingPoint credits;
  RoundingPoint tax;
};

inline constexpr RuleVersion kRules1{1, kBilledOfDocument, kCreditsOfDocument, kTaxOfDocument};

/// The version of that number; 0, of documents that were imported without one, is the first. Null: a newer program's.
[[nodiscard]] const RuleVersion* rule_version(std::int32_t number);

/// That of documents that are made now.
[[nodiscard]] const RuleVersion& rules_in_force();

/// `rule_version`. Errors: NOT_SUPPORTED for a newer program's.
[[nodiscard]] inline Result<const RuleVersion*> known_rules(std::int32_t number) {
  if (const RuleVersion* version = rule_version(number)) return version;
  return rejected("NOT_SUPPORTED", "It was made by version " + std::to_string(number) + " of the rules; this program knows up to version " +
                                       std::to_string(rules_in_force().number) + ". Ask a newer one.");
}

}  // namespace daybook
