#include "ledger/domain/rules/fact_checker.h"

#include "ledger/domain/rules/check_charges.h"
#include "ledger/domain/rules/decide.h"

namespace daybook {

const Account* FactChecker::account(const AccountId& id) const {
  const Account* account = state_.account(id);
  return account != nullptr && sees(*account) ? account : nullptr;
}

const Profile* FactChecker::profile(const ProfileId& id) const {
  const Profile* profile = state_.profile(id);
  return profile != nullptr && account(profile->account_id) != nullptr ? profile : nullptr;
}

const Subscription* FactChecker::subscription(const SubscriptionId& id) const {
  const Subscription* subscription = state_.subscription(id);
  return subscription != nullptr && account(subscription->account_id) != nullptr ? subscription
                                                                                 : nullptr;
}

const Invoice* FactChecker::invoice(const InvoiceId& id) const {
  const Invoice* invoice = state_.invoice(id);
  return invoice != nullptr && account(invoice->account_id) != nullptr ? invoice : nullptr;
}

const PaymentMethod* FactChecker::method(const MethodId& id) const {
  const PaymentMethod* method = state_.payment_method(id);
  return method != nullptr && account(method->account_id) != nullptr ? method : nullptr;
}

const Profile* FactChecker::profile_of_section(const SectionId& id) const {
  const Section* section = state_.section(id);
  return profile(section != nullptr ? section->profile_id : ProfileId(id.text()));
}

const Account* FactChecker::account_of(const ScopeRef& scope) const {
  switch (scope.type) {
    case ScopeType::Account:
      return account(AccountId(scope.id));
    case ScopeType::Profile: {
      const Profile* found = profile(ProfileId(scope.id));
      return found != nullptr ? account(found->account_id) : nullptr;
    }
    case ScopeType::Section: {
      const Profile* found = profile_of_section(SectionId(scope.id));
      return found != nullptr ? account(found->account_id) : nullptr;
    }
    case ScopeType::Subscription: {
      const Subscription* found = subscription(SubscriptionId(scope.id));
      return found != nullptr ? account(found->account_id) : nullptr;
    }
    case ScopeType::SupportPlan: {
      const SupportPlan* found = state_.support_plan(PlanId(scope.id));
      return found != nullptr ? account(found->account_id) : nullptr;
    }
    case ScopeType::Enrollment: {
      const Enrollment* found = enrollment(EnrollmentId(scope.id));
      return found != nullptr ? account(found->account_id) : nullptr;
    }
    case ScopeType::Department: {
      const Enrollment* found = state_.enrollment_of(DepartmentId(scope.id));
      return found != nullptr ? account(found->account_id) : nullptr;
    }
    case ScopeType::EnrollmentAccount: {
      const Enrollment* found = enrollment_of(EnrollmentAccountId(scope.id));
      return found != nullptr ? account(found->account_id) : nullptr;
    }
    case ScopeType::Customer:
      return nullptr;
  }
  return nullptr;
}

const Enrollment* FactChecker::enrollment(const EnrollmentId& id) const {
  const Enrollment* enrollment = state_.enrollment(id);
  return enrollment != nullptr && account(enrollment->account_id) != nullptr ? enrollment : nullptr;
}

const Enrollment* FactChecker::enrollment_of(const EnrollmentAccountId& id) const {
  const Enrollment* enrollment = state_.enrollment_of(id);
  return enrollment != nullptr && account(enrollment->account_id) != nullptr ? enrollment : nullptr;
}

tl::unexpected<Error> unknown_reference(std::string_view what, std::string_view id,
                                        std::string_view pointer) {
  return rejected("UNKNOWN_REFERENCE",
                  "there is no " + std::string(what) + " '" + std::string(id) +
                      "'; post it before what refers to it",
                  std::string(pointer));
}

tl::unexpected<Error> already_exists(std::string_view what, std::string_view id,
                                     std::string_view pointer) {
  return conflict("ALREADY_EXISTS",
                  "the " + std::string(what) + " '" + std::string(id) + "' exists already",
                  std::string(pointer));
}

tl::unexpected<Error> no_rules_yet(std::string_view what, std::string_view pointer) {
  return rejected("UNKNOWN_EVENT_TYPE",
                  "this version has no rules for " + std::string(what) +
                      "; it is refused rather than left out of the bill",
                  std::string(pointer));
}

namespace {

using Checked =
    TypeList<BillingAccountOpened, AssociatedTenantAdded, AssociatedTenantRemoved, SoldToChanged,
             TaxIdChanged, BillingAccountUpgraded, BillingAccountClosed,
             AccountAdministratorChanged, CustomerRegistered, BillingProfileCreated,
             EnrollmentRegistered, DepartmentCreated, EnrollmentAccountAdded,
             AccountOwnerActivated, AccountOwnerChanged, EnrollmentBillingCycleChanged,
             BillToChanged, PoNumberChanged, InvoiceDayChanged, AccountsPayableContactAdded,
             AccountsPayableContactRemoved, InvoiceSectionCreated, InvoiceSectionRenamed,
             SubscriptionCreated, SubscriptionMoved, SubscriptionBillingTransferred,
             SubscriptionCancelled, SubscriptionDeleted, SupportPlanPurchased,
             SupportPlanCancelled, PriceChanged, TaxRateChanged, ExchangeRateChanged,
             DiscountGranted, DiscountEnded, UsageRecorded, UsageAmended, UsageVoided,
             PaymentMethodAdded, PaymentMethodMadeDefault, PaymentMethodDetached,
             PaymentMethodRemoved, InvoicePaymentSucceeded,
             InvoicePaymentFailed, InvoicePaymentReversed, IdentityLinked, EmailChanged,
             RoleAssigned, RoleRevoked, OfferDefined, CreditGranted, CreditAdjusted,
             SpendingLimitRemoved, SpendingLimitRestored, OfferUpgraded, PurchaseCharged,
             PurchaseRefunded, ReservationPurchased, TaxDocumentAdded>;

}  // namespace

Result<void> check(const StateReader& state, const Event& fact) {
  const EventType type = fact.data.type();
  if (!is_posted(type)) {
    return rejected("LEDGER_DECIDES",
                    std::string(name(type)) +
                        " is decided by the ledger itself; post what happened, not what follows");
  }
  const FactChecker checker(state, fact.envelope);
  Result<void> result;
  if (!dispatch(Checked(), fact.data, [&](const auto& data) { result = check_fact(checker, data); }))
    return no_rules_yet(name(type), "/type");
  return result;
}

}  // namespace daybook
