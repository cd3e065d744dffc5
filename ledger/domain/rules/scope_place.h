#pragma once

#include <optional>

#include "ledger/domain/identifiers.h"
#include "ledger/domain/rules/scope.h"
#include "ledger/domain/rules/state_reader.h"

namespace daybook {

/// A scope with all that it lies in.
struct Place {
  const Account* account = nullptr;
  std::optional<ProfileId> profile;
  std::optional<SectionId> section;
  const Subscription* subscription = nullptr;
  bool is_support_plan = false;
  const Enrollment* enrollment = nullptr;
  std::optional<DepartmentId> department;
  std::optional<EnrollmentAccountId> enrollment_account;
};

/// Where a scope lies; nothing where there is no such scope, and of customers, who are none.
[[nodiscard]] std::optional<Place> place_of(const StateReader& state, const ScopeRef& scope);

}  // namespace daybook
