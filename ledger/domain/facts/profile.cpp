#include "ledger/domain/facts/profile.h"

#include "ledger/domain/sha256.h"

namespace daybook {

void fill_defaults(AccountsPayableContactAdded& fact, const FactContext& context) {
  if (fact.recipient_id) return;
  // Of what names the fact, and nothing of the address: the id outlives it.
  const std::string seed = fact.profile_id.text() + "/" + std::string(context.source) + "/" +
                           std::string(context.event_id);
  fact.recipient_id = RecipientId("ap-" + sha256_hex(seed).substr(0, 20));
}

}  // namespace daybook
