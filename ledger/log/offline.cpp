#include "ledger/log/offline.h"

#include "ledger/log/clock.h"
#include "ledger/log/rng.h"

namespace daybook::log {

Log::Opened open_offline(const std::string& directory, Held held) {
  // Both outlive whatever is opened. Randomness makes new ledgers alone, so nobody draws here.
  static SystemClock clock;
  static SystemRng rng;
  Options options;
  options.directory = directory;
  options.create = false;
  options.open_views = false;
  options.read_only = held != Held::AsOwner;
  options.keep_others_out = held == Held::ToReadAlone;
  return Log::open(options, Seams{nullptr, &clock, &rng});
}

}  // namespace daybook::log
