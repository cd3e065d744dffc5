#pragma once

#include <optional>

#include "ledger/domain/identifiers.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/usage_source.h"
#include "ledger/domain/rules/viewer.h"
#include "ledger/domain/time.h"
#include "ledger/domain/views/billing_history_view.h"
#include "ledger/domain/views/statement_view.h"

/// What a MOSP subscription was and will be charged, and what a profile has pending
/// (domain.md 4.8). `now` is the ledger's clock at the position of `state`.
namespace daybook {

/// `GET /v1/subscriptions/{id}/billing-history`: the last six periods that are over, newest first,
/// and the current one. Errors: NOT_FOUND (also for subscriptions of other accounts than MOSP,
/// R-83); NO_PERMISSION (all but the Account Administrator, ROL-14); those of `usage`;
/// AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<BillingHistoryView> billing_history_answer(const StateReader& state,
                                                                const UsageSource& usage,
                                                                const Viewer& viewer,
                                                                const SubscriptionId& id,
                                                                Instant now);

/// `GET /v1/subscriptions/{id}/statement?period=`: of the period that holds `day`, else of the
/// current one. Errors: as billing_history_answer; BAD_QUERY for a day before the first period or
/// after the current one.
[[nodiscard]] Result<StatementView> statement_answer(const StateReader& state,
                                                     const UsageSource& usage, const Viewer& viewer,
                                                     const SubscriptionId& id,
                                                     std::optional<Date> day, Instant now);

/// `GET /v1/profiles/{id}/pending-charges`: every month not yet invoiced, without tax. Errors:
/// NOT_FOUND; NO_PERMISSION; those of `usage`; AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<PendingChargesView> pending_charges_answer(const StateReader& state,
                                                                const UsageSource& usage,
                                                                const Viewer& viewer,
                                                                const ProfileId& id, Instant now);

/// The charges of one of these months; nothing: it has none, or is invoiced. For the operator. Errors: as pending_charges_answer.
[[nodiscard]] Result<std::optional<Money>> pending_charges_of(const StateReader& state, const UsageSource& usage,
                                                              const ProfileId& id, const Period& month, Date today);

}  // namespace daybook
