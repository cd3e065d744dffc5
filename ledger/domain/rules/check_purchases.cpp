#include "ledger/domain/rules/check_charges.h"
#include "ledger/domain/rules/exchange.h"
#include "ledger/domain/rules/placed.h"
#include "ledger/domain/rules/purchase.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

Result<void> open_account(const FactChecker& checker, const AccountId& id,
                          std::string_view pointer) {
  const Account* account = checker.account(id);
  if (account != nullptr && account->status != AccountStatus::Closed) return {};
  return conflict("ACCOUNT_CLOSED", "the account is closed; nothing new begins under it",
                  std::string(pointer));
}

/// The currency of the documents on which charges of the subscription dated `day` stand: where it lay by then.
Result<Currency> currency_of(const FactChecker& checker, const SubscriptionId& id, Date day) {
  const Subscription* subscription = checker.subscription(id);
  if (subscription == nullptr)
    return unknown_reference("subscription", id.text(), "/data/subscriptionId");
  if (subscription->status == SubscriptionStatus::Deleted) {
    return conflict("SUBSCRIPTION_DELETED", "the subscription is deleted", "/data/subscriptionId");
  }
  LEDGER_CHECK(open_account(checker, subscription->account_id, "/data/subscriptionId"));
  return document_currency(checker.state(), subscription_on(*subscription, day));
}

/// Whether an amount has a worth on all documents on which its subscription stands from `day` on.
Result<void> check_worth(const FactChecker& checker, const std::optional<SubscriptionId>& id, Currency own, Date day) {
  const Subscription* subscription = id ? checker.state().subscription(*id) : nullptr;
  if (subscription == nullptr) return {};
  for (std::int32_t n = 0; n <= subscription->place(); ++n) {
    const Subscription there = subscription_at(*subscription, n);
    if (n < subscription->place() && subscription->earlier[static_cast<std::size_t>(n)].until <= day) continue;
    const Currency currency = document_currency(checker.state(), there);
    if (!can_exchange(checker.state(), own, currency)) return no_rate(own, currency, "/data/amount/currency");
  }
  return {};
}

Result<Currency> currency_of(const FactChecker& checker, const ProfileId& id) {
  const Profile* profile = checker.profile(id);
  if (profile == nullptr) return unknown_reference("billing profile", id.text(), "/data/profileId");
  LEDGER_CHECK(open_account(checker, profile->account_id, "/data/profileId"));
  return profile->currency;
}

/// What an enrollment may buy (domain.md 9.3).
Result<void> check_policy(const Enrollment* enrollment, PurchaseKind kind) {
  if (enrollment == nullptr) return {};
  if (kind == PurchaseKind::Marketplace && !enrollment->marketplace_enabled) {
    return rejected("POLICY_DISABLED",
                    "Marketplace purchases are off for this enrollment; SetEnrollmentPolicy "
                    "marketplaceEnabled turns them on",
                    "/data");
  }
  if (kind == PurchaseKind::Reservation && !enrollment->reserved_instances_enabled) {
    return rejected("POLICY_DISABLED",
                    "reservations are off for this enrollment; SetEnrollmentPolicy "
                    "reservedInstancesEnabled turns them on",
                    "/data");
  }
  return {};
}

const Enrollment* enrollment_of(const FactChecker& checker, const SubscriptionId& id) {
  const Subscription* subscription = checker.subscription(id);
  return subscription != nullptr && subscription->enrollment_id
             ? checker.state().enrollment(*subscription->enrollment_id)
             : nullptr;
}

Result<Currency> currency_of(const FactChecker& checker, const EnrollmentId& id) {
  const Enrollment* enrollment = checker.state().enrollment(id);
  const Account* account = checker.account_of(ScopeRef(id));
  if (enrollment == nullptr || account == nullptr)
    return unknown_reference("enrollment", id.text(), "/data/enrollmentId");
  LEDGER_CHECK(open_account(checker, account->account_id, "/data/enrollmentId"));
  return account->currency;
}

Result<Currency> currency_of(const FactChecker& checker, const PurchaseCharged& fact) {
  if (fact.subscription_id) return currency_of(checker, *fact.subscription_id, fact.purchased_on.value_or(checker.day()));
  if (fact.profile_id) return currency_of(checker, *fact.profile_id);
  return currency_of(checker, *fact.enrollment_id);
}

Result<void> check_amount(const Money& amount, Currency currency) {
  if (amount.currency != currency) {
    return rejected("CURRENCY_MISMATCH",
                    "documents of this scope are in " + std::string(currency.text()),
                    "/data/amount/currency");
  }
  if (amount.minor_units <= 0) {
    return rejected("INVALID_AMOUNT", "an amount charged or given back is more than nothing",
                    "/data/amount/amount");
  }
  return {};
}

}  // namespace

Result<void> check_fact(const FactChecker& checker, const PurchaseCharged& fact) {
  if (checker.state().find<Purchase>(fact.charge_id.text()) != nullptr) {
    return already_exists("charge", fact.charge_id.text(), "/data/chargeId");
  }
  const int named = (fact.subscription_id ? 1 : 0) + (fact.profile_id ? 1 : 0) +
                    (fact.enrollment_id ? 1 : 0);
  if (named != 1) {
    return rejected("INVALID_FIELD",
                    "a purchase names one of subscriptionId, profileId and enrollmentId", "/data");
  }
  LEDGER_TRY(const Currency currency, currency_of(checker, fact));
  LEDGER_CHECK(check_policy(fact.subscription_id ? enrollment_of(checker, *fact.subscription_id)
                            : fact.enrollment_id ? checker.state().enrollment(*fact.enrollment_id)
                                                 : nullptr,
                            fact.kind));
  LEDGER_CHECK(check_amount(fact.amount, currency));
  if (fact.term_start && fact.term_end && *fact.term_end < *fact.term_start) {
    return rejected("INVALID_FIELD", "termEnd is the last day of the term, not before termStart",
                    "/data/termEnd");
  }
  return {};
}

Result<void> check_fact(const FactChecker& checker, const PurchaseRefunded& fact) {
  if (checker.state().find<Purchase>(fact.charge_id.text()) != nullptr) {
    return already_exists("charge", fact.charge_id.text(), "/data/chargeId");
  }
  const auto* original = checker.state().find<Purchase>(fact.original_charge_id.text());
  if (original == nullptr || original->refund_of ||
      checker.account(original->account_id) == nullptr) {
    return unknown_reference("purchase", fact.original_charge_id.text(), "/data/originalChargeId");
  }
  LEDGER_CHECK(check_amount(fact.amount, original->amount.currency));
  const std::int64_t left = original->amount.minor_units - original->refunded_minor;
  if (fact.amount.minor_units > left) {
    return rejected("AMOUNT_OUT_OF_RANGE",
                    "of this purchase " + Money{left, fact.amount.currency}.amount_text() +
                        " can still be given back",
                    "/data/amount/amount");
  }
  return check_worth(checker, original->subscription_id, fact.amount.currency,
                     fact.refunded_on.value_or(checker.day()));
}

Result<void> check_fact(const FactChecker& checker, const ReservationPurchased& fact) {
  if (checker.state().find<Reservation>(fact.reservation_id.text()) != nullptr) {
    return already_exists("reservation", fact.reservation_id.text(), "/data/reservationId");
  }
  LEDGER_TRY(const Currency currency, currency_of(checker, fact.subscription_id, fact.purchased_on.value_or(checker.day())));
  LEDGER_CHECK(check_policy(enrollment_of(checker, fact.subscription_id),
                            PurchaseKind::Reservation));
  LEDGER_CHECK(check_amount(fact.amount, currency));
  if (fact.term_months < 1 || fact.term_months > 120) {
    return rejected("INVALID_FIELD", "a term is 1 to 120 months", "/data/termMonths");
  }
  return check_worth(checker, fact.subscription_id, currency, fact.purchased_on.value_or(checker.day()));
}

}  // namespace daybook
