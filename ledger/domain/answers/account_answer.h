#pragma once

#include <optional>

#include "ledger/domain/answers/page.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/viewer.h"
#include "ledger/domain/time.h"
#include "ledger/domain/views/account_view.h"
#include "ledger/domain/views/profile_view.h"

namespace daybook {

/// `GET /v1/accounts/{id}`. Errors: NOT_FOUND; AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<AccountView> account_answer(const StateReader& state, const Viewer& viewer,
                                                 const AccountId& id, Date today);

/// `GET /v1/accounts`: by id, those alone that `viewer` sees. Errors: AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<AccountListView> accounts_answer(const StateReader& state,
                                                      const Viewer& viewer, const PageRequest& page,
                                                      Date today);

/// `GET /v1/profiles/{id}`. Errors: NOT_FOUND; AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<ProfileView> profile_answer(const StateReader& state, const Viewer& viewer,
                                                 const ProfileId& id, Date today);

/// `GET /v1/profiles`: by id, those alone that `viewer` sees. Errors: NOT_FOUND for an `account` that he does not see;
/// AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<ProfileListView> profiles_answer(const StateReader& state,
                                                      const Viewer& viewer,
                                                      const std::optional<AccountId>& account,
                                                      const PageRequest& page, Date today);

}  // namespace daybook
