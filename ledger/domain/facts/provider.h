#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/facts/fact_context.h"
#include "ledger/domain/facts/parts.h"
#include "ledger/domain/facts/texts.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/money.h"
#include "ledger/domain/time.h"

/// The provider, its offers and its terms. One stream: `Provider:provider`.
namespace daybook {

/// The provider's block as it stands on documents, mails and pages from `effective_on` on (PROV-1):
/// always the whole.
struct ProviderDetailsChanged {
  static constexpr EventType kType = EventType::ProviderDetailsChanged;
  static constexpr StreamType kStream = StreamType::Provider;
  static constexpr std::array kMayBeEmpty = {std::string_view("product")};

  Date effective_on;
  std::string name;
  std::string product;  ///< the word where the sources say "Azure"; may be empty
  std::optional<std::string> legal_name{};
  std::optional<Address> address{};
  std::optional<std::string> vat_id{};
  std::optional<std::string> registration{};
  std::vector<BankAccount> bank_accounts{};
  std::optional<std::string> logo{};
  std::optional<std::string> statement_text{};  ///< on card statements
  std::optional<std::string> support_url{};
  std::optional<std::string> support_email{};
  std::optional<std::string> legal_url{};
  std::optional<std::string> trust_url{};
  std::optional<std::string> sender_address{};  ///< of mails
  Texts account_type_names{};                   ///< what MOSP, MCA, MPA and EA are called

  [[nodiscard]] std::string stream_id() const { return "provider"; }
  friend bool operator==(const ProviderDetailsChanged&, const ProviderDetailsChanged&) = default;
};
BOOST_DESCRIBE_STRUCT(ProviderDetailsChanged, (),
                      (effective_on, name, product, legal_name, address, vat_id, registration,
                       bank_accounts, logo, statement_text, support_url, support_email, legal_url,
                       trust_url, sender_address, account_type_names))

/// An offer of the catalogue; the last one of an id counts (OFF-1).
struct OfferDefined {
  static constexpr EventType kType = EventType::OfferDefined;
  static constexpr StreamType kStream = StreamType::Provider;

  OfferId offer_id;
  std::string name;
  OfferKind kind{};
  std::optional<Money> monthly_credit{};
  std::optional<Money> trial_credit{};
  std::optional<std::int32_t> trial_days{};
  std::optional<SpendingLimit> spending_limit{};  ///< of its subscriptions; absent: Off
  std::optional<bool> email_invoices{};           ///< absent: true
  std::optional<std::string> url{};

  [[nodiscard]] std::string stream_id() const { return "provider"; }
  friend bool operator==(const OfferDefined&, const OfferDefined&) = default;
};
BOOST_DESCRIBE_STRUCT(OfferDefined, (),
                      (offer_id, name, kind, monthly_credit, trial_credit, trial_days,
                       spending_limit, email_invoices, url))
void fill_defaults(OfferDefined& fact, const FactContext& context);

/// The text that must be accepted before the next opt-in (EML-24).
struct EmailTermsPublished {
  static constexpr EventType kType = EventType::EmailTermsPublished;
  static constexpr StreamType kStream = StreamType::Provider;

  std::string terms_version;
  Date effective_on;
  Texts text_hash{};  ///< by language, SHA-256 in hex
  Texts text{};       ///< by language

  [[nodiscard]] std::string stream_id() const { return "provider"; }
  friend bool operator==(const EmailTermsPublished&, const EmailTermsPublished&) = default;
};
BOOST_DESCRIBE_STRUCT(EmailTermsPublished, (), (terms_version, effective_on, text_hash, text))

namespace provider {
using Events = TypeList<ProviderDetailsChanged, OfferDefined, EmailTermsPublished>;
}  // namespace provider

}  // namespace daybook
