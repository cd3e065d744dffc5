#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ledger/domain/event.h"
#include "ledger/domain/facts/usage.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/state_reader.h"

namespace daybook {

/// What the checks of facts share: look-ups that see what the sender may see. Not for callers of
/// decide.h.
///
/// A key bound to a tenant knows only that tenant's accounts and what belongs to them (api.md 2):
/// all else is as if it were not there.
class FactChecker {
 public:
  FactChecker(const StateReader& state, const Envelope& envelope)
      : state_(state), day_(envelope.time.date()), tenant_(envelope.tenant) {}

  [[nodiscard]] const StateReader& state() const { return state_; }
  [[nodiscard]] Date day() const { return day_; }
  [[nodiscard]] bool is_bound() const { return tenant_.has_value(); }
  [[nodiscard]] bool is_bound_to(const TenantId& tenant) const { return tenant_ == tenant.text(); }
  [[nodiscard]] bool sees(const Account& account) const {
    return !tenant_ || account.tenant_id.text() == *tenant_;
  }

  [[nodiscard]] const Account* account(const AccountId& id) const;
  [[nodiscard]] const Profile* profile(const ProfileId& id) const;
  [[nodiscard]] const Subscription* subscription(const SubscriptionId& id) const;
  [[nodiscard]] const Invoice* invoice(const InvoiceId& id) const;
  [[nodiscard]] const PaymentMethod* method(const MethodId& id) const;
  [[nodiscard]] const Enrollment* enrollment(const EnrollmentId& id) const;
  [[nodiscard]] const Enrollment* enrollment_of(const EnrollmentAccountId& id) const;
  /// The account that a scope belongs to, or null where there is no such scope.
  [[nodiscard]] const Account* account_of(const ScopeRef& scope) const;
  /// The profile of a section; a profile without one has the section of its own id.
  [[nodiscard]] const Profile* profile_of_section(const SectionId& id) const;

 private:
  const StateReader& state_;
  Date day_;
  std::optional<std::string> tenant_;
};

/// 422 UNKNOWN_REFERENCE with a pointer into `data`.
[[nodiscard]] tl::unexpected<Error> unknown_reference(std::string_view what, std::string_view id,
                                                      std::string_view pointer);
/// 422 INVALID_STRING unless `text` is written as a code of ISO 3166-1 alpha-2.
[[nodiscard]] Result<void> check_country(std::string_view text, std::string_view pointer);
/// Its country, and its e-mail address if it has one. Errors: INVALID_STRING, INVALID_EMAIL.
[[nodiscard]] Result<void> check_address(const Address& address, std::string_view pointer);
/// 409 ALREADY_EXISTS.
[[nodiscard]] tl::unexpected<Error> already_exists(std::string_view what, std::string_view id,
                                                   std::string_view pointer);
/// 422 UNKNOWN_EVENT_TYPE: known to the contract, but not to the rules of this version.
[[nodiscard]] tl::unexpected<Error> no_rules_yet(std::string_view what, std::string_view pointer);

// One overload a fact; each file checks the facts of some aggregates.
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const BillingAccountOpened& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker,
                                      const AssociatedTenantAdded& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker,
                                      const AssociatedTenantRemoved& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const SoldToChanged& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const TaxIdChanged& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker,
                                      const BillingAccountUpgraded& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const BillingAccountClosed& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker,
                                      const AccountAdministratorChanged& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const CustomerRegistered& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const EnrollmentRegistered& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const DepartmentCreated& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker,
                                      const EnrollmentAccountAdded& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker,
                                      const AccountOwnerActivated& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const AccountOwnerChanged& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker,
                                      const EnrollmentBillingCycleChanged& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker,
                                      const BillingProfileCreated& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const BillToChanged& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const PoNumberChanged& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const InvoiceDayChanged& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker,
                                      const AccountsPayableContactAdded& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker,
                                      const AccountsPayableContactRemoved& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker,
                                      const InvoiceSectionCreated& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker,
                                      const InvoiceSectionRenamed& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const SubscriptionCreated& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker,
                                      const SubscriptionCancelled& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const SubscriptionDeleted& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const SubscriptionMoved& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker,
                                      const SubscriptionBillingTransferred& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const SupportPlanPurchased& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const SupportPlanCancelled& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const PriceChanged& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const TaxRateChanged& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const ExchangeRateChanged& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const DiscountGranted& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const DiscountEnded& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const UsageRecorded& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const UsageAmended& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const UsageVoided& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const PaymentMethodAdded& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker,
                                      const PaymentMethodMadeDefault& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker,
                                      const PaymentMethodDetached& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const PaymentMethodRemoved& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker,
                                      const InvoicePaymentSucceeded& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const InvoicePaymentFailed& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker,
                                      const InvoicePaymentReversed& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const TaxDocumentAdded& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const IdentityLinked& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const EmailChanged& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const RoleAssigned& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const RoleRevoked& fact);

}  // namespace daybook
