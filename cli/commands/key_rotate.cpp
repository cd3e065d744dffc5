#include <cstdio>

#include "cli/commands/commands.h"
#include "cli/directory.h"
#include "ledger/log/bytes.h"
#include "ledger/log/clock.h"
#include "ledger/log/key_rotation.h"
#include "ledger/log/rng.h"

namespace daybook::cli {

Outcome<void> rotate_signing_key(const std::string& directory) {
  log::SystemClock clock;
  log::SystemRng rng;
  const log::Opening<log::KeyRotation> rotation = log::rotate_signing_key(directory, log::Seams{nullptr, &clock, &rng});
  if (!rotation) return fail(exit_code_at(directory, rotation.error().exit_code), rotation.error().detail);
  std::printf("{\"position\":%llu,\"previousKey\":\"%s\",\"publicKey\":\"%s\"}\n", static_cast<unsigned long long>(rotation->position),
              log::hex(rotation->previous_key).c_str(), log::hex(rotation->public_key).c_str());
  return {};
}

}  // namespace daybook::cli
