#pragma once

#include <cstdint>

#include "ledger/domain/rules/account.h"
#include "ledger/domain/rules/policies.h"

namespace daybook {

/// The day of month of the invoices of a profile that names none: by the account's channel and type
/// (CF-10).
[[nodiscard]] std::int32_t default_invoice_day(const Account& account, const Policies& policies);

/// Days until an invoice is due, of a profile that names none: by the account's type (PAY-4).
[[nodiscard]] std::int32_t default_payment_term_days(AccountType type, const Policies& policies);

}  // namespace daybook
