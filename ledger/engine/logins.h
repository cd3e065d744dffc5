#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "ledger/domain/identifiers.h"
#include "ledger/engine/books.h"

namespace daybook::engine {

/// Which identity signs in by an issuer and a subject: a login is one person's. Made of the books when it is first asked for;
/// the sequencer's own.
class Logins {
 public:
  /// Another identity than `mine` that has this login, its address not erased; `tenant`: of that directory alone.
  [[nodiscard]] std::optional<IdentityId> of_another(const Books& books, const IdentityId& mine, const std::string& issuer,
                                                     const std::string& subject, const std::optional<std::string>& tenant);
  /// An identity was linked; that it was rolled back is seen when it is asked for.
  void note(const IdentityId& identity, const std::string& issuer, const std::string& subject);

 private:
  std::optional<std::unordered_multimap<std::string, IdentityId>> known_;
};

}  // namespace daybook::engine
