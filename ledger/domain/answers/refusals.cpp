#include "ledger/domain/answers/refusals.h"

#include <array>
#include <string>

#include "ledger/domain/answers/reasons.h"

namespace daybook {
namespace {

constexpr std::array kPermissionReasons = {
    MissingReason::CSP_CUSTOMER,   MissingReason::EA_NOT_IN_PORTAL,  MissingReason::OTHER_ACCOUNT,
    MissingReason::OTHER_IDENTITY, MissingReason::WRONG_TENANT,      MissingReason::NO_PERMISSION_MCA,
    MissingReason::NO_PERMISSION_NOT_AA};

/// The one reason that is none of an invoice's absence.
constexpr std::string_view kViewChargesOff = "VIEW_CHARGES_OFF";

}  // namespace

tl::unexpected<Error> nothing_here() {
  return failed(ErrorKind::NotFound, "NOT_FOUND",
                "There is nothing here, or nothing for you to see.");
}

tl::unexpected<Error> no_permission(std::string_view reason) {
  if (reason == kViewChargesOff) {
    return failed(ErrorKind::Forbidden, "NO_PERMISSION", std::string(message_of(Notice::ViewChargesOff)));
  }
  const auto known = parse_enum<MissingReason>(reason);
  return failed(ErrorKind::Forbidden, "NO_PERMISSION",
                std::string(message_of(known.value_or(MissingReason::NO_PERMISSION_MCA))));
}

std::optional<std::string_view> permission_reason(const Error& error) {
  if (error.code != "NO_PERMISSION") return std::nullopt;
  const auto is_said = [&](std::string_view message, std::string_view name) {
    const std::string behind = " (" + std::string(name) + ")";
    return error.detail == message || error.detail.ends_with(behind);
  };
  for (const MissingReason reason : kPermissionReasons) {
    if (is_said(message_of(reason), wire_name(reason))) return wire_name(reason);
  }
  if (is_said(message_of(Notice::ViewChargesOff), kViewChargesOff)) return kViewChargesOff;
  return std::nullopt;
}

bool is_allowed(const StateReader& state, const Viewer& viewer, Action action,
                const ScopeRef& scope) {
  return may(state, viewer, action, AccessObject::of(scope)).allowed;
}

bool is_seen(const StateReader& state, const Viewer& viewer, const ScopeRef& scope) {
  return may(state, viewer, Action::See, AccessObject::of(scope)).seen;
}

Result<void> require_view(const StateReader& state, const Viewer& viewer, Action action,
                          const ScopeRef& scope) {
  const Permission permission = may(state, viewer, action, AccessObject::of(scope));
  if (!permission.seen) return nothing_here();
  if (!permission.allowed) return no_permission(permission.reason);
  return {};
}

}  // namespace daybook
