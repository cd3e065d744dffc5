#include "ledger/domain/rules/fold_table.h"

#include <algorithm>

#include "ledger/domain/rules/invoice_day.h"

namespace daybook {
namespace {

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

/// The address that an administrator preferred for his invoices is not his successor's (decision 0085).
void forget_preferred_address(StateStore& store, const ScopeRef& scope) {
  const EmailPreference* preference = store.email_preference(scope);
  if (preference != nullptr && preference->preferred_email)
    store.edit<EmailPreference>(scope.text()).preferred_email.reset();
}

void fold_event(StateStore& store, const AccountAdministratorChanged& event, const Occurrence& at) {
  Account& account = store.edit<Account>(event.account_id.text());
  const ScopeRef scope(event.account_id);
  const Access* access = store.access(scope);
  if (access == nullptr || !access->holds_any(account.administrator)) {
    store.unlink(Relation::ScopesOfIdentity, account.administrator.text(), scope.text());
  }
  const bool is_another = account.administrator != event.identity_id;
  apply(account, event, at);
  store.link(Relation::ScopesOfIdentity, event.identity_id.text(), scope.text());
  if (!is_another) return;
  for (const std::string& id : store.subscriptions_of(event.account_id))
    forget_preferred_address(store, {ScopeType::Subscription, id});
  for (const std::string& id : store.support_plans_of(event.account_id))
    forget_preferred_address(store, {ScopeType::SupportPlan, id});
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
      profile.payment_term_days = default_payment_term_days(account->type, store.policies());
    profile.created_on = std::max(profile.created_on, account->created_on);
    profile.holds_from = profile.created_on;
  }
  store.link(Relation::ProfilesOfAccount, event.account_id.text(), event.profile_id.text());
}

void fold_event(StateStore& store, const InvoiceSectionCreated& event, const Occurrence& at) {
  apply(store.edit<Section>(event.section_id.text()), event, at);
  store.link(Relation::SectionsOfProfile, event.profile_id.text(), event.section_id.text());
}

constexpr auto kFoldParties = [](StateStore& store, const auto& event, const Occurrence& at) {
  fold_event(store, event, at);
};

}  // namespace

void add_parties(FoldTable& table) {
  table.add<BillingAccountOpened, AccountAdministratorChanged, CustomerRegistered,
            BillingProfileCreated, InvoiceSectionCreated>(kFoldParties);
  table.add_rows<Account, AssociatedTenantAdded, AssociatedTenantRemoved, SoldToChanged,
                 TaxIdChanged, BillingAccountClosed>();
  table.add_rows<Customer, CustomerCostVisibilityChanged>();
  table.add_rows<Profile, BillToChanged, PoNumberChanged, InvoiceDayChanged,
                 AccountsPayableContactAdded, AccountsPayableContactRemoved,
                 BillingProfileStatusChanged>();
  table.add_rows<Section, InvoiceSectionRenamed>();
}

}  // namespace daybook
