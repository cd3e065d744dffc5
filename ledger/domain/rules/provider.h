#pragma once

#include <string_view>
#include <vector>

#include <boost/describe/class.hpp>

#include "ledger/domain/facts/provider.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/state_kind.h"

namespace daybook {

/// Who provides what is billed (PROV-1): every block that was ever configured, so that a document keeps that of its
/// issue day.
struct Provider {
  static constexpr StateKind kState = StateKind::Provider;
  static constexpr std::string_view kKey = "provider";

  std::vector<ProviderDetailsChanged> blocks;  ///< in the order they were recorded

  /// The newest block, or null.
  [[nodiscard]] const ProviderDetailsChanged* current() const { return blocks.empty() ? nullptr : &blocks.back(); }
  /// The block of documents issued on `day`: the last recorded one of those that hold from then or before. Null where
  /// there was none.
  [[nodiscard]] const ProviderDetailsChanged* on(Date day) const;
  /// The word where the sources say "Azure" (PROV-2); may be empty.
  [[nodiscard]] std::string_view product() const {
    return blocks.empty() ? std::string_view() : std::string_view(blocks.back().product);
  }

  friend bool operator==(const Provider&, const Provider&) = default;
};
BOOST_DESCRIBE_STRUCT(Provider, (), (blocks))

void apply(Provider& provider, const ProviderDetailsChanged& event, const Occurrence& at);

/// Why it cannot stand on documents: INVALID_STRING, INVALID_EMAIL or INVALID_FIELD for each member that is at fault,
/// with its pointer.
[[nodiscard]] std::vector<Error> faults_of(const ProviderDetailsChanged& details);

/// What an invoice needs of the provider to be a tax invoice and `block` (null: none was configured) lacks: `legalName`,
/// `address`, and `vatId` where tax is charged (PROV-1); by their names on the wire.
[[nodiscard]] std::vector<std::string_view> missing_details(const ProviderDetailsChanged* block, bool charges_tax);

/// Whether `iban` is one: country, check digits by ISO 7064 (MOD 97-10), 15 to 34 letters and digits, without blanks.
[[nodiscard]] bool is_iban(std::string_view iban);

}  // namespace daybook
