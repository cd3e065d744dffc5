#include "ledger/domain/rules/payment_method.h"

namespace daybook {

bool PaymentMethod::is_expired_on(Date day) const {
  if (!expiry) return false;
  const Result<Date> first = Date::parse(*expiry + "-01");
  return first && first->first_of_next_month() <= day;
}

void apply(PaymentMethod& method, const PaymentMethodAdded& event, const Occurrence&) {
  method.method_id = event.method_id;
  method.account_id = event.account_id;
  method.family = event.family;
  method.expiry = event.expiry;
}

}  // namespace daybook
