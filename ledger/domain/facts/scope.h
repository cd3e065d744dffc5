#pragma once

#include <string>
#include <string_view>

#include "ledger/domain/enums.h"
#include "ledger/domain/identifiers.h"

namespace daybook {

struct ScopeIdTag {
  static constexpr std::string_view kName = "ScopeId";
};
/// The id of whatever a `ScopeType` beside it says.
using ScopeId = Id<ScopeIdTag>;

/// `Subscription:sub-01`: the id of a stream that belongs to a scope.
[[nodiscard]] inline std::string scope_stream_id(ScopeType type, const ScopeId& id) {
  std::string text(wire_name(type));
  text += ':';
  text += id.text();
  return text;
}

}  // namespace daybook
