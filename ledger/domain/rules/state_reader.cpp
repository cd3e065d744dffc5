#include "ledger/domain/rules/state_reader.h"

namespace daybook {

const Policies& StateReader::policies() const {
  static const Policies kDefaults;
  const Policies* set = find<Policies>(Policies::kKey);
  return set != nullptr ? *set : kDefaults;
}

const Provider& StateReader::provider() const {
  static const Provider kNone;
  const Provider* configured = find<Provider>(Provider::kKey);
  return configured != nullptr ? *configured : kNone;
}

const Clock& StateReader::clock() const {
  static const Clock kStart;
  const Clock* moved = find<Clock>(Clock::kKey);
  return moved != nullptr ? *moved : kStart;
}

}  // namespace daybook
