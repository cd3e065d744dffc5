#include "ledger/domain/rules/fold.h"

#include <algorithm>
#include <set>

#include "ledger/domain/facts/usage.h"
#include "ledger/domain/rules/dunning.h"
#include "ledger/domain/rules/fold_agreements.h"
#include "ledger/domain/rules/fold_documents.h"
#include "ledger/domain/rules/invoice_day.h"

namespace daybook {
namespace {

// Accounts, profiles, sections, customers

void fold_event(StateStore& store, const BillingAccountOpened& event, const Occurrence& at) {
  apply(store.edit<Account>(event.account_id.text()), event, at);
  const ScopeRef scope(event.account_id);
  store.link(Relation::AllAccounts, {}, event.account_id.text());
  store.link(Relation::ScopesOfIdentity, event.signed_up_by.text(), scope.text());
  if (event.type == AccountType::MOSP) return;
  Access& access = store.edit<Access>(scope.text());
  access.scope = scope;
  if (!access.holds(event.signed_up_by, Role::Owner))
    access.roles.push_back({event.signed_up_by, Role::Owner});
}

void fold_event(StateStore& store, const AccountAdministratorChanged& event, const Occurrence& at) {
  Account& account = store.edit<Account>(event.account_id.text());
  const ScopeRef scope(event.account_id);
  const Access* access = store.access(scope);
  if (access == nullptr || !access->holds_any(account.administrator)) {
    store.unlink(Relation::ScopesOfIdentity, account.administrator.text(), scope.text());
  }
  apply(account, event, at);
  store.link(Relation::ScopesOfIdentity, event.identity_id.text(), scope.text());
}

template <class Event>
void fold_account(StateStore& store, const Event& event, const Occurrence& at) {
  apply(store.edit<Account>(event.account_id.text()), event, at);
}
void fold_event(StateStore& store, const AssociatedTenantAdded& event, const Occurrence& at) {
  fold_account(store, event, at);
}
void fold_event(StateStore& store, const AssociatedTenantRemoved& event, const Occurrence& at) {
  fold_account(store, event, at);
}
void fold_event(StateStore& store, const SoldToChanged& event, const Occurrence& at) {
  fold_account(store, event, at);
}
void fold_event(StateStore& store, const TaxIdChanged& event, const Occurrence& at) {
  fold_account(store, event, at);
}
void fold_event(StateStore& store, const BillingAccountClosed& event, const Occurrence& at) {
  fold_account(store, event, at);
}

void fold_event(StateStore& store, const CustomerRegistered& event, const Occurrence& at) {
  apply(store.edit<Customer>(event.customer_id.text()), event, at);
  store.link(Relation::CustomersOfAccount, event.account_id.text(), event.customer_id.text());
}

void fold_event(StateStore& store, const BillingProfileCreated& event, const Occurrence& at) {
  Profile& profile = store.edit<Profile>(event.profile_id.text());
  apply(profile, event, at);
  if (const Account* account = store.account(event.account_id)) {
    if (!event.invoice_day) profile.invoice_day = default_invoice_day(*account, store.policies());
    if (!event.payment_term_days)
      profile.payment_term_days = default_payment_term_days(account->type);
    profile.created_on = std::max(profile.created_on, account->created_on);
    profile.holds_from = profile.created_on;
  }
  store.link(Relation::ProfilesOfAccount, event.account_id.text(), event.profile_id.text());
}

template <class Event>
void fold_profile(StateStore& store, const Event& event, const Occurrence& at) {
  apply(store.edit<Profile>(event.profile_id.text()), event, at);
}
void fold_event(StateStore& store, const BillToChanged& event, const Occurrence& at) {
  fold_profile(store, event, at);
}
void fold_event(StateStore& store, const PoNumberChanged& event, const Occurrence& at) {
  fold_profile(store, event, at);
}
void fold_event(StateStore& store, const BillingProfileStatusChanged& event, const Occurrence& at) {
  fold_profile(store, event, at);
}

void fold_event(StateStore& store, const InvoiceSectionCreated& event, const Occurrence& at) {
  apply(store.edit<Section>(event.section_id.text()), event, at);
  store.link(Relation::SectionsOfProfile, event.profile_id.text(), event.section_id.text());
}
void fold_event(StateStore& store, const InvoiceSectionRenamed& event, const Occurrence& at) {
  apply(store.edit<Section>(event.section_id.text()), event, at);
}

// Subscriptions, support plans, payment methods

void use_method(StateStore& store, Subscription& subscription, const MethodId& method) {
  if (subscription.payment_method_id) {
    store.unlink(Relation::SubscriptionsOnMethod, subscription.payment_method_id->text(),
                 subscription.subscription_id.text());
  }
  subscription.payment_method_id = method;
  store.link(Relation::SubscriptionsOnMethod, method.text(), subscription.subscription_id.text());
}

void hold_from(StateStore& store, const ProfileId& profile_id, Date day) {
  if (store.profile(profile_id) == nullptr) return;
  Profile& profile = store.edit<Profile>(profile_id.text());
  profile.holds_from = std::min(profile.holds_from, day);
}

void fold_event(StateStore& store, const SubscriptionCreated& event, const Occurrence& at) {
  const std::string& id = event.subscription_id.text();
  Subscription& subscription = store.edit<Subscription>(id);
  apply(subscription, event, at);
  if (subscription.invoice_section_id && !subscription.profile_id) {
    const Section* section = store.section(*subscription.invoice_section_id);
    // A profile without a section has the section of its own id.
    subscription.profile_id = section != nullptr
                                  ? section->profile_id
                                  : ProfileId(subscription.invoice_section_id->text());
  }
  store.link(Relation::SubscriptionsOfAccount, event.account_id.text(), id);
  if (subscription.profile_id) {
    store.link(Relation::SubscriptionsOfProfile, subscription.profile_id->text(), id);
    hold_from(store, *subscription.profile_id, subscription.created_on);
  }
  if (event.payment_method_id) {
    store.link(Relation::SubscriptionsOnMethod, event.payment_method_id->text(), id);
  }
  if (event.enrollment_account_id) {
    if (const Enrollment* enrollment = store.enrollment_of(*event.enrollment_account_id)) {
      subscription.enrollment_id = enrollment->enrollment_id;
      store.link(Relation::SubscriptionsOfEnrollment, enrollment->enrollment_id.text(), id);
    }
  }
}

template <class Event>
void fold_subscription(StateStore& store, const Event& event, const Occurrence& at) {
  apply(store.edit<Subscription>(event.subscription_id.text()), event, at);
}
void fold_event(StateStore& store, const SubscriptionCancelled& event, const Occurrence& at) {
  fold_subscription(store, event, at);
}
void fold_event(StateStore& store, const SubscriptionReactivated& event, const Occurrence& at) {
  fold_subscription(store, event, at);
}
void fold_event(StateStore& store, const SubscriptionDeleted& event, const Occurrence& at) {
  fold_subscription(store, event, at);
}
void fold_event(StateStore& store, const SubscriptionBecamePastDue& event, const Occurrence& at) {
  fold_subscription(store, event, at);
}
void fold_event(StateStore& store, const SubscriptionWarned& event, const Occurrence& at) {
  fold_subscription(store, event, at);
  if (store.policies().word("subscription.warned") == "usable") return;  // CF-12
  store.edit<Subscription>(event.subscription_id.text()).stop_charging_after(event.effective_on);
}
void fold_event(StateStore& store, const SubscriptionDisabled& event, const Occurrence& at) {
  fold_subscription(store, event, at);
}
void fold_event(StateStore& store, const SubscriptionReenabled& event, const Occurrence& at) {
  fold_subscription(store, event, at);
}
void fold_event(StateStore& store, const SubscriptionExpired& event, const Occurrence& at) {
  fold_subscription(store, event, at);
}

void fold_event(StateStore& store, const SupportPlanPurchased& event, const Occurrence& at) {
  SupportPlan& plan = store.edit<SupportPlan>(event.plan_id.text());
  apply(plan, event, at);
  if (store.subscription(event.subscription_id) == nullptr) return;
  Subscription& subscription = store.edit<Subscription>(event.subscription_id.text());
  subscription.support_plan_id = event.plan_id;
  plan.account_id = subscription.account_id;
  plan.profile_id = subscription.profile_id;
  store.link(Relation::SupportPlansOfAccount, plan.account_id.text(), event.plan_id.text());
  if (plan.profile_id) hold_from(store, *plan.profile_id, plan.purchased_on);
}
void fold_event(StateStore& store, const SupportPlanCancelled& event, const Occurrence& at) {
  apply(store.edit<SupportPlan>(event.plan_id.text()), event, at);
}

void fold_event(StateStore& store, const PaymentMethodAdded& event, const Occurrence& at) {
  apply(store.edit<PaymentMethod>(event.method_id.text()), event, at);
  store.link(Relation::MethodsOfAccount, event.account_id.text(), event.method_id.text());
  for (const SubscriptionId& id : event.shared_by_subscriptions) {
    if (store.subscription(id) != nullptr)
      use_method(store, store.edit<Subscription>(id.text()), event.method_id);
  }
}

void fold_event(StateStore& store, const PaymentMethodDetached& event, const Occurrence&) {
  Subscription& subscription = store.edit<Subscription>(event.subscription_id.text());
  store.unlink(Relation::SubscriptionsOnMethod, event.method_id.text(),
               event.subscription_id.text());
  if (subscription.payment_method_id == event.method_id) subscription.payment_method_id.reset();
}

void fold_event(StateStore& store, const PaymentMethodRemoved& event, const Occurrence&) {
  PaymentMethod& method = store.edit<PaymentMethod>(event.method_id.text());
  method.removed = true;
  Account& account = store.edit<Account>(method.account_id.text());
  if (account.default_method == event.method_id) account.default_method.reset();
}

/// The method is the default of every subscription that used a declined one (PAY-7).
void fold_event(StateStore& store, const BalanceSettled& event, const Occurrence&) {
  std::set<std::string> moved;
  for (const InvoiceId& id : event.invoice_ids) {
    const Invoice* invoice = store.invoice(id);
    if (invoice == nullptr) continue;
    moved.merge(subscriptions_paid_like(store, *invoice));
    const Account& account = *store.account(event.account_id);
    if (account.default_method && account.default_method == card_of(*invoice))
      store.edit<Account>(event.account_id.text()).default_method = event.new_default_method_id;
  }
  for (const std::string& id : moved) {
    if (store.find<Subscription>(id) != nullptr)
      use_method(store, store.edit<Subscription>(id), event.new_default_method_id);
  }
}

void fold_event(StateStore& store, const PaymentMethodMadeDefault& event, const Occurrence&) {
  const std::string& id = event.scope_id.text();
  if (event.scope_type == ScopeType::Account) {
    store.edit<Account>(id).default_method = event.method_id;
  } else if (event.scope_type == ScopeType::Profile) {
    store.edit<Profile>(id).default_payment_method = event.method_id;
  } else if (event.scope_type == ScopeType::Subscription) {
    Subscription& subscription = store.edit<Subscription>(id);
    // Subscriptions that share a card change it together and stay together (domain.md 1.2).
    std::vector<std::string> sharing = {id};
    if (subscription.payment_method_id)
      sharing = store.subscriptions_on(*subscription.payment_method_id);
    for (const std::string& other : sharing)
      use_method(store, store.edit<Subscription>(other), event.method_id);
  }
}

// Prices

void fold_event(StateStore& store, const PriceChanged& event, const Occurrence& at) {
  apply(store.edit<MeterPrices>(event.meter_id.text()), event, at);
  store.link(Relation::AllMeters, {}, event.meter_id.text());
}
void fold_event(StateStore& store, const TaxRateChanged& event, const Occurrence& at) {
  apply(store.edit<TaxRates>(event.country), event, at);
}
void fold_event(StateStore& store, const ExchangeRateChanged& event, const Occurrence& at) {
  apply(store.edit<ExchangeRates>(event.stream_id()), event, at);
}

void fold_event(StateStore& store, const DiscountGranted& event, const Occurrence& at) {
  Discount& discount = store.edit<Discount>(event.discount_id.text());
  apply(discount, event, at);
  store.link(Relation::DiscountsOfScope, discount.scope ? discount.scope->text() : std::string(),
             event.discount_id.text());
}
void fold_event(StateStore& store, const DiscountEnded& event, const Occurrence& at) {
  apply(store.edit<Discount>(event.discount_id.text()), event, at);
}

// Periods and invoices

void remember(StateStore& store, const BilledThrough& billed,
              const std::vector<Position>& deferred) {
  const ScopeRef scope(billed.scope_type, billed.scope_id.text());
  apply(store.edit<BillingMark>(BillingMark::key(scope, billed.invoice_type)), billed, deferred);
}

void fold_event(StateStore& store, const PeriodClosedWithoutInvoice& event, const Occurrence&) {
  // Of an enrollment it is said of every subscription, and closes the enrollment's period.
  const Subscription* subscription = store.subscription(event.subscription_id);
  const ScopeRef scope = subscription != nullptr && subscription->enrollment_id
                             ? ScopeRef(*subscription->enrollment_id)
                             : ScopeRef(event.subscription_id);
  close_again(store, scope, event.invoice_type, event.period.start, std::nullopt);
  remember(
      store,
      {scope.type, ScopeId(scope.id), event.invoice_type, event.period.last_day(), event.position},
      event.deferred_positions);
  BilledPeriod& billed =
      store.edit<BilledPeriod>(BilledPeriod::key(scope, event.invoice_type, event.period.start));
  billed = {scope,        event.invoice_type, event.period,   event.position,
            std::nullopt, event.reason,       event.closed_on};
}

void set_open(StateStore& store, const Invoice& invoice) {
  const std::string& id = invoice.invoice_id.text();
  if (invoice.is_open()) {
    store.link(Relation::OpenInvoicesOfAccount, invoice.account_id.text(), id);
    store.link(Relation::OpenInvoicesOfScope, invoice.scope.text(), id);
  } else {
    store.unlink(Relation::OpenInvoicesOfAccount, invoice.account_id.text(), id);
    store.unlink(Relation::OpenInvoicesOfScope, invoice.scope.text(), id);
  }
}

void fold_event(StateStore& store, const InvoiceIssued& event, const Occurrence& at) {
  Invoice& invoice = store.edit<Invoice>(event.invoice_id.text());
  apply(invoice, event, at);
  if (invoice.is_open()) set_open(store, invoice);
  store.edit<InvoiceDocument>(event.invoice_id.text()).issued = event;
  for (const BilledThrough& billed : event.manifest.marks) {
    remember(store, billed, deferred_by(store, event, billed));
  }
  if (event.previous_invoice_id)
    close_again(store, invoice.scope, event.type, event.period.start, event.previous_invoice_id);
  BilledPeriod& billed =
      store.edit<BilledPeriod>(BilledPeriod::key(invoice.scope, event.type, event.period.start));
  billed = {invoice.scope,    event.type,   event.period,    event.manifest.position,
            event.invoice_id, std::nullopt, event.issue_date};
  if (const Enrollment* enrollment =
          event.enrollment_id ? store.enrollment(*event.enrollment_id) : nullptr;
      enrollment != nullptr && enrollment->recipients.empty()) {
    store.edit<Enrollment>(event.enrollment_id->text()).unsent.push_back(event.invoice_id);
  }
}

void fold_event(StateStore& store, const InvoiceLinesAdded& event, const Occurrence& at) {
  apply(store.edit<InvoiceLines>(event.invoice_id.text()), event, at);
}

template <class Event>
void fold_invoice(StateStore& store, const InvoiceId& id, const Event& event,
                  const Occurrence& at) {
  Invoice& invoice = store.edit<Invoice>(id.text());
  const bool was_open = invoice.is_open();
  apply(invoice, event, at);
  if (invoice.is_open() != was_open) set_open(store, invoice);
}
void fold_event(StateStore& store, const InvoicePaymentSucceeded& event, const Occurrence& at) {
  fold_invoice(store, event.invoice_id, event, at);
}
void fold_event(StateStore& store, const InvoicePaymentFailed& event, const Occurrence& at) {
  fold_invoice(store, event.invoice_id, event, at);
}
void fold_event(StateStore& store, const InvoicePaymentReversed& event, const Occurrence& at) {
  fold_invoice(store, event.invoice_id, event, at);
}
void fold_event(StateStore& store, const InvoiceBecamePastDue& event, const Occurrence& at) {
  fold_invoice(store, event.invoice_id, event, at);
}
void fold_event(StateStore& store, const InvoicePaid& event, const Occurrence& at) {
  fold_invoice(store, event.invoice_id, event, at);
}
void fold_event(StateStore& store, const InvoiceLocked& event, const Occurrence& at) {
  fold_invoice(store, event.invoice_id, event, at);
}
void fold_event(StateStore& store, const InvoiceUnlocked& event, const Occurrence& at) {
  fold_invoice(store, event.invoice_id, event, at);
}
void fold_event(StateStore& store, const CreditNoteIssued& event, const Occurrence& at) {
  store.edit<CreditNote>(event.credit_note_id.text()).issued = event;
  fold_invoice(store, event.credit_for_invoice_id, event, at);
}
void fold_event(StateStore& store, const InvoiceVoided& event, const Occurrence& at) {
  fold_invoice(store, event.invoice_id, event, at);
  reopen(store, event);
}
void fold_event(StateStore& store, const InvoiceRebilled& event, const Occurrence& at) {
  fold_invoice(store, event.invoice_id, event, at);
  Invoice& rebill = store.edit<Invoice>(event.new_invoice_id.text());
  for (const MovedPayment& moved : event.moved_payments) {
    rebill.payments.push_back({moved.payment_id, moved.amount.minor_units, 0, moved.received_on,
                               moved.method_family, moved.method_id});
  }
}

// Mail

template <class Event>
void fold_preference(StateStore& store, const Event& event, const Occurrence& at) {
  const ScopeRef scope(event.scope_type, event.scope_id.text());
  apply(store.edit<EmailPreference>(scope.text()), event, at);
}
void fold_event(StateStore& store, const EmailInvoiceTermsAccepted& event, const Occurrence& at) {
  fold_preference(store, event, at);
}
void fold_event(StateStore& store, const EmailInvoiceOptedIn& event, const Occurrence& at) {
  fold_preference(store, event, at);
}
void fold_event(StateStore& store, const EmailInvoiceOptedOut& event, const Occurrence& at) {
  fold_preference(store, event, at);
}
void fold_event(StateStore& store, const PreferredEmailChanged& event, const Occurrence& at) {
  fold_preference(store, event, at);
}
void fold_event(StateStore& store, const EmailRecipientAdded& event, const Occurrence& at) {
  fold_preference(store, event, at);
}
void fold_event(StateStore& store, const EmailRecipientRemoved& event, const Occurrence& at) {
  fold_preference(store, event, at);
}
void fold_event(StateStore& store, const InvoiceEmailQueued& event, const Occurrence& at) {
  apply(store.edit<InvoiceMails>(event.invoice_id.text()), event, at);
  if (event.scope_type != ScopeType::Enrollment) return;
  const Enrollment* enrollment = store.enrollment(EnrollmentId(event.scope_id.text()));
  if (enrollment == nullptr || enrollment->unsent.empty()) return;
  std::erase(store.edit<Enrollment>(event.scope_id.text()).unsent, event.invoice_id);
}
void fold_event(StateStore& store, const InvoiceEmailSent& event, const Occurrence& at) {
  apply(store.edit<InvoiceMails>(event.invoice_id.text()), event, at);
}
void fold_event(StateStore& store, const InvoiceEmailFailed& event, const Occurrence& at) {
  apply(store.edit<InvoiceMails>(event.invoice_id.text()), event, at);
}

// Access

void fold_event(StateStore& store, const InvoiceSharingEnabled& event, const Occurrence& at) {
  apply(store.edit<Access>(ScopeRef(event.subscription_id).text()), event, at);
}
void fold_event(StateStore& store, const InvoiceSharingDisabled& event, const Occurrence& at) {
  apply(store.edit<Access>(ScopeRef(event.subscription_id).text()), event, at);
}

void fold_event(StateStore& store, const RoleAssigned& event, const Occurrence& at) {
  const ScopeRef scope(event.scope_type, event.scope_id.text());
  apply(store.edit<Access>(scope.text()), event, at);
  store.link(Relation::ScopesOfIdentity, event.identity_id.text(), scope.text());
}

void fold_event(StateStore& store, const RoleRevoked& event, const Occurrence& at) {
  const ScopeRef scope(event.scope_type, event.scope_id.text());
  Access& access = store.edit<Access>(scope.text());
  apply(access, event, at);
  const Account* account =
      scope.type == ScopeType::Account ? store.account(AccountId(scope.id)) : nullptr;
  const bool administers = account != nullptr && account->type == AccountType::MOSP &&
                           account->administrator == event.identity_id;
  if (!administers && !access.holds_any(event.identity_id)) {
    store.unlink(Relation::ScopesOfIdentity, event.identity_id.text(), scope.text());
  }
}

void fold_event(StateStore& store, const IdentityLinked& event, const Occurrence& at) {
  apply(store.edit<Identity>(event.identity_id.text()), event, at);
  store.link(Relation::IdentitiesOfTenant, event.tenant_id.text(), event.identity_id.text());
}
void fold_event(StateStore& store, const EmailChanged& event, const Occurrence& at) {
  apply(store.edit<Identity>(event.identity_id.text()), event, at);
}

// Settings

void fold_event(StateStore& store, const PolicyChanged& event, const Occurrence& at) {
  apply(store.edit<Policies>(Policies::kKey), event, at);
}
void fold_event(StateStore& store, const KeyCreated& event, const Occurrence& at) {
  apply(store.edit<Key>(event.key_id.text()), event, at);
  store.link(Relation::AllKeys, {}, event.key_id.text());
}
void fold_event(StateStore& store, const KeyRevoked& event, const Occurrence& at) {
  apply(store.edit<Key>(event.key_id.text()), event, at);
}
void fold_event(StateStore& store, const ClockAdvanced& event, const Occurrence& at) {
  apply(store.edit<Clock>(Clock::kKey), event, at);
}

/// The events that change state. All others are kept in the log and folded elsewhere, or not at
/// all.
using Folded =
    TypeList<BillingAccountOpened, AssociatedTenantAdded, AssociatedTenantRemoved, SoldToChanged,
             TaxIdChanged, BillingAccountClosed, AccountAdministratorChanged, CustomerRegistered,
             CustomerCostVisibilityChanged, BillingProfileCreated, BillToChanged, PoNumberChanged, BillingProfileStatusChanged,
             InvoiceSectionCreated, InvoiceSectionRenamed, SubscriptionCreated,
             SubscriptionCancelled, SubscriptionReactivated, SubscriptionDeleted,
             SubscriptionBecamePastDue, SubscriptionWarned, SubscriptionDisabled,
             EnrollmentRegistered, DepartmentCreated, EnrollmentAccountAdded,
             AccountOwnerActivated, AccountOwnerChanged, EnrollmentBillingCycleChanged,
             EnrollmentRecipientAdded, EnrollmentRecipientRemoved, PoNumberUpdatedForPeriod,
             EnrollmentPolicyChanged, OverageNotificationSent, CreditGranted, CreditApplied,
             SubscriptionReenabled, SubscriptionExpired, SupportPlanPurchased, SupportPlanCancelled,
             PaymentMethodAdded, PaymentMethodMadeDefault, PaymentMethodDetached,
             PaymentMethodRemoved, BalanceSettled, PriceChanged, TaxRateChanged,
             ExchangeRateChanged, DiscountGranted, DiscountEnded, PeriodClosedWithoutInvoice,
             InvoiceIssued, InvoiceLinesAdded,
             InvoicePaymentSucceeded, InvoicePaymentFailed, InvoicePaymentReversed,
             InvoiceBecamePastDue, InvoicePaid, InvoiceLocked, InvoiceUnlocked, CreditNoteIssued,
             InvoiceVoided, InvoiceRebilled, EmailInvoiceTermsAccepted, EmailInvoiceOptedIn,
             EmailInvoiceOptedOut, PreferredEmailChanged, EmailRecipientAdded,
             EmailRecipientRemoved, InvoiceEmailQueued, InvoiceEmailSent, InvoiceEmailFailed,
             InvoiceSharingEnabled, InvoiceSharingDisabled, RoleAssigned, RoleRevoked, RoleInvited,
             RoleInvitationAccepted, RoleInvitationWithdrawn, RoleInvitationExpired,
             CommunicationEmailChanged, LanguageChanged,
             IdentityLinked, EmailChanged, PolicyChanged, KeyCreated, KeyRevoked, ClockAdvanced>;

template <class... Events>
constexpr bool is_one_of(EventType type, TypeList<Events...>) {
  return ((Events::kType == type) || ...);
}

}  // namespace

bool changes_state(EventType type) { return is_one_of(type, Folded()); }

void fold(StateStore& store, const EventData& event, const Occurrence& at) {
  dispatch(Folded(), event, [&](const auto& data) { fold_event(store, data, at); });
}

}  // namespace daybook
