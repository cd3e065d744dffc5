#pragma once

#include "ledger/domain/result.h"
#include "ledger/domain/rules/scope.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/viewer.h"
#include "ledger/domain/time.h"
#include "ledger/domain/views/settings_view.h"
#include "ledger/domain/views/terms_view.h"

namespace daybook {

/// `GET /v1/policies`: every switch by name with its value, then what single accounts have set.
[[nodiscard]] PolicyListView policies_answer(const StateReader& state);

/// `GET /v1/provider`: the public part of the block in force on `today`. It is no secret: no viewer is asked for.
[[nodiscard]] ProviderView provider_answer(const StateReader& state, Date today);

/// `GET /v1/me`: the person who asks. Errors: NOT_FOUND for the operator and for an identity that
/// was never linked.
[[nodiscard]] Result<PersonView> person_answer(const StateReader& state, const Viewer& viewer);

/// `GET /v1/terms/email`: the terms of invoices by e-mail that must be accepted; nothing where none
/// were published. They are no secret: no viewer is asked for.
[[nodiscard]] EmailTermsView email_terms_answer(const StateReader& state);

}  // namespace daybook
