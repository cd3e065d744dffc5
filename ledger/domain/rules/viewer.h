#pragma once

#include <optional>

#include "ledger/domain/identifiers.h"

namespace daybook {

/// Who asks: the operator (a key with the right and no identity), or a person in a directory.
struct Viewer {
  std::optional<IdentityId> identity;  ///< absent: the operator
  std::optional<TenantId>
      tenant;  ///< of the person's session; of the operator: of his key, if it has one

  [[nodiscard]] static Viewer operating() { return {}; }
  [[nodiscard]] static Viewer operating_in(TenantId tenant) {
    return {std::nullopt, std::move(tenant)};
  }
  [[nodiscard]] static Viewer person(IdentityId identity, TenantId tenant) {
    return {std::move(identity), std::move(tenant)};
  }
  [[nodiscard]] bool is_operator() const { return !identity; }

  friend bool operator==(const Viewer&, const Viewer&) = default;
};

}  // namespace daybook
