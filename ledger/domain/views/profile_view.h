#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/currency.h"
#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/facts/parts.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/money.h"
#include "ledger/domain/personal.h"
#include "ledger/domain/time.h"
#include "ledger/domain/views/account_view.h"

namespace daybook {

struct SectionView {
  SectionId section_id;
  std::string name;
  SectionState state = SectionState::Active;

  friend bool operator==(const SectionView&, const SectionView&) = default;
};
BOOST_DESCRIBE_STRUCT(SectionView, (), (section_id, name, state))

/// Who gets copies of the profile's invoices, statements and reminders without any right on it (EML-16).
struct PayablesContactView {
  RecipientId recipient_id;
  Personal<std::string> address;

  friend bool operator==(const PayablesContactView&, const PayablesContactView&) = default;
};
BOOST_DESCRIBE_STRUCT(PayablesContactView, (), (recipient_id, address))

/// `GET /v1/profiles/{id}`.
struct ProfileView {
  ProfileId profile_id;
  AccountId account_id;
  std::optional<std::string> display_name;
  Currency currency;
  std::optional<Personal<Address>> bill_to;  ///< absent for who may not see its invoices
  std::optional<std::string> po_number;
  std::int32_t invoice_day = 0;
  std::int32_t payment_term_days = 0;
  std::optional<MethodId> default_payment_method;  ///< absent: wire
  ProfileStatus status = ProfileStatus::Active;
  std::optional<SuspensionReason> status_reason;
  std::vector<SectionView> sections;  ///< one of its own where none was created
  Period current_period;
  std::optional<Date> next_invoice_date;
  std::optional<Money> balance;  ///< absent for who may not see its invoices
  std::optional<ReservationRefundsView> reservation_refunds;  ///< MPA: a customer's, not its own
  std::vector<PayablesContactView> accounts_payable_contacts;  ///< none for who may not see its invoices

  friend bool operator==(const ProfileView&, const ProfileView&) = default;
};
BOOST_DESCRIBE_STRUCT(ProfileView, (),
                      (profile_id, account_id, display_name, currency, bill_to, po_number,
                       invoice_day, payment_term_days, default_payment_method, status,
                       status_reason, sections, current_period, next_invoice_date, balance,
                       reservation_refunds, accounts_payable_contacts))

/// `GET /v1/profiles`.
struct ProfileListView {
  std::vector<ProfileView> items;
  std::optional<std::string> next_cursor;

  friend bool operator==(const ProfileListView&, const ProfileListView&) = default;
};
BOOST_DESCRIBE_STRUCT(ProfileListView, (), (items, next_cursor))

}  // namespace daybook
