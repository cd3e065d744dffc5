#include "ledger/domain/rules/enrollment_credit.h"

#include "ledger/domain/rules/credit_pool.h"

namespace daybook {

std::int64_t overage_of(const std::vector<InvoiceLine>& lines) {
  std::int64_t over = 0;
  for (const InvoiceLine& line : lines) {
    if (is_credit_eligible(line) || is_reservation(line)) over += line.amount.minor_units - line.credit.minor_units;
  }
  return over;
}

bool bills_marketplace_apart(const Account& account) {
  return account.country == "AU" || account.country == "JP" || account.country == "SG";
}

}  // namespace daybook
