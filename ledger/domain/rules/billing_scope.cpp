#include "ledger/domain/rules/billing_scope.h"

#include <utility>

#include "ledger/domain/rules/enrollment_credit.h"
#include "ledger/domain/rules/periods.h"
#include "ledger/domain/rules/placed.h"
#include "ledger/domain/rules/runs.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

using Visit = std::function<Result<void>(const BillingScope&)>;

Result<void> visit_subscriptions(const StateReader& state, const Account& account,
                                 const Visit& visit) {
  if (!bills_subscriptions(state, account)) return {};
  const Account biller = as_of_type(account, AccountType::MOSP);
  const PlacedSubscriptions placed = placed_under(state, account);
  for (const Subscription* subscription : placed) {
    BillingScope scope;
    scope.scope = ScopeRef(subscription->subscription_id);
    scope.biller = &biller;
    scope.subscriptions = {subscription};
    scope.currency = account.currency;
    scope.subscription = subscription;
    scope.place = subscription->place();
    for (const InvoiceType type : {InvoiceType::AzureServices, InvoiceType::AzureMarketplace}) {
      scope.type = type;
      LEDGER_CHECK(visit(scope));
    }
  }
  return {};
}

Result<void> visit_profiles(const StateReader& state, const Account& account, const Visit& visit) {
  for (const std::string& id : state.profiles_of(account.account_id)) {
    const Profile* profile = state.find<Profile>(id);
    if (profile == nullptr) continue;
    const PlacedSubscriptions placed = placed_in(state, profile->profile_id);
    BillingScope scope;
    scope.scope = ScopeRef(profile->profile_id);
    scope.type = InvoiceType::Profile;
    scope.biller = &account;
    scope.subscriptions = placed.all();
    scope.currency = profile->currency;
    scope.profile = profile;
    LEDGER_CHECK(visit(scope));
  }
  return {};
}

Result<void> visit_enrollments(const StateReader& state, const Account& account,
                               const Visit& visit) {
  const Account biller = as_of_type(account, AccountType::EA);
  for (const std::string& id : state.enrollments_of(account.account_id)) {
    const Enrollment* enrollment = state.find<Enrollment>(id);
    if (enrollment == nullptr) continue;
    const PlacedSubscriptions placed = placed_in(state, enrollment->enrollment_id);
    BillingScope scope;
    scope.scope = ScopeRef(enrollment->enrollment_id);
    scope.type = InvoiceType::EnrollmentOverage;
    scope.biller = &biller;
    scope.subscriptions = placed.all();
    scope.currency = account.currency;
    scope.enrollment = enrollment;
    scope.marketplace_apart = bills_marketplace_apart(biller);
    LEDGER_CHECK(visit(scope));
    if (!scope.marketplace_apart) continue;
    scope.type = InvoiceType::AzureMarketplace;
    LEDGER_CHECK(visit(scope));
  }
  return {};
}

/// Takes the documents that begin in [from, to).
class Documents {
 public:
  Documents(Date from, Date to) : from_(from), to_(to) {}

  [[nodiscard]] bool is_past(Date start) const { return start >= to_; }
  void add(std::vector<Period> parts, Date run_date, bool is_first) {
    const Period period{parts.front().start, parts.back().end_exclusive};
    if (period.start < from_ || is_past(period.start)) return;
    result_.push_back({period, std::move(parts), run_date, is_first});
  }
  [[nodiscard]] std::vector<ScopeDocument> take() { return std::move(result_); }

 private:
  Date from_;
  Date to_;
  std::vector<ScopeDocument> result_;
};

void add_services(const StateReader& state, const BillingScope& scope, Documents& documents) {
  const int first = placed_period_number(*scope.subscription, scope.subscription->first_day());
  for (int k = first;;) {
    auto next = services_document(*scope.biller, state.policies(), *scope.subscription, k);
    if (!next || documents.is_past(next->parts.front().start)) return;
    const int count = static_cast<int>(next->parts.size());
    documents.add(std::move(next->parts), next->run_date, k == first);
    k += count;
  }
}

void add_marketplace(const StateReader& state, const BillingScope& scope, Documents& documents) {
  const int run_day = state.policies().number("mosp.marketplaceDay");
  bool is_first = true;
  for (Period month = month_of(scope.subscription->first_day());;
       month = month_of(month.end_exclusive)) {
    const Period days = scope.subscription->days_in(month);
    if (days.start >= days.end_exclusive || documents.is_past(days.start)) return;
    documents.add({days}, run_of_month(month, run_day), is_first);
    is_first = false;
  }
}

void add_months(const Profile& profile, Documents& documents) {
  bool is_first = true;
  for (Period month = profile_month(profile, profile.holds_from); !documents.is_past(month.start);
       month = profile_month(profile, month.end_exclusive)) {
    documents.add({month}, profile_run(profile, month), is_first);
    is_first = false;
  }
}

void add_cycles(const StateReader& state, const Enrollment& enrollment, Documents& documents) {
  bool is_first = true;
  for (Period period = enrollment_period(enrollment, enrollment.start_date);
       !documents.is_past(period.start);
       period = enrollment_period(enrollment, period.end_exclusive)) {
    documents.add({period}, enrollment_run(state.policies(), period), is_first);
    is_first = false;
  }
}

}  // namespace

BillRequest BillingScope::request(Position position) const {
  BillRequest request;
  request.scope = scope;
  request.type = type;
  request.subscriptions = subscriptions;
  request.currency = currency;
  request.position = position;
  request.enrollment = enrollment;
  request.marketplace_apart = marketplace_apart;
  request.profile = profile;
  request.place = place;
  return request;
}

DraftDocument BillingScope::draft() const {
  DraftDocument draft;
  draft.account = biller;
  draft.profile = profile;
  draft.subscription = subscription;
  draft.enrollment = enrollment;
  draft.type = type;
  draft.currency = currency;
  return draft;
}

Result<void> each_billing_scope(const StateReader& state, const Account& account,
                                const Visit& visit) {
  LEDGER_CHECK(visit_subscriptions(state, account, visit));
  LEDGER_CHECK(visit_profiles(state, account, visit));
  return visit_enrollments(state, account, visit);
}

std::vector<ScopeDocument> documents_of(const StateReader& state, const BillingScope& scope,
                                        Date from, Date to) {
  Documents documents(from, to);
  if (scope.profile != nullptr) {
    add_months(*scope.profile, documents);
  } else if (scope.enrollment != nullptr) {
    add_cycles(state, *scope.enrollment, documents);
  } else if (scope.type == InvoiceType::AzureServices) {
    add_services(state, scope, documents);
  } else {
    add_marketplace(state, scope, documents);
  }
  return documents.take();
}

}  // namespace daybook
