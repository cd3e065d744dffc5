#include "ledger/domain/facts/reservation.h"

namespace daybook {

void fill_defaults(ReservationPurchased& fact, const FactContext& context) {
  if (!fact.purchased_on) fact.purchased_on = context.day;
}

}  // namespace daybook
