#include "ledger/domain/rules/check_charges.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

Result<void> positive(const std::optional<Money>& amount, std::string_view pointer) {
  if (!amount || amount->minor_units > 0) return {};
  return rejected("INVALID_AMOUNT", "a credit is more than nothing", std::string(pointer));
}

Result<const Subscription*> own_subscription(const FactChecker& checker, const SubscriptionId& id,
                                             std::string_view pointer) {
  const Subscription* subscription = checker.subscription(id);
  if (subscription == nullptr) return unknown_reference("subscription", id.text(), pointer);
  if (subscription->status == SubscriptionStatus::Deleted) {
    return conflict("SUBSCRIPTION_DELETED", "the subscription is deleted", std::string(pointer));
  }
  return subscription;
}

/// The currency of the documents that credit of the scope covers.
Result<Currency> currency_of_credit(const FactChecker& checker, const ScopeRef& scope) {
  if (scope.type == ScopeType::Profile) {
    const Profile* profile = checker.profile(ProfileId(scope.id));
    if (profile == nullptr) return unknown_reference("billing profile", scope.id, "/data/scopeId");
    return profile->currency;
  }
  if (scope.type == ScopeType::Enrollment) {
    const Enrollment* enrollment = checker.state().enrollment(EnrollmentId(scope.id));
    const Account* account = checker.account_of(scope);
    if (enrollment == nullptr || account == nullptr)
      return unknown_reference("enrollment", scope.id, "/data/scopeId");
    return account->currency;
  }
  if (scope.type != ScopeType::Subscription) {
    return rejected("INVALID_FIELD",
                    "credit is granted to a Subscription (MOSP), a Profile or an Enrollment",
                    "/data/scopeType");
  }
  LEDGER_TRY(const Subscription* subscription,
             own_subscription(checker, SubscriptionId(scope.id), "/data/scopeId"));
  const Account* account = checker.account(subscription->account_id);
  if (account->type != AccountType::MOSP) {
    return rejected("INVALID_FIELD",
                    "this subscription is billed on another document; grant the credit to that "
                    "document's scope, its Profile or Enrollment",
                    "/data/scopeType");
  }
  return account->currency;
}

}  // namespace

Result<void> check_fact(const FactChecker& checker, const OfferDefined& fact) {
  if (checker.is_bound()) {
    return failed(ErrorKind::Forbidden, "FORBIDDEN",
                  "offers are the provider's; define them with a key bound to no tenant", "/type");
  }
  LEDGER_CHECK(positive(fact.monthly_credit, "/data/monthlyCredit/amount"));
  LEDGER_CHECK(positive(fact.trial_credit, "/data/trialCredit/amount"));
  if (fact.trial_days && (*fact.trial_days < 1 || *fact.trial_days > 3650)) {
    return rejected("INVALID_FIELD", "a trial lasts 1 to 3650 days", "/data/trialDays");
  }
  if (fact.url && !fact.url->starts_with("https://") && !fact.url->starts_with("http://")) {
    return rejected("INVALID_FIELD", "the address of a page begins with https:// or http://", "/data/url");
  }
  return {};
}

Result<void> check_fact(const FactChecker& checker, const CreditGranted& fact) {
  const ScopeRef scope(fact.scope_type, fact.scope_id.text());
  if (checker.state().find<CreditLot>(fact.lot_id.text()) != nullptr) {
    return already_exists("credit lot", fact.lot_id.text(), "/data/lotId");
  }
  LEDGER_TRY(const Currency currency, currency_of_credit(checker, scope));
  if (fact.amount.currency != currency) {
    return rejected("CURRENCY_MISMATCH",
                    "documents of this scope are in " + std::string(currency.text()),
                    "/data/amount/currency");
  }
  LEDGER_CHECK(positive(fact.amount, "/data/amount/amount"));
  if (fact.expires_on && *fact.expires_on <= fact.start_on) {
    return rejected("EXPIRED_LOT", "the lot would expire before it covers a day; expiresOn is the "
                    "first day without it",
                    "/data/expiresOn");
  }
  return {};
}

Result<void> check_fact(const FactChecker& checker, const CreditAdjusted& fact) {
  const CreditLot* lot = checker.state().find<CreditLot>(fact.lot_id.text());
  if (lot == nullptr || checker.account_of(lot->scope) == nullptr)
    return unknown_reference("credit lot", fact.lot_id.text(), "/data/lotId");
  const Currency currency = lot->original.currency;
  if (fact.amount.currency != currency) {
    return rejected("CURRENCY_MISMATCH", "the lot is in " + std::string(currency.text()),
                    "/data/amount/currency");
  }
  if (fact.amount.minor_units == 0) {
    return rejected("INVALID_AMOUNT", "an adjustment adds or takes something",
                    "/data/amount/amount");
  }
  if (lot->is_expired || (lot->expires_on && *lot->expires_on <= checker.day())) {
    return rejected("EXPIRED_LOT", "the lot has expired; grant another one", "/data/lotId");
  }
  const Money left{lot->left_minor, currency};
  const Result<Money> after = add(left, fact.amount);
  if (!after || after->minor_units < 0) {
    return rejected("AMOUNT_OUT_OF_RANGE",
                    "the lot has " + left.amount_text() + " left; take no more than that",
                    "/data/amount/amount");
  }
  return {};
}

Result<void> check_fact(const FactChecker& checker, const SpendingLimitRemoved& fact) {
  LEDGER_CHECK(own_subscription(checker, fact.subscription_id, "/data/subscriptionId"));
  return {};
}

Result<void> check_fact(const FactChecker& checker, const SpendingLimitRestored& fact) {
  LEDGER_CHECK(own_subscription(checker, fact.subscription_id, "/data/subscriptionId"));
  return {};
}

Result<void> check_fact(const FactChecker& checker, const OfferUpgraded& fact) {
  LEDGER_TRY(const Subscription* subscription,
             own_subscription(checker, fact.subscription_id, "/data/subscriptionId"));
  if (subscription->offer_id != fact.from_offer) {
    return unknown_reference("offer of the subscription with the id", fact.from_offer.text(), "/data/fromOffer");
  }
  return {};
}

}  // namespace daybook
