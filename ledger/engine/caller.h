#pragma once

#include <optional>
#include <string>

#include "ledger/domain/event.h"
#include "ledger/domain/rules/viewer.h"

namespace daybook::engine {

/// Who sends facts and commands: a key, and the identity it acts as, if it does.
struct Caller {
  std::string key_id;
  std::string key_name;
  std::optional<std::string> tenant;  ///< of the key: part of the identity of its events, bound of its sight
  bool may_import = false;
  Viewer viewer;

  [[nodiscard]] Actor actor() const {
    Actor actor;
    if (!key_id.empty()) actor.key_id = key_id;
    if (viewer.identity) actor.identity_id = viewer.identity->text();
    if (viewer.tenant) actor.tenant_id = viewer.tenant->text();
    return actor;
  }
  /// To whom an Idempotency-Key belongs: the identity that acts, else name and tenant of the key, so that a
  /// rotated key goes on.
  [[nodiscard]] std::string idempotency_owner() const {
    if (viewer.identity) return "identity:" + viewer.identity->text();
    return "key:" + key_name + ":" + tenant.value_or("");
  }
};

}  // namespace daybook::engine
