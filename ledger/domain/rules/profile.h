#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "ledger/domain/currency.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/facts/profile.h"
#include "ledger/domain/facts/section.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/personal.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/state_kind.h"
#include "ledger/domain/time.h"

namespace daybook {

/// An invoice day that holds for the runs of a calendar month and of all later ones.
struct InvoiceDayFrom {
  Date month;  ///< its first day
  std::int32_t day = 1;

  friend bool operator==(const InvoiceDayFrom&, const InvoiceDayFrom&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceDayFrom, (), (month, day))

/// Who gets copies of what a profile owes, without any right on it (EML-16).
struct PayablesContact {
  RecipientId recipient_id;
  Personal<std::string> address;

  friend bool operator==(const PayablesContact&, const PayablesContact&) = default;
};
BOOST_DESCRIBE_STRUCT(PayablesContact, (), (recipient_id, address))

/// What an MCA or MPA account gets its monthly invoice for.
struct Profile {
  static constexpr StateKind kState = StateKind::Profile;

  ProfileId profile_id;
  AccountId account_id;
  Currency currency;
  std::optional<std::string> display_name;
  std::optional<Personal<Address>> bill_to;
  std::optional<std::string> po_number;
  std::int32_t invoice_day =
      5;  ///< as posted, else by the account's channel when it was created (CF-10)
  std::int32_t payment_term_days = 30;  ///< for what no card pays
  std::optional<MethodId> default_payment_method;
  ProfileStatus status = ProfileStatus::Active;
  SuspensionReason status_reason = SuspensionReason::None;
  Date created_on;  ///< the day of its event, not before the account's own
  Date holds_from;  ///< the earliest of `created_on` and of what it holds: its first month is
                    ///< billed from there
  std::optional<Date> begins_on;  ///< made by an upgrade: the first day of its first document
  std::vector<InvoiceDayFrom> later_invoice_days;  ///< what took the place of `invoice_day`, in order of months

  std::vector<PayablesContact> payables_contacts;  ///< in the order in which they came

  /// The contact of an id, or null.
  [[nodiscard]] const PayablesContact* contact(const RecipientId& id) const;
  /// That with an address, the domain in any case; null where there is none, or it was erased. Needs opened
  /// addresses: not for views.
  [[nodiscard]] const PayablesContact* contact(const Personal<std::string>& address) const;
  /// The invoice day of the runs of the month that holds `day`.
  [[nodiscard]] std::int32_t invoice_day_in(Date day) const;

  friend bool operator==(const Profile&, const Profile&) = default;
};
BOOST_DESCRIBE_STRUCT(Profile, (),
                      (profile_id, account_id, currency, display_name, bill_to, po_number,
                       invoice_day, payment_term_days, default_payment_method, status,
                       status_reason, created_on, holds_from, begins_on, later_invoice_days,
                       payables_contacts))

/// The month of the profile's documents that holds `day`: a calendar month, after an upgrade the
/// first from the day after it (T-MCA-7).
[[nodiscard]] Period profile_month(const Profile& profile, Date day);
/// The run that bills one of its months: the invoice day of the next (T-MCA-3).
[[nodiscard]] Date profile_run(const Profile& profile, Period month);

/// A heading of a profile's invoice. A profile without one has the section of its own id.
struct Section {
  static constexpr StateKind kState = StateKind::Section;

  SectionId section_id;
  ProfileId profile_id;
  std::string name;
  SectionState state = SectionState::Active;

  friend bool operator==(const Section&, const Section&) = default;
};
BOOST_DESCRIBE_STRUCT(Section, (), (section_id, profile_id, name, state))

void apply(Profile& profile, const BillingProfileCreated& event, const Occurrence& at);
void apply(Profile& profile, const BillToChanged& event, const Occurrence& at);
void apply(Profile& profile, const PoNumberChanged& event, const Occurrence& at);
void apply(Profile& profile, const InvoiceDayChanged& event, const Occurrence& at);
void apply(Profile& profile, const AccountsPayableContactAdded& event, const Occurrence& at);
void apply(Profile& profile, const AccountsPayableContactRemoved& event, const Occurrence& at);
void apply(Profile& profile, const BillingProfileStatusChanged& event, const Occurrence& at);
void apply(Section& section, const InvoiceSectionCreated& event, const Occurrence& at);
void apply(Section& section, const InvoiceSectionRenamed& event, const Occurrence& at);

}  // namespace daybook
