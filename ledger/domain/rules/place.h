#pragma once

#include <optional>

#include <boost/describe/class.hpp>

#include "ledger/domain/enums.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/time.h"

namespace daybook {

/// Where a subscription was billed before it moved, and how: all that a document needs for the days
/// that it was there.
struct EarlierPlace {
  std::optional<Date> from;  ///< its first day there; nothing: since it was created
  Date until;                ///< its first day elsewhere
  Position left_at = 0;      ///< of the event that moved it
  AccountId account_id;
  AccountType account_type = AccountType::MOSP;  ///< as it then was (R-83)
  std::optional<ProfileId> profile_id;
  std::optional<SectionId> invoice_section_id;
  std::optional<EnrollmentId> enrollment_id;
  std::optional<EnrollmentAccountId> enrollment_account_id;
  std::optional<CustomerId> customer_id;
  std::optional<ResellerId> reseller_id;
  std::optional<MethodId> payment_method_id;
  std::optional<Date> anchored_on;  ///< where its periods did not begin on its own day of creation

  friend bool operator==(const EarlierPlace&, const EarlierPlace&) = default;
};
BOOST_DESCRIBE_STRUCT(EarlierPlace, (),
                      (from, until, left_at, account_id, account_type, profile_id,
                       invoice_section_id, enrollment_id, enrollment_account_id, customer_id,
                       reseller_id, payment_method_id, anchored_on))

}  // namespace daybook
