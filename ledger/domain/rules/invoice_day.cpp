#include "ledger/domain/rules/invoice_day.h"

namespace daybook {

std::int32_t default_invoice_day(const Account& account, const Policies& policies) {
  if (account.type == AccountType::MPA || account.channel == SalesChannel::Partner) {
    return policies.number("invoiceDay.mpa");
  }
  return policies.number(account.channel == SalesChannel::Representative
                             ? "invoiceDay.representative"
                             : "invoiceDay.website");
}

std::int32_t default_payment_term_days(AccountType type, const Policies& policies) {
  return policies.number(type == AccountType::MPA ? "payment.mpaTermDays" : "payment.termDays");
}

}  // namespace daybook
