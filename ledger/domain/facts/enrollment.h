#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/facts/email_preference.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/money.h"
#include "ledger/domain/personal.h"
#include "ledger/domain/time.h"

/// Enterprise enrollments with their departments and accounts. Stream `Enrollment`.
namespace daybook {

/// An enrollment begins; a prepayment opens a credit lot.
struct EnrollmentRegistered {
  static constexpr EventType kType = EventType::EnrollmentRegistered;
  static constexpr StreamType kStream = StreamType::Enrollment;

  EnrollmentId enrollment_id;
  AccountId account_id;
  Date start_date;
  EnrollmentChannel channel{};
  BillingCycle billing_cycle{};
  std::optional<Money> prepayment{};
  std::optional<std::string> po_number{};           ///< absent: the enrollment's id
  std::vector<Personal<std::string>> recipients{};  ///< e-mail addresses that get its invoices

  [[nodiscard]] std::string stream_id() const { return enrollment_id.text(); }
  [[nodiscard]] std::string personal_subject() const { return ""; }
  friend bool operator==(const EnrollmentRegistered&, const EnrollmentRegistered&) = default;
};
BOOST_DESCRIBE_STRUCT(EnrollmentRegistered, (),
                      (enrollment_id, account_id, start_date, channel, billing_cycle, prepayment,
                       po_number, recipients))

/// A department groups enrollment accounts.
struct DepartmentCreated {
  static constexpr EventType kType = EventType::DepartmentCreated;
  static constexpr StreamType kStream = StreamType::Enrollment;

  DepartmentId department_id;
  EnrollmentId enrollment_id;
  std::string name;

  [[nodiscard]] std::string stream_id() const { return enrollment_id.text(); }
  friend bool operator==(const DepartmentCreated&, const DepartmentCreated&) = default;
};
BOOST_DESCRIBE_STRUCT(DepartmentCreated, (), (department_id, enrollment_id, name))

/// Its owner is pending until he first signs in.
struct EnrollmentAccountAdded {
  static constexpr EventType kType = EventType::EnrollmentAccountAdded;
  static constexpr StreamType kStream = StreamType::Enrollment;

  EnrollmentAccountId enrollment_account_id;
  EnrollmentId enrollment_id;
  std::optional<DepartmentId> department_id{};
  std::string name;
  IdentityId owner_identity_id;

  [[nodiscard]] std::string stream_id() const { return enrollment_id.text(); }
  friend bool operator==(const EnrollmentAccountAdded&, const EnrollmentAccountAdded&) = default;
};
BOOST_DESCRIBE_STRUCT(EnrollmentAccountAdded, (),
                      (enrollment_account_id, enrollment_id, department_id, name,
                       owner_identity_id))

/// The owner signed in for the first time.
struct AccountOwnerActivated {
  static constexpr EventType kType = EventType::AccountOwnerActivated;
  static constexpr StreamType kStream = StreamType::Enrollment;
  static constexpr std::array kFilledByLedger = {std::string_view("enrollment_id")};

  EnrollmentAccountId enrollment_account_id;
  /// The key of the stream, filled in by the ledger.
  std::optional<EnrollmentId> enrollment_id{};

  [[nodiscard]] std::string stream_id() const {
    return enrollment_id ? enrollment_id->text() : std::string();
  }
  friend bool operator==(const AccountOwnerActivated&, const AccountOwnerActivated&) = default;
};
BOOST_DESCRIBE_STRUCT(AccountOwnerActivated, (), (enrollment_account_id, enrollment_id))

/// Another owner of an enrollment account, pending until he first signs in.
struct AccountOwnerChanged {
  static constexpr EventType kType = EventType::AccountOwnerChanged;
  static constexpr StreamType kStream = StreamType::Enrollment;
  static constexpr std::array kFilledByLedger = {std::string_view("enrollment_id")};

  EnrollmentAccountId enrollment_account_id;
  IdentityId owner_identity_id;
  /// The key of the stream, filled in by the ledger.
  std::optional<EnrollmentId> enrollment_id{};

  [[nodiscard]] std::string stream_id() const {
    return enrollment_id ? enrollment_id->text() : std::string();
  }
  friend bool operator==(const AccountOwnerChanged&, const AccountOwnerChanged&) = default;
};
BOOST_DESCRIBE_STRUCT(AccountOwnerChanged, (),
                      (enrollment_account_id, owner_identity_id, enrollment_id))

/// Documents come in another rhythm from `effective_on` on.
struct EnrollmentBillingCycleChanged {
  static constexpr EventType kType = EventType::EnrollmentBillingCycleChanged;
  static constexpr StreamType kStream = StreamType::Enrollment;

  EnrollmentId enrollment_id;
  BillingCycle billing_cycle{};
  Date effective_on;

  [[nodiscard]] std::string stream_id() const { return enrollment_id.text(); }
  friend bool operator==(const EnrollmentBillingCycleChanged&,
                         const EnrollmentBillingCycleChanged&) = default;
};
BOOST_DESCRIBE_STRUCT(EnrollmentBillingCycleChanged, (),
                      (enrollment_id, billing_cycle, effective_on))

/// An address that gets the enrollment's documents, without opt-in or permission (EML-23).
struct EnrollmentRecipientAdded {
  static constexpr EventType kType = EventType::EnrollmentRecipientAdded;
  static constexpr StreamType kStream = StreamType::Enrollment;

  EnrollmentId enrollment_id;
  RecipientId recipient_id;
  Personal<std::string> address;

  [[nodiscard]] std::string stream_id() const { return enrollment_id.text(); }
  [[nodiscard]] std::string personal_subject() const { return recipient_subject(recipient_id); }
  friend bool operator==(const EnrollmentRecipientAdded&,
                         const EnrollmentRecipientAdded&) = default;
};
BOOST_DESCRIBE_STRUCT(EnrollmentRecipientAdded, (), (enrollment_id, recipient_id, address))

/// The address gets nothing any more and is erased.
struct EnrollmentRecipientRemoved {
  static constexpr EventType kType = EventType::EnrollmentRecipientRemoved;
  static constexpr StreamType kStream = StreamType::Enrollment;

  EnrollmentId enrollment_id;
  RecipientId recipient_id;

  [[nodiscard]] std::string stream_id() const { return enrollment_id.text(); }
  friend bool operator==(const EnrollmentRecipientRemoved&,
                         const EnrollmentRecipientRemoved&) = default;
};
BOOST_DESCRIBE_STRUCT(EnrollmentRecipientRemoved, (), (enrollment_id, recipient_id))

/// Of one period, while no invoice for it exists.
struct PoNumberUpdatedForPeriod {
  static constexpr EventType kType = EventType::PoNumberUpdatedForPeriod;
  static constexpr StreamType kStream = StreamType::Enrollment;

  EnrollmentId enrollment_id;
  Period period;
  std::string po_number;

  [[nodiscard]] std::string stream_id() const { return enrollment_id.text(); }
  friend bool operator==(const PoNumberUpdatedForPeriod&,
                         const PoNumberUpdatedForPeriod&) = default;
};
BOOST_DESCRIBE_STRUCT(PoNumberUpdatedForPeriod, (), (enrollment_id, period, po_number))

/// A switch of the enrollment.
struct EnrollmentPolicyChanged {
  static constexpr EventType kType = EventType::EnrollmentPolicyChanged;
  static constexpr StreamType kStream = StreamType::Enrollment;

  EnrollmentId enrollment_id;
  EnrollmentPolicy policy{};
  bool value = false;

  [[nodiscard]] std::string stream_id() const { return enrollment_id.text(); }
  friend bool operator==(const EnrollmentPolicyChanged&, const EnrollmentPolicyChanged&) = default;
};
BOOST_DESCRIBE_STRUCT(EnrollmentPolicyChanged, (), (enrollment_id, policy, value))

/// Usage went beyond the prepayment; the invoice follows a week later (T-EA-4).
struct OverageNotificationSent {
  static constexpr EventType kType = EventType::OverageNotificationSent;
  static constexpr StreamType kStream = StreamType::Enrollment;

  EnrollmentId enrollment_id;
  Period period;
  Money overage_amount;
  Date sent_on;

  [[nodiscard]] std::string stream_id() const { return enrollment_id.text(); }
  friend bool operator==(const OverageNotificationSent&, const OverageNotificationSent&) = default;
};
BOOST_DESCRIBE_STRUCT(OverageNotificationSent, (), (enrollment_id, period, overage_amount, sent_on))

namespace enrollment {
using Events = TypeList<EnrollmentRegistered, DepartmentCreated, EnrollmentAccountAdded,
                        AccountOwnerActivated, AccountOwnerChanged, EnrollmentBillingCycleChanged,
                        EnrollmentRecipientAdded, EnrollmentRecipientRemoved,
                        PoNumberUpdatedForPeriod, EnrollmentPolicyChanged, OverageNotificationSent>;
}  // namespace enrollment

}  // namespace daybook
