#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/domain/currency.h"
#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/facts/email_preference.h"
#include "ledger/domain/facts/fact_context.h"
#include "ledger/domain/facts/parts.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/personal.h"
#include "ledger/domain/time.h"

/// Facts about a billing profile: MCA and MPA issue one invoice a month for each. Stream
/// `BillingProfile`.
namespace daybook {

/// A profile begins; without a section of its own it has the section of its own id.
struct BillingProfileCreated {
  static constexpr EventType kType = EventType::BillingProfileCreated;
  static constexpr StreamType kStream = StreamType::BillingProfile;

  ProfileId profile_id;
  AccountId account_id;
  Currency currency;
  std::optional<std::string> display_name{};
  std::optional<Personal<Address>> bill_to{};
  std::optional<std::string> po_number{};
  /// Absent: by the account's channel and type (CF-10).
  std::optional<std::int32_t> invoice_day{};
  std::optional<std::int32_t> payment_term_days{};   ///< absent: 30, MPA 60
  std::optional<MethodId> default_payment_method{};  ///< absent: wire

  [[nodiscard]] std::string stream_id() const { return profile_id.text(); }
  [[nodiscard]] std::string personal_subject() const { return "profile:" + profile_id.text(); }
  friend bool operator==(const BillingProfileCreated&, const BillingProfileCreated&) = default;
};
BOOST_DESCRIBE_STRUCT(BillingProfileCreated, (),
                      (profile_id, account_id, currency, display_name, bill_to, po_number,
                       invoice_day, payment_term_days, default_payment_method))

/// Holds for documents issued from now on.
struct BillToChanged {
  static constexpr EventType kType = EventType::BillToChanged;
  static constexpr StreamType kStream = StreamType::BillingProfile;

  ProfileId profile_id;
  Personal<Address> new_value;

  [[nodiscard]] std::string stream_id() const { return profile_id.text(); }
  [[nodiscard]] std::string personal_subject() const { return "profile:" + profile_id.text(); }
  friend bool operator==(const BillToChanged&, const BillToChanged&) = default;
};
BOOST_DESCRIBE_STRUCT(BillToChanged, (), (profile_id, new_value))

/// The purchase order of documents issued from now on; empty for none.
struct PoNumberChanged {
  static constexpr EventType kType = EventType::PoNumberChanged;
  static constexpr StreamType kStream = StreamType::BillingProfile;
  static constexpr std::array kMayBeEmpty = {std::string_view("new_value")};

  ProfileId profile_id;
  std::string new_value;  ///< empty: it has none any more

  [[nodiscard]] std::string stream_id() const { return profile_id.text(); }
  friend bool operator==(const PoNumberChanged&, const PoNumberChanged&) = default;
};
BOOST_DESCRIBE_STRUCT(PoNumberChanged, (), (profile_id, new_value))

/// Holds from the next calendar month on.
struct InvoiceDayChanged {
  static constexpr EventType kType = EventType::InvoiceDayChanged;
  static constexpr StreamType kStream = StreamType::BillingProfile;

  ProfileId profile_id;
  std::int32_t new_value = 0;

  [[nodiscard]] std::string stream_id() const { return profile_id.text(); }
  friend bool operator==(const InvoiceDayChanged&, const InvoiceDayChanged&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceDayChanged, (), (profile_id, new_value))

/// Who gets invoice copies, statements and reminders of a profile that pays by wire.
struct AccountsPayableContactAdded {
  static constexpr EventType kType = EventType::AccountsPayableContactAdded;
  static constexpr StreamType kStream = StreamType::BillingProfile;
  static constexpr std::array kFilledByLedger = {std::string_view("recipient_id")};

  ProfileId profile_id;
  Personal<std::string> new_value;  ///< e-mail address
  /// What the contact is called from now on: views cannot compare addresses, which are sealed.
  std::optional<RecipientId> recipient_id{};

  [[nodiscard]] std::string stream_id() const { return profile_id.text(); }
  /// A key of its own, destroyed with the contact (EML-6).
  [[nodiscard]] std::string personal_subject() const {
    return recipient_id ? recipient_subject(*recipient_id) : std::string();
  }
  friend bool operator==(const AccountsPayableContactAdded&,
                         const AccountsPayableContactAdded&) = default;
};
BOOST_DESCRIBE_STRUCT(AccountsPayableContactAdded, (), (profile_id, new_value, recipient_id))
void fill_defaults(AccountsPayableContactAdded& fact, const FactContext& context);

/// The contact gets nothing any more and is erased.
struct AccountsPayableContactRemoved {
  static constexpr EventType kType = EventType::AccountsPayableContactRemoved;
  static constexpr StreamType kStream = StreamType::BillingProfile;
  static constexpr std::array kFilledByLedger = {std::string_view("recipient_id")};

  ProfileId profile_id;
  Personal<std::string> new_value;            ///< e-mail address
  std::optional<RecipientId> recipient_id{};  ///< whose it is, found by the ledger

  [[nodiscard]] std::string stream_id() const { return profile_id.text(); }
  [[nodiscard]] std::string personal_subject() const {
    return recipient_id ? recipient_subject(*recipient_id) : std::string();
  }
  friend bool operator==(const AccountsPayableContactRemoved&,
                         const AccountsPayableContactRemoved&) = default;
};
BOOST_DESCRIBE_STRUCT(AccountsPayableContactRemoved, (), (profile_id, new_value, recipient_id))

/// The ladder of unpaid invoices reached the profile, or let it go.
struct BillingProfileStatusChanged {
  static constexpr EventType kType = EventType::BillingProfileStatusChanged;
  static constexpr StreamType kStream = StreamType::BillingProfile;

  ProfileId profile_id;
  ProfileStatus status{};
  std::optional<SuspensionReason> reason{};
  Date effective_on;

  [[nodiscard]] std::string stream_id() const { return profile_id.text(); }
  friend bool operator==(const BillingProfileStatusChanged&,
                         const BillingProfileStatusChanged&) = default;
};
BOOST_DESCRIBE_STRUCT(BillingProfileStatusChanged, (), (profile_id, status, reason, effective_on))

namespace profile {
using Events = TypeList<BillingProfileCreated, BillToChanged, PoNumberChanged, InvoiceDayChanged,
                        AccountsPayableContactAdded, AccountsPayableContactRemoved,
                        BillingProfileStatusChanged>;
}  // namespace profile

}  // namespace daybook
