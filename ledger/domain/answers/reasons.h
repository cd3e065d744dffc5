#pragma once

#include <string_view>

#include "ledger/domain/enums.h"
#include "ledger/domain/views/missing_invoice_view.h"

namespace daybook {

/// The sentence of a reason (domain.md 7).
[[nodiscard]] std::string_view message_of(MissingReason reason);

/// W3, W4 or W4b, by the type of the account.
[[nodiscard]] constexpr MissingReason no_permission_reason(AccountType type) {
  if (type == AccountType::EA) return MissingReason::EA_NOT_IN_PORTAL;
  return type == AccountType::MOSP ? MissingReason::NO_PERMISSION_NOT_AA
                                   : MissingReason::NO_PERMISSION_MCA;
}

}  // namespace daybook
