#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/domain/currency.h"
#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/facts/fact_context.h"
#include "ledger/domain/facts/parts.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/personal.h"
#include "ledger/domain/time.h"

/// Facts about a billing account: the party that is billed. Stream `BillingAccount`, one an
/// account.
namespace daybook {

/// An account begins; `signed_up_by` becomes its Account Administrator (MOSP) or Owner.
struct BillingAccountOpened {
  static constexpr EventType kType = EventType::BillingAccountOpened;
  static constexpr StreamType kStream = StreamType::BillingAccount;
  static constexpr std::array kDatesFromTime = {std::string_view("created_on")};

  AccountId account_id;
  AccountType type{};
  std::string country;  ///< ISO 3166-1 alpha-2
  TenantId tenant_id;
  Currency currency;
  IdentityId signed_up_by;
  std::optional<Date> created_on{};  ///< the anchor of its run days
  std::optional<std::string> agreement_id{};
  std::optional<Personal<Address>> sold_to{};
  std::optional<SalesChannel> channel{};
  std::optional<Cloud> cloud{};

  [[nodiscard]] std::string stream_id() const { return account_id.text(); }
  [[nodiscard]] std::string personal_subject() const { return "account:" + account_id.text(); }
  friend bool operator==(const BillingAccountOpened&, const BillingAccountOpened&) = default;
};
BOOST_DESCRIBE_STRUCT(BillingAccountOpened, (),
                      (account_id, type, country, tenant_id, currency, signed_up_by, created_on,
                       agreement_id, sold_to, channel, cloud))
void fill_defaults(BillingAccountOpened& fact, const FactContext& context);

/// Another tenant's identities may hold roles here.
struct AssociatedTenantAdded {
  static constexpr EventType kType = EventType::AssociatedTenantAdded;
  static constexpr StreamType kStream = StreamType::BillingAccount;

  AccountId account_id;
  TenantId tenant_id;

  [[nodiscard]] std::string stream_id() const { return account_id.text(); }
  friend bool operator==(const AssociatedTenantAdded&, const AssociatedTenantAdded&) = default;
};
BOOST_DESCRIBE_STRUCT(AssociatedTenantAdded, (), (account_id, tenant_id))

/// The other tenant's identities hold roles here no longer.
struct AssociatedTenantRemoved {
  static constexpr EventType kType = EventType::AssociatedTenantRemoved;
  static constexpr StreamType kStream = StreamType::BillingAccount;

  AccountId account_id;
  TenantId tenant_id;

  [[nodiscard]] std::string stream_id() const { return account_id.text(); }
  friend bool operator==(const AssociatedTenantRemoved&, const AssociatedTenantRemoved&) = default;
};
BOOST_DESCRIBE_STRUCT(AssociatedTenantRemoved, (), (account_id, tenant_id))

/// The account goes on under another agreement, with new profiles for its subscriptions.
struct BillingAccountUpgraded {
  static constexpr EventType kType = EventType::BillingAccountUpgraded;
  static constexpr StreamType kStream = StreamType::BillingAccount;

  AccountId account_id;
  AccountType from_type{};
  AccountType to_type{};
  Date effective_date;  ///< the last day under `from_type`
  std::vector<CreatedProfile> created_profiles{};

  [[nodiscard]] std::string stream_id() const { return account_id.text(); }
  friend bool operator==(const BillingAccountUpgraded&, const BillingAccountUpgraded&) = default;
};
BOOST_DESCRIBE_STRUCT(BillingAccountUpgraded, (),
                      (account_id, from_type, to_type, effective_date, created_profiles))

/// Holds for documents issued from now on.
struct SoldToChanged {
  static constexpr EventType kType = EventType::SoldToChanged;
  static constexpr StreamType kStream = StreamType::BillingAccount;

  AccountId account_id;
  Personal<Address> new_value;

  [[nodiscard]] std::string stream_id() const { return account_id.text(); }
  [[nodiscard]] std::string personal_subject() const { return "account:" + account_id.text(); }
  friend bool operator==(const SoldToChanged&, const SoldToChanged&) = default;
};
BOOST_DESCRIBE_STRUCT(SoldToChanged, (), (account_id, new_value))

/// Holds for documents issued from now on.
struct TaxIdChanged {
  static constexpr EventType kType = EventType::TaxIdChanged;
  static constexpr StreamType kStream = StreamType::BillingAccount;
  static constexpr std::array kMayBeEmpty = {std::string_view("new_value")};

  AccountId account_id;
  std::string new_value;  ///< empty: it has none any more

  [[nodiscard]] std::string stream_id() const { return account_id.text(); }
  friend bool operator==(const TaxIdChanged&, const TaxIdChanged&) = default;
};
BOOST_DESCRIBE_STRUCT(TaxIdChanged, (), (account_id, new_value))

/// No new object begins under the account; what is owed stays owed.
struct BillingAccountClosed {
  static constexpr EventType kType = EventType::BillingAccountClosed;
  static constexpr StreamType kStream = StreamType::BillingAccount;

  AccountId account_id;
  std::string reason;

  [[nodiscard]] std::string stream_id() const { return account_id.text(); }
  friend bool operator==(const BillingAccountClosed&, const BillingAccountClosed&) = default;
};
BOOST_DESCRIBE_STRUCT(BillingAccountClosed, (), (account_id, reason))

/// The Account Administrator of a MOSP account is another person from now on.
struct AccountAdministratorChanged {
  static constexpr EventType kType = EventType::AccountAdministratorChanged;
  static constexpr StreamType kStream = StreamType::BillingAccount;
  static constexpr std::array kDatesFromTime = {std::string_view("effective_on")};
  static constexpr std::array kFilledByLedger = {std::string_view("previous_identity_id"),
                                                 std::string_view("effective_on")};

  AccountId account_id;
  IdentityId identity_id;
  std::optional<IdentityId> previous_identity_id{};
  std::optional<Date> effective_on{};

  [[nodiscard]] std::string stream_id() const { return account_id.text(); }
  friend bool operator==(const AccountAdministratorChanged&,
                         const AccountAdministratorChanged&) = default;
};
BOOST_DESCRIBE_STRUCT(AccountAdministratorChanged, (),
                      (account_id, identity_id, previous_identity_id, effective_on))
void fill_defaults(AccountAdministratorChanged& fact, const FactContext& context);

namespace account {
using Events = TypeList<BillingAccountOpened, AssociatedTenantAdded, AssociatedTenantRemoved,
                        BillingAccountUpgraded, SoldToChanged, TaxIdChanged, BillingAccountClosed,
                        AccountAdministratorChanged>;
}  // namespace account

}  // namespace daybook
