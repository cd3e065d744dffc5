#include <algorithm>

#include "ledger/domain/rules/close_period.h"
#include "ledger/domain/rules/correction_documents.h"
#include "ledger/domain/rules/left_overs.h"
#include "ledger/domain/rules/open_charges.h"
#include "ledger/domain/rules/periods.h"
#include "ledger/domain/rules/placed.h"
#include "ledger/domain/rules/runs.h"
#include "ledger/domain/rules/support_terms.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

constexpr InvoiceType kProfile = InvoiceType::Profile;

/// The first calendar month of the profile: not before it existed.
Period oldest_unbilled(const Profile& profile, const BillingMark* mark) {
  return profile_month(profile, mark != nullptr ? mark->through : profile.holds_from);
}

/// CF-11: also of a month in which nothing is owed.
bool always_invoices(const StateReader& state) { return state.policies().is_on("mca.alwaysInvoice"); }

/// Bills one profile, month by month.
class ProfileRun {
 public:
  ProfileRun(Planner& planner, const UsageSource& usage, const Account& account,
             const Profile& profile)
      : planner_(planner),
        usage_(usage),
        account_(account),
        profile_(profile),
        mark_(planner.mark(ScopeRef(profile.profile_id), kProfile)),
        subscriptions_(placed_in(planner.state(), profile.profile_id)) {}

  Result<void> run() {
    bool first = true;
    for (Period month = oldest_unbilled(profile_, mark_);
         profile_run(profile_, month) <= planner_.date();
         month = month_of(month.end_exclusive)) {
      LEDGER_CHECK(bill(month, first));
      first = false;
    }
    return {};
  }

 private:
  /// A support term is a charge dated its start; with the first month also those that were posted
  /// too late.
  void add_support_charges(DraftDocument& draft, Period month, bool first) {
    for (const std::string& id : planner_.state().support_plans_of(account_.account_id)) {
      const SupportPlan* plan = planner_.state().find<SupportPlan>(id);
      if (plan == nullptr) continue;
      const Subscription* subscription = planner_.state().subscription(plan->subscription_id);
      const bool never_moved = subscription == nullptr || subscription->earlier.empty();
      if (never_moved && plan->profile_id != profile_.profile_id) continue;
      planner_.rely_on(StreamType::SupportPlan, plan->plan_id.text());
      const Date from = support_begins(planner_.state(), *plan);
      const bool was_billed = mark_ != nullptr && plan->posted_at <= mark_->position;
      for (int n = 0;; ++n) {
        const Period term = support_term(*plan, n);
        if (term.start >= month.end_exclusive || !is_billed(*plan, term)) break;
        if (term.start < from) continue;  // stands on the plan's own document
        if (support_profile(planner_.state(), *plan, term) != profile_.profile_id) continue;
        const bool missed = first && term.start < month.start && !was_billed;
        if (!month.contains(term.start) && !missed) continue;
        if (!is_charged(planner_.state(), *plan, term)) continue;
        draft.lines.push_back(support_charge(*plan, subscription, term));
        draft.manifest.charge_positions.push_back(plan->posted_at);
      }
    }
  }

  Result<void> bill(Period month, bool first) {
    const Date run_date = profile_run(profile_, month);
    DraftDocument draft;
    draft.account = &account_;
    draft.profile = &profile_;
    draft.type = kProfile;
    draft.period = month;
    draft.run_date = run_date;
    draft.issue_date = planner_.issue_date(run_date);
    draft.currency = profile_.currency;
    add_support_charges(draft, month, first);

    BillRequest request;
    request.scope = ScopeRef(profile_.profile_id);
    request.type = kProfile;
    request.subscriptions = subscriptions_.all();
    request.currency = profile_.currency;
    request.profile = &profile_;
    request.period = month;
    request.rate_date = draft.issue_date;
    request.with_late = first;
    request.position = planner_.position();
    draft.credit = &planner_.credit(request.scope);
    request.credit_edges = draft.credit->edges();
    if (first) {
      LEDGER_TRY(CorrectionsApart apart, plan_corrections(planner_, usage_, request, draft));
      request.apart = std::move(apart.positions);
      left_overs_.hold(apart.held);
    }
    left_overs_.ask_for(request);
    LEDGER_TRY(const ChargesOfDocument charges,
               ChargesOfDocument::of(planner_.state(), request.scope,
                                     {kProfile, request.currency, request.rate_date},
                                     month.end_exclusive, done_));
    OtherCharges others{draft.lines, charges.refunds()};
    for (DraftLine& purchase : charges.purchases()) others.lines.push_back(std::move(purchase));
    LEDGER_TRY(Bill bill, bill_usage(planner_.state(), usage_, request, others));
    left_overs_.take_from(bill);
    planner_.rely_on(bill.relied_on);
    planner_.rely_on(charges.relied_on());
    planner_.rely_on(StreamType::BillingProfile, profile_.profile_id.text());
    for (const Subscription* subscription : subscriptions_) {
      planner_.rely_on(StreamType::Subscription, subscription->subscription_id.text());
    }

    const std::int64_t rows_seen = bill.rows_seen;
    const std::vector<Position> support = draft.manifest.charge_positions;
    draft.manifest = manifest_of(bill, planner_.position());
    draft.manifest.charge_positions = support;
    draft.lines.insert(draft.lines.begin(), std::make_move_iterator(bill.lines.begin()),
                       std::make_move_iterator(bill.lines.end()));
    charges.add_to(draft, done_, bill.waiting);
    LEDGER_TRY(const Document made, make_document(planner_.state(), std::move(draft)));
    if (made.issued.totals.sub_total.minor_units > 0 || always_invoices(planner_.state())) {
      planner_.issue(made);
      return {};
    }
    return close_without_document(
        planner_, subscriptions_, made,
        {kProfile, month, run_date, rows_seen, left_overs_.all(), std::nullopt, profile_.profile_id});
  }

  Planner& planner_;
  const UsageSource& usage_;
  const Account& account_;
  const Profile& profile_;
  const BillingMark* mark_;
  PlacedSubscriptions subscriptions_;
  LeftOvers left_overs_;
  std::set<std::string> done_;  ///< charges on earlier documents of this run
};

}  // namespace

void profile_dates(const StateReader& state, const Account& account, WorkDates& dates) {
  for (const std::string& id : state.profiles_of(account.account_id)) {
    const Profile* profile = state.find<Profile>(id);
    if (profile == nullptr) continue;
    Period month =
        oldest_unbilled(*profile, state.billing_mark(ScopeRef(profile->profile_id), kProfile));
    if (!always_invoices(state)) {
      // Without a subscription a month without a document leaves no mark: once looked at it is not asked for again.
      const PlacedSubscriptions placed = placed_in(state, profile->profile_id);
      while (profile_run(*profile, month) < dates.from() && !holds_any(placed, month))
        month = month_of(month.end_exclusive);
    }
    while (dates.add(profile_run(*profile, month)))
      month = month_of(month.end_exclusive);
  }
}

Result<void> plan_profiles(Planner& planner, const UsageSource& usage, const Account& account) {
  for (const std::string& id : planner.state().profiles_of(account.account_id)) {
    const Profile* profile = planner.state().find<Profile>(id);
    if (profile == nullptr) continue;
    LEDGER_CHECK(ProfileRun(planner, usage, account, *profile).run());
  }
  return {};
}

}  // namespace daybook
