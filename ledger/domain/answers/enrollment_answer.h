#pragma once

#include "ledger/domain/answers/page.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/usage_source.h"
#include "ledger/domain/rules/viewer.h"
#include "ledger/domain/time.h"
#include "ledger/domain/views/enrollment_view.h"

namespace daybook {

/// Errors: NOT_FOUND.
[[nodiscard]] Result<EnrollmentView> enrollment_answer(const StateReader& state,
                                                       const Viewer& viewer,
                                                       const EnrollmentId& id, Date today);
[[nodiscard]] Result<DepartmentView> department_answer(const StateReader& state,
                                                       const Viewer& viewer,
                                                       const DepartmentId& id);
[[nodiscard]] Result<EnrollmentAccountView> enrollment_account_answer(
    const StateReader& state, const Viewer& viewer, const EnrollmentAccountId& id);

/// *Usage + charges* of an enrollment, a department or an enrollment account (EST-6). Errors:
/// NOT_FOUND, NO_PERMISSION (reason VIEW_CHARGES_OFF where a policy is off).
[[nodiscard]] Result<EnrollmentMonthListView> enrollment_months_answer(
    const StateReader& state, const UsageSource& usage, const Viewer& viewer,
    const ScopeRef& scope, const PageRequest& page, Instant now);

}  // namespace daybook
