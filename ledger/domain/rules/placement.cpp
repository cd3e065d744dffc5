#include "ledger/domain/rules/placement.h"

#include <string>
#include <string_view>

#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

constexpr std::string_view kSection = "/data/invoiceSectionId";
constexpr std::string_view kProfile = "/data/profileId";
constexpr std::string_view kEnrollmentAccount = "/data/enrollmentAccountId";

tl::unexpected<Error> not_named(std::string_view what, std::string_view pointer) {
  return rejected("INVALID_FIELD", std::string(what), std::string(pointer));
}

Result<void> check_profile(const Profile* profile, const Account& account, const std::string& id,
                           std::string_view pointer) {
  if (profile == nullptr || profile->account_id != account.account_id)
    return unknown_reference("billing profile or section of the account with the id", id, pointer);
  if (profile->status != ProfileStatus::Active) {
    return rejected("BILLING_PROFILE_NOT_ACTIVE",
                    "the billing profile has unpaid invoices; settle them first",
                    std::string(pointer));
  }
  return {};
}

Result<void> check_named(const FactChecker& checker, const Placement& placement,
                         const Account& account) {
  switch (account.type) {
    case AccountType::MOSP:
      return {};
    case AccountType::MCA:
      if (!placement.invoice_section_id)
        return not_named("a subscription of an MCA account names its invoiceSectionId", kSection);
      return check_profile(profile_of(checker, placement), account,
                           placement.invoice_section_id->text(), kSection);
    case AccountType::MPA:
      if (!placement.profile_id)
        return not_named("a subscription of an MPA account names its profileId", kProfile);
      return check_profile(profile_of(checker, placement), account, placement.profile_id->text(),
                           kProfile);
    case AccountType::EA:
      if (!placement.enrollment_account_id)
        return not_named("a subscription of an EA account names its enrollmentAccountId",
                         kEnrollmentAccount);
      return {};
  }
  return {};
}

}  // namespace

const Profile* profile_of(const FactChecker& checker, const Placement& placement) {
  if (placement.invoice_section_id)
    return checker.profile_of_section(*placement.invoice_section_id);
  return placement.profile_id ? checker.profile(*placement.profile_id) : nullptr;
}

Result<void> check_placement(const FactChecker& checker, const Placement& placement,
                             const Account& account) {
  LEDGER_CHECK(check_named(checker, placement, account));
  if (account.type != AccountType::MCA && placement.invoice_section_id) {
    return unknown_reference("invoice section of the account with the id",
                             placement.invoice_section_id->text(), kSection);
  }
  if (account.type != AccountType::MPA && placement.profile_id) {
    return unknown_reference("billing profile of an MPA account", placement.profile_id->text(),
                             kProfile);
  }
  if (!placement.enrollment_account_id) return {};
  const Enrollment* enrollment = checker.enrollment_of(*placement.enrollment_account_id);
  if (enrollment != nullptr && enrollment->account_id == account.account_id) return {};
  return unknown_reference("enrollment account of the account with the id",
                           placement.enrollment_account_id->text(), kEnrollmentAccount);
}

}  // namespace daybook
