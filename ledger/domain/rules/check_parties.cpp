#include <algorithm>

#include "ledger/domain/country.h"
#include "ledger/domain/rules/fact_checker.h"
#include "ledger/domain/rules/mail.h"
#include "ledger/domain/rules/paying.h"
#include "ledger/domain/rules/placement.h"
#include "ledger/domain/rules/try.h"

namespace daybook {

Result<void> check_country(std::string_view text, std::string_view pointer) {
  if (is_country(text)) return {};
  return rejected("INVALID_STRING", "a country is its two-letter code of ISO 3166-1, as in NL",
                  std::string(pointer));
}

Result<void> check_address(const Address& address, std::string_view pointer) {
  if (address.email && !is_email(*address.email)) {
    return rejected("INVALID_EMAIL", "this is no e-mail address", std::string(pointer) + "/email");
  }
  return check_country(address.country, std::string(pointer) + "/country");
}

namespace {

Result<void> check_address(const std::optional<Personal<Address>>& address,
                           std::string_view pointer) {
  if (!address || !address->value) return {};
  return check_address(*address->value, pointer);
}

Result<const Account*> open_account(const FactChecker& checker, const AccountId& id) {
  const Account* account = checker.account(id);
  if (account == nullptr) return unknown_reference("account", id.text(), "/data/accountId");
  if (account->status == AccountStatus::Closed) {
    return conflict("ACCOUNT_CLOSED", "the account is closed; nothing new begins under it",
                    "/data/accountId");
  }
  return account;
}

Result<void> known_account(const FactChecker& checker, const AccountId& id) {
  if (checker.account(id) == nullptr)
    return unknown_reference("account", id.text(), "/data/accountId");
  return {};
}

Result<void> check_region(const Policies& policies, const std::string& country) {
  const std::vector<std::string> served = policies.words("accounts.countries");
  if (served.empty() || std::find(served.begin(), served.end(), country) != served.end()) return {};
  return rejected("UNSUPPORTED_REGION",
                  "accounts are opened in the countries of the policy accounts.countries alone",
                  "/data/country");
}

Result<void> check_invoice_day(std::int32_t day, std::string_view pointer) {
  if (day >= 1 && day <= 31) return {};
  return rejected("INVALID_FIELD", "an invoice day is a day of the month, 1 to 31",
                  std::string(pointer));
}

Result<const Profile*> known_profile(const FactChecker& checker, const ProfileId& id) {
  const Profile* profile = checker.profile(id);
  if (profile == nullptr)
    return unknown_reference("billing profile", id.text(), "/data/profileId");
  return profile;
}

/// A payment method of the same account.
Result<void> own_method(const FactChecker& checker, const std::optional<MethodId>& id,
                        const AccountId& account, std::string_view pointer) {
  if (!id) return {};
  const PaymentMethod* method = checker.method(*id);
  if (method == nullptr || method->account_id != account) {
    return unknown_reference("payment method of the account with the id", id->text(), pointer);
  }
  return {};
}

}  // namespace

Result<void> check_fact(const FactChecker& checker, const BillingAccountOpened& fact) {
  if (checker.state().account(fact.account_id) != nullptr) {
    return already_exists("account", fact.account_id.text(), "/data/accountId");
  }
  LEDGER_CHECK(check_country(fact.country, "/data/country"));
  LEDGER_CHECK(check_region(checker.state().policies(), fact.country));
  LEDGER_CHECK(check_address(fact.sold_to, "/data/soldTo"));
  Account opened;
  opened.tenant_id = fact.tenant_id;
  if (!checker.sees(opened)) {
    return failed(ErrorKind::Forbidden, "FORBIDDEN",
                  "this key opens accounts of its own tenant alone", "/data/tenantId");
  }
  return {};
}

Result<void> check_fact(const FactChecker& checker, const AssociatedTenantAdded& fact) {
  return known_account(checker, fact.account_id);
}

Result<void> check_fact(const FactChecker& checker, const AssociatedTenantRemoved& fact) {
  LEDGER_CHECK(known_account(checker, fact.account_id));
  const Account& account = *checker.account(fact.account_id);
  const auto& tenants = account.associated_tenants;
  if (std::find(tenants.begin(), tenants.end(), fact.tenant_id) == tenants.end()) {
    return unknown_reference("associated tenant", fact.tenant_id.text(), "/data/tenantId");
  }
  return {};
}

Result<void> check_fact(const FactChecker& checker, const SoldToChanged& fact) {
  LEDGER_CHECK(known_account(checker, fact.account_id));
  return check_address(fact.new_value, "/data/newValue");
}

Result<void> check_fact(const FactChecker& checker, const TaxIdChanged& fact) {
  return known_account(checker, fact.account_id);
}

Result<void> check_fact(const FactChecker& checker, const AccountAdministratorChanged& fact) {
  LEDGER_CHECK(known_account(checker, fact.account_id));
  if (checker.account(fact.account_id)->type != AccountType::MOSP) {
    return rejected("NOT_MOSP", "only a MOSP account has an Account Administrator",
                    "/data/accountId");
  }
  return {};
}

Result<void> check_fact(const FactChecker& checker, const CustomerRegistered& fact) {
  if (checker.state().customer(fact.customer_id) != nullptr) {
    return already_exists("customer", fact.customer_id.text(), "/data/customerId");
  }
  LEDGER_TRY(const Account* account, open_account(checker, fact.account_id));
  if (account->type != AccountType::MPA) {
    return rejected("UNKNOWN_REFERENCE", "customers are registered under MPA accounts alone",
                    "/data/accountId");
  }
  return {};
}

Result<void> check_fact(const FactChecker& checker, const BillingProfileCreated& fact) {
  if (checker.state().profile(fact.profile_id) != nullptr) {
    return already_exists("billing profile", fact.profile_id.text(), "/data/profileId");
  }
  const Section* section = checker.state().section(SectionId(fact.profile_id.text()));
  if (section != nullptr) {
    return already_exists("invoice section", fact.profile_id.text(), "/data/profileId");
  }
  LEDGER_TRY(const Account* account, open_account(checker, fact.account_id));
  if (!account->has_profiles()) {
    return rejected("UNKNOWN_REFERENCE",
                    "billing profiles belong to MCA and MPA accounts; this one has another type",
                    "/data/accountId");
  }
  if (fact.invoice_day) LEDGER_CHECK(check_invoice_day(*fact.invoice_day, "/data/invoiceDay"));
  if (fact.payment_term_days && (*fact.payment_term_days < 0 || *fact.payment_term_days > 365)) {
    return rejected("INVALID_FIELD", "a payment term is 0 to 365 days", "/data/paymentTermDays");
  }
  LEDGER_CHECK(check_address(fact.bill_to, "/data/billTo"));
  LEDGER_CHECK(own_method(checker, fact.default_payment_method, fact.account_id,
                          "/data/defaultPaymentMethod"));
  if (!fact.default_payment_method) return {};
  return check_default_method(*account, *checker.method(*fact.default_payment_method),
                              "/data/defaultPaymentMethod");
}

Result<void> check_fact(const FactChecker& checker, const BillToChanged& fact) {
  if (checker.profile(fact.profile_id) == nullptr) {
    return unknown_reference("billing profile", fact.profile_id.text(), "/data/profileId");
  }
  return check_address(fact.new_value, "/data/newValue");
}

Result<void> check_fact(const FactChecker& checker, const PoNumberChanged& fact) {
  if (checker.profile(fact.profile_id) == nullptr) {
    return unknown_reference("billing profile", fact.profile_id.text(), "/data/profileId");
  }
  return {};
}

Result<void> check_fact(const FactChecker& checker, const InvoiceDayChanged& fact) {
  LEDGER_TRY([[maybe_unused]] const Profile* profile, known_profile(checker, fact.profile_id));
  return check_invoice_day(fact.new_value, "/data/newValue");
}

Result<void> check_fact(const FactChecker& checker, const AccountsPayableContactAdded& fact) {
  LEDGER_TRY(const Profile* profile, known_profile(checker, fact.profile_id));
  if (fact.new_value.value) LEDGER_CHECK(check_mail_address(*fact.new_value.value, "/data/newValue"));
  const bool is_there = profile->contact(fact.new_value) != nullptr ||
                        (fact.recipient_id && profile->contact(*fact.recipient_id) != nullptr);
  if (is_there)
    return conflict("ALREADY_EXISTS", "the profile has this contact already", "/data/newValue");
  return {};
}

Result<void> check_fact(const FactChecker& checker, const AccountsPayableContactRemoved& fact) {
  LEDGER_TRY(const Profile* profile, known_profile(checker, fact.profile_id));
  const PayablesContact* contact = fact.recipient_id ? profile->contact(*fact.recipient_id)
                                                     : profile->contact(fact.new_value);
  if (contact != nullptr) return {};
  return rejected("UNKNOWN_REFERENCE", "the profile has no such contact; nothing is removed",
                  "/data/newValue");
}

Result<void> check_fact(const FactChecker& checker, const InvoiceSectionCreated& fact) {
  const Profile* namesake = checker.state().profile(ProfileId(fact.section_id.text()));
  const bool is_of_other_profile = namesake != nullptr && namesake->profile_id != fact.profile_id;
  if (checker.state().section(fact.section_id) != nullptr || is_of_other_profile) {
    return already_exists("invoice section", fact.section_id.text(), "/data/sectionId");
  }
  const Profile* profile = checker.profile(fact.profile_id);
  if (profile == nullptr)
    return unknown_reference("billing profile", fact.profile_id.text(), "/data/profileId");
  LEDGER_CHECK(open_account(checker, profile->account_id));
  return {};
}

Result<void> check_fact(const FactChecker& checker, const InvoiceSectionRenamed& fact) {
  const Section* section = checker.state().section(fact.section_id);
  if (section == nullptr || checker.profile(section->profile_id) == nullptr) {
    return unknown_reference("invoice section", fact.section_id.text(), "/data/sectionId");
  }
  return {};
}

namespace {

/// How many subscriptions that are not deleted an account may have (ACC-5); nothing: any number.
std::optional<std::size_t> most_subscriptions(const StateReader& state, AccountType type) {
  const Policies& policies = state.policies();
  if (type == AccountType::EA)
    return static_cast<std::size_t>(policies.number("ea.maxSubscriptions"));
  if (type == AccountType::MCA)
    return static_cast<std::size_t>(policies.number("mca.maxSubscriptions"));
  return std::nullopt;
}

Result<void> check_room(const StateReader& state, const Account& account) {
  const auto most = most_subscriptions(state, account.type);
  if (!most) return {};
  const std::vector<std::string> ids = state.subscriptions_of(account.account_id);
  if (ids.size() < *most) return {};
  const auto living = std::count_if(ids.begin(), ids.end(), [&](const std::string& id) {
    const Subscription* subscription = state.find<Subscription>(id);
    return subscription != nullptr && subscription->status != SubscriptionStatus::Deleted;
  });
  if (static_cast<std::size_t>(living) < *most) return {};
  return rejected("LIMIT_EXCEEDED",
                  "the account has " + std::to_string(living) +
                      " subscriptions, as many as it may have; delete one, or raise the policy " +
                      (account.type == AccountType::EA ? "ea" : "mca") + ".maxSubscriptions",
                  "/data/accountId");
}

}  // namespace

Result<void> check_fact(const FactChecker& checker, const SubscriptionCreated& fact) {
  if (checker.state().subscription(fact.subscription_id) != nullptr) {
    return already_exists("subscription", fact.subscription_id.text(), "/data/subscriptionId");
  }
  LEDGER_TRY(const Account* account, open_account(checker, fact.account_id));
  LEDGER_CHECK(check_room(checker.state(), *account));
  LEDGER_CHECK(check_placement(
      checker, {fact.invoice_section_id, fact.profile_id, fact.enrollment_account_id}, *account));
  if (fact.customer_id) {
    const Customer* customer = checker.state().customer(*fact.customer_id);
    if (customer == nullptr || customer->account_id != fact.account_id) {
      return unknown_reference("customer of the account with the id", fact.customer_id->text(),
                               "/data/customerId");
    }
  }
  if (fact.reseller_id && account->type != AccountType::MPA) {
    return rejected("INVALID_FIELD",
                    "resellers stand between a partner and his customers: of MPA accounts alone",
                    "/data/resellerId");
  }
  return own_method(checker, fact.payment_method_id, fact.account_id, "/data/paymentMethodId");
}

namespace {

Result<const Subscription*> living_subscription(const FactChecker& checker,
                                                const SubscriptionId& id) {
  const Subscription* subscription = checker.subscription(id);
  if (subscription == nullptr)
    return unknown_reference("subscription", id.text(), "/data/subscriptionId");
  if (subscription->status == SubscriptionStatus::Deleted) {
    return conflict("SUBSCRIPTION_DELETED", "the subscription is deleted", "/data/subscriptionId");
  }
  return subscription;
}

}  // namespace

Result<void> check_fact(const FactChecker& checker, const SubscriptionCancelled& fact) {
  LEDGER_TRY(const Subscription* subscription, living_subscription(checker, fact.subscription_id));
  if (subscription->charged_through) {
    return already_exists("cancellation of the subscription", fact.subscription_id.text(),
                          "/data/subscriptionId");
  }
  if (fact.effective_on.value_or(checker.day()) < subscription->created_on) {
    return rejected("INVALID_TIME", "effectiveOn is before the subscription began",
                    "/data/effectiveOn");
  }
  return {};
}

Result<void> check_fact(const FactChecker& checker, const SubscriptionDeleted& fact) {
  LEDGER_TRY(const Subscription* subscription, living_subscription(checker, fact.subscription_id));
  if (!subscription->charged_through) {
    return conflict("NOT_CANCELLED", "a subscription is cancelled before it is deleted",
                    "/data/subscriptionId");
  }
  return {};
}

Result<void> check_fact(const FactChecker& checker, const SupportPlanPurchased& fact) {
  if (checker.state().support_plan(fact.plan_id) != nullptr) {
    return already_exists("support plan", fact.plan_id.text(), "/data/planId");
  }
  LEDGER_TRY(const Subscription* subscription, living_subscription(checker, fact.subscription_id));
  if (subscription->support_plan_id) {
    return already_exists("support plan of the subscription", fact.subscription_id.text(),
                          "/data/subscriptionId");
  }
  LEDGER_TRY(const Account* account, open_account(checker, subscription->account_id));
  const Profile* profile =
      subscription->profile_id ? checker.profile(*subscription->profile_id) : nullptr;
  const Currency currency = profile != nullptr ? profile->currency : account->currency;
  if (fact.price.currency != currency) {
    return rejected("CURRENCY_MISMATCH",
                    "documents of this subscription are in " + std::string(currency.text()),
                    "/data/price/currency");
  }
  if (fact.price.minor_units <= 0) {
    return rejected("INVALID_AMOUNT", "the price of a term is more than nothing",
                    "/data/price/amount");
  }
  return {};
}

Result<void> check_fact(const FactChecker& checker, const SupportPlanCancelled& fact) {
  const SupportPlan* plan = checker.state().support_plan(fact.plan_id);
  if (plan == nullptr || checker.account(plan->account_id) == nullptr) {
    return unknown_reference("support plan", fact.plan_id.text(), "/data/planId");
  }
  return {};
}

}  // namespace daybook
