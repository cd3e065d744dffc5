#include "ledger/domain/rules/settings.h"

#include <algorithm>

namespace daybook {

void apply(Clock& clock, const ClockAdvanced& event, const Occurrence&) {
  clock.now = std::max(clock.now, event.to);
}

void apply(Key& key, const KeyCreated& event, const Occurrence&) {
  key.key_id = event.key_id;
  key.name = event.name;
  key.rights = event.rights;
  key.tenant_id = event.tenant_id;
  key.identity_id = event.identity_id;
  key.secret_hash = event.secret_hash;
  key.expires_on = event.expires_on;
}

void apply(Key& key, const KeyRevoked&, const Occurrence&) { key.revoked = true; }

}  // namespace daybook
