#include "ledger/domain/rules/payment_method.h"

namespace daybook {

void apply(PaymentMethod& method, const PaymentMethodAdded& event, const Occurrence&) {
  method.method_id = event.method_id;
  method.account_id = event.account_id;
  method.family = event.family;
  method.expiry = event.expiry;
}

}  // namespace daybook
