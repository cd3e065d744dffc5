#pragma once

#include <optional>
#include <string_view>

#include "ledger/domain/rules/access_rules.h"
#include "ledger/domain/rules/state_reader.h"

namespace daybook {

/// A place within an enterprise agreement: the account itself, an enrollment, a department, an
/// enrollment account or a subscription.
struct EnrollmentPlace {
  const Account* account = nullptr;
  const Enrollment* enrollment = nullptr;  ///< null: the whole account
  std::optional<DepartmentId> department;
  const EnrollmentAccount* enrollment_account = nullptr;
  const Subscription* subscription = nullptr;
};

/// Empty where it is allowed, else the reason why it is not (domain.md 5.3).
[[nodiscard]] std::string_view refused_in_enrollment(const StateReader& state,
                                                     const EnrollmentPlace& place,
                                                     const IdentityId& identity, Action action);

}  // namespace daybook
