#pragma once

#include <string>
#include <string_view>

#include "ledger/domain/enums.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/viewer.h"
#include "ledger/domain/views/missing_invoice_view.h"

/// The one catalogue of what answers say to people, in English and Dutch (domain.md 7, 4.8).
namespace daybook {

/// What is said besides the reasons of section 7.
enum class Notice {
  ViewChargesOff,  ///< EST-6: the policy of the enrollment does not show charges
};

/// The sentence of a reason (domain.md 7); `{product}` and `{days}` stand for what a ledger puts there.
[[nodiscard]] std::string_view message_of(MissingReason reason, Language language = Language::en);
/// The same with what this ledger puts into it: the provider's product word (PROV-2; the word and one blank are left out
/// where there is none) and the days of policy `reasons.newForDays`.
[[nodiscard]] std::string message_in(const StateReader& state, MissingReason reason, Language language);
[[nodiscard]] std::string_view message_of(Notice notice, Language language = Language::en);

/// The language a viewer has chosen; English until he has.
[[nodiscard]] Language language_of(const StateReader& state, const Viewer& viewer);

/// W3, W4 or W4b, by the type of the account.
[[nodiscard]] constexpr MissingReason no_permission_reason(AccountType type) {
  if (type == AccountType::EA) return MissingReason::EA_NOT_IN_PORTAL;
  return type == AccountType::MOSP ? MissingReason::NO_PERMISSION_NOT_AA
                                   : MissingReason::NO_PERMISSION_MCA;
}

}  // namespace daybook
