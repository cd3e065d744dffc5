#include "ledger/domain/rules/support_requests.h"

namespace daybook {

void apply(SupportRequests& requests, const SupportRequestCreated& event, const Occurrence& at) {
  requests.identity_id = event.identity_id;
  if (requests.count != 0 && at.day() < requests.day) return;  // of a history that is not in order
  requests.count = requests.on(at.day()) + 1;
  requests.day = at.day();
}

}  // namespace daybook
