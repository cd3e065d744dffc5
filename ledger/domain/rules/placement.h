#pragma once

#include <optional>

#include "ledger/domain/identifiers.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/fact_checker.h"

namespace daybook {

/// Where in an account a subscription is to lie: MCA names a section, MPA a profile, EA an enrollment
/// account, MOSP nothing.
struct Placement {
  std::optional<SectionId> invoice_section_id;
  std::optional<ProfileId> profile_id;
  std::optional<EnrollmentAccountId> enrollment_account_id;
};

/// Whether `account` has that place, and only what its type asks for is named. Errors:
/// INVALID_FIELD, UNKNOWN_REFERENCE, BILLING_PROFILE_NOT_ACTIVE.
[[nodiscard]] Result<void> check_placement(const FactChecker& checker, const Placement& placement,
                                           const Account& account);

/// The profile that such a place is of; null for none.
[[nodiscard]] const Profile* profile_of(const FactChecker& checker, const Placement& placement);

}  // namespace daybook
