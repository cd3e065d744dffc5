#include "ledger/domain/answers/missing_invoice_answer.h"

#include <algorithm>
#include <string>
#include <vector>

#include "ledger/domain/answers/documents_beside.h"
#include "ledger/domain/answers/periods_of.h"
#include "ledger/domain/answers/reasons.h"
#include "ledger/domain/answers/refusals.h"
#include "ledger/domain/answers/scope_path.h"
#include "ledger/domain/answers/usage_file_answer.h"
#include "ledger/domain/rules/close_period.h"
#include "ledger/domain/rules/mail.h"
#include "ledger/domain/rules/offers.h"
#include "ledger/domain/rules/periods.h"
#include "ledger/domain/rules/placed.h"

namespace daybook {
namespace {

MissingInvoiceView view_of(const StateReader& state, const std::vector<MissingReason>& reasons, Language language) {
  MissingInvoiceView view;
  view.primary = reasons.front();
  view.message = message_in(state, view.primary, language);
  for (const MissingReason reason : reasons) {
    view.reasons.push_back({reason, message_in(state, reason, language), std::nullopt});
  }
  return view;
}

bool has_allowed_tenant(const Identity& identity, const Account& account) {
  return std::any_of(identity.tenants.begin(), identity.tenants.end(),
                     [&](const TenantId& tenant) { return account.allows(tenant); });
}

bool may_see_at_home(const StateReader& state, const Identity& identity, const Account& account,
                     const AccessObject& object) {
  return has_allowed_tenant(identity, account) &&
         may_in_own_tenant(state, identity.identity_id, Action::ViewInvoices, object);
}

/// W7: somebody else with his e-mail address may see it.
bool has_other_identity(const StateReader& state, const Viewer& viewer, const Account& account,
                        const AccessObject& object) {
  const Identity* person = state.identity(*viewer.identity);
  if (person == nullptr || !person->email.value) return false;
  const std::string address = normalised_email(*person->email.value);
  std::vector<IdentityId> candidates = {account.administrator};
  for (const ScopeRef& above : scope_path(state, object.scope)) {
    const Access* access = state.access(above);
    if (access == nullptr) continue;
    for (const HeldRole& held : access->roles) candidates.push_back(held.identity_id);
  }
  return std::any_of(candidates.begin(), candidates.end(), [&](const IdentityId& id) {
    const Identity* other = state.identity(id);
    return other != nullptr && id != *viewer.identity &&
           other->email.value && normalised_email(*other->email.value) == address &&
           may_see_at_home(state, *other, account, object);
  });
}

/// W8: he himself may see it, in a directory of the account of which he is a member.
bool is_in_wrong_tenant(const StateReader& state, const Viewer& viewer, const Account& account,
                        const AccessObject& object) {
  const Identity* person = state.identity(*viewer.identity);
  return person != nullptr && viewer.tenant && !account.allows(*viewer.tenant) &&
         may_see_at_home(state, *person, account, object);
}

/// W4c: his directory is that of the partner's customer, of this one where the scope is a
/// subscription.
bool is_customer(const StateReader& state, const Viewer& viewer, const Account& account,
                 const ScopeRef& scope) {
  return is_csp_customer(state, viewer, account) &&
         (scope.type != ScopeType::Subscription || is_in_allowed_tenant(state, viewer, scope));
}

/// One question: a subscription or profile, and the period that it is about.
struct Question {
  const Account* account = nullptr;
  ScopeRef scope;   ///< asked for
  ScopeRef billed;  ///< whose document it would be
  InvoiceType type = InvoiceType::AzureServices;
  Period period;
  Date run;            ///< when the period is invoiced
  Date subscribed_on;  ///< W1
  Date first;          ///< no period is earlier
  bool is_over = false;  ///< nothing was billed in the period any more, or yet, and its run is past: no invoice comes
  Date today;
  std::optional<OfferTerms> offer;  ///< of a MOSP subscription
};

Result<Question> ask_subscription(const StateReader& state, const Account& account,
                                  const Subscription& subscription, std::optional<Date> day,
                                  Date today) {
  Question question;
  question.account = &account;
  question.scope = ScopeRef(subscription.subscription_id);
  question.today = today;
  const PeriodSeries series = periods_of(state, subscription);
  if (day && *day < series.first) return nothing_here();
  const Period current = series.containing(today);
  question.period = day ? series.containing(*day) : series.before(current).value_or(current);
  question.billed = series.scope;
  question.type = series.type;
  question.subscribed_on =
      series.type == InvoiceType::AzureSupport ? series.first : subscription.created_on;
  question.first = series.first;
  question.run = run_of(state, account, series, question.period);
  question.is_over = !series.is_billed(question.period) && question.run <= today;
  question.offer = offer_of(state, subscription.offer_id);
  return question;
}

/// W1: the earliest day of what a profile or enrollment holds, else its own.
Date subscribed_on(const StateReader& state, const std::vector<std::string>& held, Date own) {
  std::optional<Date> earliest;
  for (const std::string& id : held) {
    const Subscription* subscription = state.find<Subscription>(id);
    if (subscription == nullptr) continue;
    earliest = std::min(earliest.value_or(subscription->created_on), subscription->created_on);
  }
  return earliest.value_or(own);
}

Result<Question> ask_profile(const Account& account, const Profile& profile, Date first,
                             std::optional<Date> day, Date today) {
  Question question;
  question.account = &account;
  question.scope = ScopeRef(profile.profile_id);
  question.billed = question.scope;
  question.type = InvoiceType::Profile;
  question.today = today;
  question.subscribed_on = first;
  question.first = profile_month(profile, first).start;
  if (day && *day < question.first) return nothing_here();
  const Period current = profile_month(profile, std::max(today, first));
  question.period = current;
  if (day) {
    question.period = profile_month(profile, *day);
  } else if (question.first < current.start) {
    question.period = profile_month(profile, current.start.plus_days(-1));
  }
  question.run = profile_run(profile, question.period);
  return question;
}

Result<Question> ask_enrollment(const StateReader& state, const Account& account,
                                const Enrollment& enrollment, std::optional<Date> day, Date today) {
  Question question;
  question.account = &account;
  question.scope = ScopeRef(enrollment.enrollment_id);
  question.billed = question.scope;
  question.type = InvoiceType::EnrollmentOverage;
  question.today = today;
  question.subscribed_on = subscribed_on(state, state.subscriptions_of(enrollment.enrollment_id),
                                         enrollment.start_date);
  question.first = enrollment_period(enrollment, enrollment.start_date).start;
  if (day && *day < question.first) return nothing_here();
  const Period current = enrollment_period(enrollment, today);
  question.period = current;
  if (day) {
    question.period = enrollment_period(enrollment, *day);
  } else if (current.start > question.first) {
    question.period = enrollment_period(enrollment, current.start.plus_days(-1));
  }
  question.run = enrollment_run(state.policies(), question.period);
  question.is_over =
      question.run <= today && !holds_any(placed_in(state, enrollment.enrollment_id), question.period);
  return question;
}

/// The subscription where it was billed on `day`, which may be before an upgrade or a transfer.
Subscription placed_on(const Subscription& subscription, std::optional<Date> day) {
  for (std::size_t n = 0; day && n < subscription.earlier.size(); ++n) {
    Subscription then = subscription.at_place(n);
    if (*day >= then.first_day() && then.is_placed_on(*day)) return then;
  }
  return subscription;
}

Result<Question> ask_placed(const StateReader& state, const Account& account, const Subscription& subscription,
                            std::optional<Date> day, Date today) {
  const Profile* profile = subscription.profile_id ? state.profile(*subscription.profile_id) : nullptr;
  const Enrollment* enrollment = subscription.enrollment_id ? state.enrollment(*subscription.enrollment_id) : nullptr;
  if (enrollment != nullptr) return ask_enrollment(state, account, *enrollment, day, today);
  if (profile == nullptr) return ask_subscription(state, account, subscription, day, today);
  Result<Question> question = ask_profile(account, *profile, subscription.first_day(), day, today);
  if (question) question->subscribed_on = subscription.created_on;
  return question;
}

/// What the question is about, for anybody: of a subscription where it was billed on that day, or only where it is now.
/// Errors: NOT_FOUND, also for a day before the first one.
enum class Where { ThatDay, Now };
Result<Question> ask(const StateReader& state, const ScopeRef& scope, std::optional<Date> day,
                     Date today, Where where = Where::Now) {
  const Account* account = account_of(state, scope);
  if (account == nullptr) return nothing_here();
  if (scope.type == ScopeType::Subscription) {
    const Subscription& now = *state.subscription(SubscriptionId(scope.id));
    const Subscription then = where == Where::ThatDay ? placed_on(now, day) : now;
    const Account* payer = state.account(then.account_id);
    if (payer == nullptr) return nothing_here();
    Result<Question> question = ask_placed(state, *payer, then, day, today);
    if (!question) return question;
    question->scope = scope;
    if (then.placed_until) question->period = then.days_in(question->period);
    return question;
  }
  if (scope.type == ScopeType::Enrollment) {
    return ask_enrollment(state, *account, *state.enrollment(EnrollmentId(scope.id)), day, today);
  }
  if (scope.type == ScopeType::Profile) {
    const Profile& profile = *state.profile(ProfileId(scope.id));
    Result<Question> question = ask_profile(*account, profile, profile.holds_from, day, today);
    if (question) {
      question->subscribed_on = subscribed_on(state, state.subscriptions_of(profile.profile_id),
                                              profile.created_on);
    }
    return question;
  }
  return nothing_here();
}

/// The document that the question is about, as it would be issued: what may be seen of it does not
/// depend on whether it exists.
Invoice expected_invoice(const Question& question) {
  Invoice invoice;
  invoice.type = question.type;
  invoice.account_id = question.account->account_id;
  invoice.account_type = question.account->type;
  invoice.scope = question.billed;
  invoice.issue_date = question.run;
  return invoice;
}

/// Reasons of somebody without permission: the causes before what they cause. None: he must
/// not learn that there is such a scope.
std::vector<MissingReason> reasons_without_permission(const StateReader& state,
                                                      const Viewer& viewer,
                                                      const Question& question,
                                                      const AccessObject& object) {
  const Account& account = *question.account;
  std::vector<MissingReason> reasons;
  if (is_customer(state, viewer, account, question.scope)) {
    reasons.push_back(MissingReason::CSP_CUSTOMER);
  }
  if (has_other_identity(state, viewer, account, object)) {
    reasons.push_back(MissingReason::OTHER_IDENTITY);
  }
  if (is_in_wrong_tenant(state, viewer, account, object)) {
    reasons.push_back(MissingReason::WRONG_TENANT);
  }
  const bool is_in_own_directory = viewer.tenant && account.allows(*viewer.tenant);
  if (is_in_own_directory || !reasons.empty()) {
    const MissingReason reason = no_permission_reason(account.type);
    // W4b is the cause, W6 to W8 are none of an enterprise agreement's.
    reasons.insert(reason == MissingReason::EA_NOT_IN_PORTAL ? reasons.begin() : reasons.end(),
                   reason);
  }
  return reasons;
}

/// Why a period has no invoice, for somebody who would see it.
std::vector<MissingReason> reasons_without_invoice(const StateReader& state, const Question& question,
                                                   const BilledPeriod* billed) {
  std::vector<MissingReason> reasons;
  if (question.today < question.subscribed_on.plus_days(state.policies().number("reasons.newForDays"))) {
    reasons.push_back(MissingReason::TOO_NEW);
  }
  if (billed == nullptr && question.is_over) {
    reasons.push_back(MissingReason::NO_USAGE);
    return reasons;
  }
  if (billed == nullptr || billed->reason == NoInvoiceReason::NotYetInvoiced) {
    reasons.push_back(MissingReason::NOT_GENERATED_YET);
    return reasons;
  }
  if (question.offer && question.offer->kind == OfferKind::PrepaidKey)
    reasons.push_back(MissingReason::PREPAID_OFFER);
  const bool is_enterprise = question.account->type == AccountType::EA;
  if (billed->reason == NoInvoiceReason::WithinCredit && !is_enterprise) {
    reasons.push_back(MissingReason::WITHIN_CREDIT);
  } else if (billed->reason == NoInvoiceReason::NoUsage) {
    reasons.push_back(MissingReason::NO_USAGE);
  } else {
    reasons.push_back(MissingReason::NOTHING_OWED);
  }
  return reasons;
}

MissingInvoiceView found_invoice(const StateReader& state, const DocumentBeside& found, Date today,
                                 Language language) {
  const Invoice& invoice = *found.invoice;
  std::vector<MissingReason> reasons = {MissingReason::NONE};
  if (found.has_usage && today < final_from(state, invoice.period)) {
    reasons.push_back(MissingReason::USAGE_FILE_NOT_READY);
  }
  MissingInvoiceView view = view_of(state, reasons, language);
  view.invoice_id = invoice.invoice_id;
  return view;
}

/// The document of the question's run, else one beside it that the viewer sees; none: no invoice.
DocumentBeside visible_document(const StateReader& state, const Viewer& viewer, const Question& question,
                                const BilledPeriod* billed) {
  if (billed != nullptr && billed->invoice_id) {
    if (const Invoice* invoice = state.invoice(*billed->invoice_id)) return {invoice, true};
  }
  for (const DocumentBeside& beside : documents_beside(state, question.billed, question.period)) {
    if (may(state, viewer, Action::ViewInvoices, AccessObject::of(*beside.invoice)).allowed) return beside;
  }
  return {};
}

}  // namespace

Result<MissingInvoiceView> missing_invoice_answer(const StateReader& state, const Viewer& viewer,
                                                  const ScopeRef& scope, std::optional<Date> day,
                                                  Instant now) {
  // Who does not see the documents of an earlier place is answered as if there had been none.
  auto asked = ask(state, scope, day, now.date(), Where::ThatDay);
  const auto sees = [&](const Question& question) {
    return may(state, viewer, Action::ViewInvoices, AccessObject::of(expected_invoice(question))).allowed;
  };
  if (asked && !sees(*asked)) asked = ask(state, scope, day, now.date());
  // A day before the first one is refused to those alone who may know of the scope.
  const bool is_too_early = !asked && day.has_value();
  if (is_too_early) asked = ask(state, scope, std::nullopt, now.date());
  if (!asked) return tl::unexpected(asked.error());
  const Question& question = *asked;
  const Invoice expected = expected_invoice(question);
  const AccessObject object = AccessObject::of(expected);
  const Language language = language_of(state, viewer);

  MissingInvoiceView view;
  if (!may(state, viewer, Action::ViewInvoices, object).allowed) {
    if (viewer.is_operator()) return nothing_here();
    const auto reasons = reasons_without_permission(state, viewer, question, object);
    if (reasons.empty()) return nothing_here();
    view = view_of(state, reasons, language);
  } else {
    const BilledPeriod* billed =
        state.billed_period(question.billed, question.type, question.period.start);
    const DocumentBeside found = visible_document(state, viewer, question, billed);
    view = found.invoice != nullptr ? found_invoice(state, found, now.date(), language)
                              : view_of(state, reasons_without_invoice(state, question, billed), language);
    for (MissingReasonView& reason : view.reasons) {
      const bool has_page = question.offer && question.offer->url;
      if (reason.code == MissingReason::PREPAID_OFFER && has_page)
        reason.link = question.offer->url;
    }
  }
  if (is_too_early) {
    return rejected("BAD_QUERY", "period is a date from " + question.first.text() + " on.");
  }
  view.period = question.period;
  return view;
}

Result<MissingInvoiceView> missing_invoice_answer(const StateReader& state, const Viewer& viewer,
                                                  const InvoiceId& id, Instant now) {
  const Invoice* invoice = state.invoice(id);
  const Account* account = invoice != nullptr ? state.account(invoice->account_id) : nullptr;
  if (account != nullptr) {
    const AccessObject object = AccessObject::of(*invoice);
    if (may(state, viewer, Action::ViewInvoices, object).allowed) {
      MissingInvoiceView view = found_invoice(state, {invoice, true}, now.date(), language_of(state, viewer));
      view.period = invoice->period;
      return view;
    }
    std::vector<MissingReason> reasons;
    if (!viewer.is_operator()) {
      if (has_other_identity(state, viewer, *account, object)) {
        reasons.push_back(MissingReason::OTHER_IDENTITY);
      }
      if (is_in_wrong_tenant(state, viewer, *account, object)) {
        reasons.push_back(MissingReason::WRONG_TENANT);
      }
    }
    if (!reasons.empty()) return view_of(state, reasons, language_of(state, viewer));
  }
  if (viewer.is_operator()) return nothing_here();
  return view_of(state, {MissingReason::OTHER_ACCOUNT}, language_of(state, viewer));
}

}  // namespace daybook
