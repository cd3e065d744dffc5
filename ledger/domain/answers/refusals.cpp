#include "ledger/domain/answers/refusals.h"

#include <array>
#include <string>

#include "ledger/domain/answers/reasons.h"

namespace daybook {
namespace {

constexpr std::array kPermissionReasons = {MissingReason::CSP_CUSTOMER,
                                           MissingReason::NO_PERMISSION_MCA,
                                           MissingReason::NO_PERMISSION_NOT_AA};

}  // namespace

tl::unexpected<Error> nothing_here() {
  return failed(ErrorKind::NotFound, "NOT_FOUND",
                "There is nothing here, or nothing for you to see.");
}

tl::unexpected<Error> no_permission(std::string_view reason) {
  const auto known = parse_enum<MissingReason>(reason);
  return failed(ErrorKind::Forbidden, "NO_PERMISSION",
                std::string(message_of(known.value_or(MissingReason::NO_PERMISSION_MCA))));
}

std::optional<std::string_view> permission_reason(const Error& error) {
  if (error.code != "NO_PERMISSION") return std::nullopt;
  for (const MissingReason reason : kPermissionReasons) {
    if (error.detail == message_of(reason)) return wire_name(reason);
  }
  return std::nullopt;
}

bool is_allowed(const StateReader& state, const Viewer& viewer, Action action,
                const ScopeRef& scope) {
  return may(state, viewer, action, AccessObject::of(scope)).allowed;
}

Result<void> require_view(const StateReader& state, const Viewer& viewer, Action action,
                          const ScopeRef& scope) {
  const Permission permission = may(state, viewer, action, AccessObject::of(scope));
  if (!permission.seen) return nothing_here();
  if (!permission.allowed) return no_permission(permission.reason);
  return {};
}

}  // namespace daybook
