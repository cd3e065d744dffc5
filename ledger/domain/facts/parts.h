#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/currency.h"
#include "ledger/domain/decimal.h"
#include "ledger/domain/describe.h"
#include "ledger/domain/identifiers.h"

/// What several facts and commands are made of.
namespace daybook {

/// A postal address (api.md 1).
struct Address {
  std::string company_name;
  std::optional<std::string> address_line1{};
  std::optional<std::string> address_line2{};
  std::optional<std::string> city{};
  std::optional<std::string> region{};
  std::optional<std::string> postal_code{};
  std::string country;  ///< ISO 3166-1 alpha-2
  std::optional<std::string> email{};

  friend bool operator==(const Address&, const Address&) = default;
};
BOOST_DESCRIBE_STRUCT(Address, (),
                      (company_name, address_line1, address_line2, city, region, postal_code,
                       country, email))

/// The price of every unit from `from` up to where the next tier begins.
struct Tier {
  Decimal from;  ///< the first tier's is 0
  Decimal unit_price;

  friend bool operator==(const Tier&, const Tier&) = default;
};
BOOST_DESCRIBE_STRUCT(Tier, (), (from, unit_price))

/// A billing profile with one section, made by an upgrade for the subscriptions it takes over.
struct CreatedProfile {
  ProfileId profile_id;
  SectionId section_id;
  std::vector<SubscriptionId> subscription_ids{};

  friend bool operator==(const CreatedProfile&, const CreatedProfile&) = default;
};
BOOST_DESCRIBE_STRUCT(CreatedProfile, (), (profile_id, section_id, subscription_ids))

/// Where the provider is paid.
struct BankAccount {
  Currency currency;
  std::string iban;
  std::optional<std::string> bic{};
  std::optional<std::string> holder{};

  friend bool operator==(const BankAccount&, const BankAccount&) = default;
};
BOOST_DESCRIBE_STRUCT(BankAccount, (), (currency, iban, bic, holder))

}  // namespace daybook
