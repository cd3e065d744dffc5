#include "ledger/domain/answers/account_answer.h"

#include <algorithm>
#include <string>
#include <vector>

#include "ledger/domain/answers/balance.h"
#include "ledger/domain/answers/listing.h"
#include "ledger/domain/answers/periods_of.h"
#include "ledger/domain/answers/refusals.h"
#include "ledger/domain/rules/periods.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

std::vector<SectionView> sections_of(const StateReader& state, const Profile& profile) {
  std::vector<SectionView> sections;
  for (const std::string& id : state.sections_of(profile.profile_id)) {
    if (const Section* section = state.find<Section>(id)) {
      sections.push_back({section->section_id, section->name, section->state});
    }
  }
  if (sections.empty()) {
    sections.push_back({SectionId(profile.profile_id.text()),
                        profile.display_name.value_or(profile.profile_id.text()),
                        SectionState::Active});
  }
  return sections;
}

}  // namespace

Result<AccountView> account_answer(const StateReader& state, const Viewer& viewer,
                                   const AccountId& id, Date today) {
  const Account* account = state.account(id);
  const ScopeRef scope(id);
  if (account == nullptr) return nothing_here();
  LEDGER_CHECK(require_view(state, viewer, Action::See, scope));

  AccountView view;
  view.account_id = account->account_id;
  view.type = account->type;
  view.agreement_id = account->agreement_id;
  view.country = account->country;
  view.tenant_id = account->tenant_id;
  view.associated_tenants = account->associated_tenants;
  view.currency = account->currency;
  view.signed_up_by = account->signed_up_by;
  if (account->type == AccountType::MOSP) view.account_administrator = account->administrator;
  view.channel = account->channel;
  view.cloud = account->cloud;
  view.created_on = account->created_on;
  view.status = account->status;
  view.next_invoice_date = next_invoice_date(state, *account, today);
  if (is_allowed(state, viewer, Action::ViewInvoices, scope)) {
    LEDGER_TRY(view.balances, balances(state, state.open_invoices_of(id), account->currency));
    view.balance = view.balances.front();
    view.sold_to = account->sold_to;
    view.tax_id = account->tax_id;
  }
  LEDGER_TRY(view.reservation_refunds, reservation_refunds(state, scope, account->currency, today));
  return view;
}

Result<AccountListView> accounts_answer(const StateReader& state, const Viewer& viewer,
                                        const PageRequest& page, Date today) {
  return fill_page<AccountListView>(
      accounts_in_reach(state, viewer), page,
      [&](const std::string& id) {
        return is_allowed(state, viewer, Action::See, ScopeRef(AccountId(id)));
      },
      [&](const std::string& id) { return account_answer(state, viewer, AccountId(id), today); });
}

Result<ProfileView> profile_answer(const StateReader& state, const Viewer& viewer,
                                   const ProfileId& id, Date today) {
  const Profile* profile = state.profile(id);
  const ScopeRef scope(id);
  if (profile == nullptr) return nothing_here();
  LEDGER_CHECK(require_view(state, viewer, Action::See, scope));
  const Account* account = state.account(profile->account_id);
  if (account == nullptr) return nothing_here();

  ProfileView view;
  view.profile_id = profile->profile_id;
  view.account_id = profile->account_id;
  view.display_name = profile->display_name;
  view.currency = profile->currency;
  view.po_number = profile->po_number;
  view.invoice_day = profile->invoice_day_in(today);
  view.payment_term_days = profile->payment_term_days;
  view.default_payment_method = profile->default_payment_method;
  view.status = profile->status;
  if (profile->status_reason != SuspensionReason::None) view.status_reason = profile->status_reason;
  view.sections = sections_of(state, *profile);
  view.current_period = profile_month(*profile, std::max(today, profile->holds_from));
  view.next_invoice_date = next_invoice_date(state, *profile);
  if (is_allowed(state, viewer, Action::ViewInvoices, scope)) {
    view.bill_to = profile->bill_to;
    for (const PayablesContact& contact : profile->payables_contacts)
      view.accounts_payable_contacts.push_back({contact.recipient_id, contact.address});
    LEDGER_TRY(const std::vector<Money> sums,
               balances(state, state.open_invoices_of(scope), profile->currency));
    view.balance = sums.front();
  }
  // Of a partner the limit is each customer's, not the profile's.
  if (account->type != AccountType::MPA) {
    LEDGER_TRY(view.reservation_refunds, reservation_refunds(state, scope, profile->currency, today));
  }
  return view;
}

Result<ProfileListView> profiles_answer(const StateReader& state, const Viewer& viewer,
                                        const std::optional<AccountId>& account,
                                        const PageRequest& page, Date today) {
  if (account && !is_seen(state, viewer, ScopeRef(*account))) return nothing_here();
  std::vector<std::string> ids;
  if (account) {
    ids = state.profiles_of(*account);
  } else {
    for (const std::string& reached : accounts_in_reach(state, viewer)) {
      for (std::string& id : state.profiles_of(AccountId(reached))) ids.push_back(std::move(id));
    }
    std::sort(ids.begin(), ids.end());
  }
  return fill_page<ProfileListView>(
      ids, page,
      [&](const std::string& id) {
        return is_allowed(state, viewer, Action::See, ScopeRef(ProfileId(id)));
      },
      [&](const std::string& id) { return profile_answer(state, viewer, ProfileId(id), today); });
}

}  // namespace daybook
