#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include <boost/describe/class.hpp>

#include "ledger/domain/enums.h"
#include "ledger/domain/identifiers.h"

namespace daybook {

/// Anything that can be billed, mailed or have roles: `Subscription/sub-01`.
struct ScopeRef {
  ScopeType type = ScopeType::Account;
  std::string id;

  ScopeRef() = default;
  ScopeRef(ScopeType scope_type, std::string scope_id)
      : type(scope_type), id(std::move(scope_id)) {}
  explicit ScopeRef(const AccountId& account) : ScopeRef(ScopeType::Account, account.text()) {}
  explicit ScopeRef(const ProfileId& profile) : ScopeRef(ScopeType::Profile, profile.text()) {}
  explicit ScopeRef(const SectionId& section) : ScopeRef(ScopeType::Section, section.text()) {}
  explicit ScopeRef(const SubscriptionId& subscription)
      : ScopeRef(ScopeType::Subscription, subscription.text()) {}
  explicit ScopeRef(const EnrollmentId& enrollment)
      : ScopeRef(ScopeType::Enrollment, enrollment.text()) {}
  explicit ScopeRef(const PlanId& plan) : ScopeRef(ScopeType::SupportPlan, plan.text()) {}

  /// The key of its rows: `scopeType/scopeId`. Identifiers hold no `/`.
  [[nodiscard]] std::string text() const { return std::string(wire_name(type)) + "/" + id; }

  /// The scope whose `text()` this is; nothing for any other text.
  [[nodiscard]] static std::optional<ScopeRef> parse(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto type = parse_enum<ScopeType>(text.substr(0, slash));
    if (!type) return std::nullopt;
    return ScopeRef(*type, std::string(text.substr(slash + 1)));
  }

  friend auto operator<=>(const ScopeRef&, const ScopeRef&) = default;
};
BOOST_DESCRIBE_STRUCT(ScopeRef, (), (type, id))

}  // namespace daybook
