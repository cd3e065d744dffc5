#include <algorithm>
#include <set>
#include <string>

#include "ledger/domain/facts/account.h"
#include "ledger/domain/facts/subscription.h"
#include "ledger/domain/rules/exchange.h"
#include "ledger/domain/rules/fact_checker.h"
#include "ledger/domain/rules/moving.h"
#include "ledger/domain/rules/offers.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

constexpr std::string_view kSubscription = "/data/subscriptionId";

Result<const Subscription*> living(const FactChecker& checker, const SubscriptionId& id) {
  const Subscription* subscription = checker.subscription(id);
  if (subscription == nullptr) return unknown_reference("subscription", id.text(), kSubscription);
  if (subscription->status == SubscriptionStatus::Deleted) {
    return conflict("SUBSCRIPTION_DELETED", "the subscription is deleted; it cannot move any more",
                    std::string(kSubscription));
  }
  return subscription;
}

tl::unexpected<Error> account_closed(std::string_view pointer) {
  return conflict("ACCOUNT_CLOSED", "the account is closed; nothing new begins under it",
                  std::string(pointer));
}

tl::unexpected<Error> too_early(Date earliest, std::string_view why, std::string_view pointer) {
  return rejected("INVALID_TIME",
                  "the first day at the new place is " + earliest.text() +
                      " at the earliest: " + std::string(why),
                  std::string(pointer));
}

/// Whether nothing is billed yet of the days from `first` on, where it is and where it goes.
Result<void> check_first_day(const FactChecker& checker, const Subscription& subscription,
                             Date first, const std::optional<ScopeRef>& destination,
                             std::string_view pointer) {
  const StateReader& state = checker.state();
  if (first < subscription.first_day())
    return too_early(subscription.first_day(), "before that it was not where it is", pointer);
  Date billed = billed_until(state, subscription);
  if (destination) billed = std::max(billed, billed_until(state, *destination));
  if (first < billed) return too_early(billed, "what is before stands on documents", pointer);
  return {};
}

/// Whether what the subscription brings along can be billed in the currency of the place (decision 0076).
Result<void> check_currency(const FactChecker& checker, const Subscription& subscription, Date first,
                            const Account& account, const Placement& placement, std::string_view pointer) {
  const Profile* profile = profile_of(checker, placement);
  const Currency currency = profile != nullptr ? profile->currency : account.currency;
  const StateReader& state = checker.state();
  LEDGER_CHECK(check_charges_in(state, subscription, first, currency, pointer));
  const bool takes_credit = account.type == AccountType::MOSP;
  return takes_credit ? check_credit_in(state, subscription, first, currency, pointer) : Result<void>();
}

/// The profile or enrollment that a place lies in; nothing under MOSP.
std::optional<ScopeRef> scope_of(const FactChecker& checker, const Placement& placement) {
  if (placement.enrollment_account_id) {
    const Enrollment* enrollment = checker.enrollment_of(*placement.enrollment_account_id);
    return enrollment != nullptr ? std::optional(ScopeRef(enrollment->enrollment_id))
                                 : std::nullopt;
  }
  const Profile* profile = profile_of(checker, placement);
  return profile != nullptr ? std::optional(ScopeRef(profile->profile_id)) : std::nullopt;
}

/// The id of the section, profile or enrollment account in which it lies; empty under MOSP.
std::string place_name(const Account& account, const Subscription& subscription) {
  if (account.type == AccountType::MCA && subscription.invoice_section_id)
    return subscription.invoice_section_id->text();
  if (account.type == AccountType::MPA && subscription.profile_id)
    return subscription.profile_id->text();
  if (account.type == AccountType::EA && subscription.enrollment_account_id)
    return subscription.enrollment_account_id->text();
  return {};
}

/// The refusals of a place in a SubscriptionMoved point at the scope that names it.
Result<void> pointing_to_scope(Result<void> checked) {
  if (!checked) checked.error().pointer = "/data/toScope";
  return checked;
}

}  // namespace

Result<void> check_fact(const FactChecker& checker, const SubscriptionMoved& fact) {
  LEDGER_TRY(const Subscription* subscription, living(checker, fact.subscription_id));
  const Account& account = *checker.account(subscription->account_id);
  if (account.status == AccountStatus::Closed) return account_closed(kSubscription);
  const std::string from = place_name(account, *subscription);
  if (from.empty() || fact.from_scope.text() != from) {
    return unknown_reference("place where the subscription lies", fact.from_scope.text(),
                             "/data/fromScope");
  }
  if (fact.to_scope == fact.from_scope) {
    return rejected("INVALID_FIELD", "toScope names the place where the subscription lies already",
                    "/data/toScope");
  }
  const Placement placement = named_by(account, fact.to_scope);
  LEDGER_CHECK(pointing_to_scope(check_placement(checker, placement, account)));
  LEDGER_CHECK(check_first_day(checker, *subscription, fact.effective_date,
                               scope_of(checker, placement), "/data/effectiveDate"));
  return check_currency(checker, *subscription, fact.effective_date, account, placement, "/data/toScope");
}

Result<void> check_fact(const FactChecker& checker, const SubscriptionBillingTransferred& fact) {
  LEDGER_TRY(const Subscription* subscription, living(checker, fact.subscription_id));
  if (subscription->account_id != fact.from_account) {
    return unknown_reference("account that is billed for the subscription",
                             fact.from_account.text(), "/data/fromAccount");
  }
  const Account* account = checker.account(fact.to_account);
  if (account == nullptr)
    return unknown_reference("account", fact.to_account.text(), "/data/toAccount");
  if (account->status == AccountStatus::Closed) return account_closed("/data/toAccount");
  if (fact.to_account == fact.from_account) {
    return rejected("INVALID_FIELD", "a transfer leads to another account; post SubscriptionMoved",
                    "/data/toAccount");
  }
  if (subscription->status == SubscriptionStatus::Disabled ||
      subscription->status == SubscriptionStatus::Expired) {
    if (subscription->status_reason == SuspensionReason::PastDue) {
      return conflict("BALANCE_OUTSTANDING",
                      "the subscription is disabled for non-payment; its balance is settled before "
                      "it is transferred",
                      std::string(kSubscription));
    }
    return rejected("NOT_SUPPORTED",
                    "a disabled subscription is not transferred; reactivate it first",
                    std::string(kSubscription));
  }
  if (offer_of(checker.state(), subscription->offer_id).kind == OfferKind::PrepaidKey) {
    return rejected("NOT_SUPPORTED", "what was bought with a prepaid key stays with its account",
                    std::string(kSubscription));
  }
  if (subscription->support_plan_id) {
    return rejected("NOT_SUPPORTED",
                    "a support plan stays with its account; cancel it, and buy one in the other",
                    std::string(kSubscription));
  }
  const Placement placement{fact.invoice_section_id, fact.profile_id, fact.enrollment_account_id};
  LEDGER_CHECK(check_placement(checker, placement, *account));
  const Date first = fact.accepted_on.plus_days(1);
  LEDGER_CHECK(check_first_day(checker, *subscription, first, scope_of(checker, placement),
                               "/data/acceptedOn"));
  return check_currency(checker, *subscription, first, *account, placement, "/data/toAccount");
}

namespace {

/// The profiles that an upgrade makes are new, and hold every subscription that lives once.
Result<void> check_created(const FactChecker& checker, const BillingAccountUpgraded& fact) {
  const StateReader& state = checker.state();
  std::set<std::string> profiles;
  std::set<std::string> sections;
  std::set<std::string> placed;
  for (std::size_t i = 0; i < fact.created_profiles.size(); ++i) {
    const CreatedProfile& created = fact.created_profiles[i];
    const std::string pointer = "/data/createdProfiles/" + std::to_string(i);
    const std::string& profile = created.profile_id.text();
    const std::string& section = created.section_id.text();
    if (state.profile(created.profile_id) != nullptr ||
        state.section(SectionId(profile)) != nullptr || !profiles.insert(profile).second) {
      return already_exists("billing profile", profile, pointer + "/profileId");
    }
    const bool is_taken = section != profile && (state.profile(ProfileId(section)) != nullptr ||
                                                 state.section(created.section_id) != nullptr);
    if (is_taken || !sections.insert(section).second)
      return already_exists("invoice section", section, pointer + "/sectionId");
    for (std::size_t k = 0; k < created.subscription_ids.size(); ++k) {
      const SubscriptionId& id = created.subscription_ids[k];
      const std::string at = pointer + "/subscriptionIds/" + std::to_string(k);
      const Subscription* subscription = checker.subscription(id);
      if (subscription == nullptr || subscription->account_id != fact.account_id)
        return unknown_reference("subscription of the account with the id", id.text(), at);
      if (!placed.insert(id.text()).second) {
        return rejected("INVALID_FIELD", "a subscription lies in one profile alone", at);
      }
    }
  }
  for (const std::string& id : state.subscriptions_of(fact.account_id)) {
    const Subscription* subscription = state.find<Subscription>(id);
    if (subscription == nullptr || subscription->status == SubscriptionStatus::Deleted) continue;
    if (!placed.contains(id)) {
      return rejected("INVALID_FIELD",
                      "subscription '" + id + "' is in none of the profiles; name it in one",
                      "/data/createdProfiles");
    }
    LEDGER_CHECK(check_first_day(checker, *subscription, fact.effective_date.plus_days(1),
                                 std::nullopt, "/data/effectiveDate"));
  }
  return {};
}

}  // namespace

Result<void> check_fact(const FactChecker& checker, const BillingAccountUpgraded& fact) {
  const Account* account = checker.account(fact.account_id);
  if (account == nullptr)
    return unknown_reference("account", fact.account_id.text(), "/data/accountId");
  if (account->status == AccountStatus::Closed) return account_closed("/data/accountId");
  if (fact.from_type != account->type) {
    return rejected("INVALID_FIELD",
                    "the account is of type " + std::string(wire_name(account->type)),
                    "/data/fromType");
  }
  const bool is_known =
      (fact.from_type == AccountType::MOSP || fact.from_type == AccountType::EA) &&
      fact.to_type == AccountType::MCA;
  if (!is_known) {
    return rejected("INVALID_FIELD", "an upgrade leads from MOSP or EA to MCA", "/data/toType");
  }
  if (fact.effective_date < account->created_on) {
    return rejected("INVALID_TIME", "effectiveDate is before the account began",
                    "/data/effectiveDate");
  }
  for (const std::string& id : checker.state().enrollments_of(fact.account_id)) {
    const Date billed = billed_until(checker.state(), ScopeRef(ScopeType::Enrollment, id));
    if (fact.effective_date.plus_days(1) < billed)
      return too_early(billed, "what is before stands on documents", "/data/effectiveDate");
  }
  return check_created(checker, fact);
}

Result<void> check_fact(const FactChecker& checker, const BillingAccountClosed& fact) {
  const Account* account = checker.account(fact.account_id);
  if (account == nullptr)
    return unknown_reference("account", fact.account_id.text(), "/data/accountId");
  if (account->status == AccountStatus::Closed) return account_closed("/data/accountId");
  return {};
}

}  // namespace daybook
