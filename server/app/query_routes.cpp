#include "server/app/query_routes.h"

#include "ledger/domain/answers/account_answer.h"
#include "ledger/domain/answers/invoice_answer.h"
#include "ledger/domain/answers/missing_invoice_answer.h"
#include "ledger/domain/answers/preference_answer.h"
#include "ledger/domain/answers/statement_answer.h"
#include "ledger/domain/answers/subscription_answer.h"
#include "server/app/agreement_routes.h"
#include "server/app/document_routes.h"
#include "server/app/file_routes.h"
#include "server/app/history_routes.h"
#include "server/app/credit_routes.h"
#include "server/app/invoice_routes.h"
#include "server/app/questions.h"
#include "server/app/usage_routes.h"

namespace daybook::server {
namespace {

/// `{scopeType}/{scopeId}` of the path.
Result<ScopeRef> path_scope(const Question& question) {
  const auto type = parse_enum<ScopeType>(question.request.param("scopeType"));
  if (!type) return failed(ErrorKind::NotFound, "NOT_FOUND", "There is nothing here, or nothing for you to see.");
  return ScopeRef(*type, std::string(question.request.param("scopeId")));
}

Result<MissingInvoiceView> missing_invoice(const Question& question) {
  const Result<std::optional<Date>> day = question.query_date("period");
  if (!day) return tl::unexpected(day.error());
  const auto subscription = question.query_id<SubscriptionId>("subscriptionId");
  if (!subscription) return tl::unexpected(subscription.error());
  const auto profile = question.query_id<ProfileId>("profileId");
  if (!profile) return tl::unexpected(profile.error());
  const auto enrollment = question.query_id<EnrollmentId>("enrollmentId");
  if (!enrollment) return tl::unexpected(enrollment.error());
  const auto invoice = question.query_id<InvoiceId>("invoiceId");
  if (!invoice) return tl::unexpected(invoice.error());
  const int given = (*subscription ? 1 : 0) + (*profile ? 1 : 0) + (*enrollment ? 1 : 0) + (*invoice ? 1 : 0);
  if (given != 1) return bad_query("Give exactly one of subscriptionId, profileId, enrollmentId and invoiceId.");
  if (*invoice) return missing_invoice_answer(question.state(), question.viewer(), **invoice, question.reading.now);
  const ScopeRef scope = *subscription ? ScopeRef(**subscription)
                         : *profile    ? ScopeRef(**profile)
                                       : ScopeRef(**enrollment);
  return missing_invoice_answer(question.state(), question.viewer(), scope, *day, question.reading.now);
}

void add_scopes(Questions& questions) {
  const http::Auth read = http::Auth::any_of({right::kRead});
  questions.add_list("/v1/accounts", read, question_doc("listAccounts", "Billing accounts"),
                     [](const Question& q, const PageRequest& page) {
                       return accounts_answer(q.state(), q.viewer(), page, q.today());
                     });
  questions.add("/v1/accounts/{id}", read, question_doc("readAccount", "One billing account"), [](const Question& q) {
    return q.path_id<AccountId>("id").and_then(
        [&](const AccountId& id) { return account_answer(q.state(), q.viewer(), id, q.today()); });
  });
  questions.add_list("/v1/profiles", read,
                     question_doc("listProfiles", "Billing profiles", {{"accountId", "of this account alone"}}),
                     [](const Question& q, const PageRequest& page) {
                       return q.query_id<AccountId>("accountId").and_then([&](const std::optional<AccountId>& account) {
                         return profiles_answer(q.state(), q.viewer(), account, page, q.today());
                       });
                     });
  questions.add("/v1/profiles/{id}", read, question_doc("readProfile", "One billing profile"), [](const Question& q) {
    return q.path_id<ProfileId>("id").and_then(
        [&](const ProfileId& id) { return profile_answer(q.state(), q.viewer(), id, q.today()); });
  });
  questions.add("/v1/profiles/{id}/pending-charges", read,
                question_doc("readPendingCharges", "Every month not yet invoiced, without tax"), [](const Question& q) {
                  return q.path_id<ProfileId>("id").and_then([&](const ProfileId& id) -> Result<PendingChargesView> {
                    const Result<Estimate> estimate = estimate_at(q.host, q.reading);
                    if (!estimate) return tl::unexpected(estimate.error());
                    return pending_charges_answer(estimate->state(q.reading), q.usage, q.viewer(), id, estimate->as_of);
                  });
                });
  questions.add_list("/v1/subscriptions", read,
                     question_doc("listSubscriptions", "Subscriptions",
                                  {{"accountId", "of this account alone"}, {"profileId", "of this profile alone"}}),
                     [](const Question& q, const PageRequest& page) -> Result<SubscriptionListView> {
                       SubscriptionFilter filter;
                       const Result<std::optional<AccountId>> account = q.query_id<AccountId>("accountId");
                       if (!account) return tl::unexpected(account.error());
                       const Result<std::optional<ProfileId>> profile = q.query_id<ProfileId>("profileId");
                       if (!profile) return tl::unexpected(profile.error());
                       filter.account_id = *account;
                       filter.profile_id = *profile;
                       return subscriptions_answer(q.state(), q.viewer(), filter, page, q.today());
                     });
  questions.add("/v1/subscriptions/{id}", read, question_doc("readSubscription", "One subscription"),
                [](const Question& q) {
                  return q.path_id<SubscriptionId>("id").and_then([&](const SubscriptionId& id) {
                    return subscription_answer(q.state(), q.viewer(), id, q.today());
                  });
                });
  questions.add("/v1/subscriptions/{id}/billing-history", read,
                question_doc("readBillingHistory", "The last six closed periods and the current one"),
                [](const Question& q) {
                  return q.path_id<SubscriptionId>("id").and_then([&](const SubscriptionId& id) -> Result<BillingHistoryView> {
                    const Result<Estimate> estimate = estimate_at(q.host, q.reading);
                    if (!estimate) return tl::unexpected(estimate.error());
                    return billing_history_answer(estimate->state(q.reading), q.usage, q.viewer(), id, estimate->as_of);
                  });
                });
  questions.add("/v1/subscriptions/{id}/statement", read,
                question_doc("readStatement", "The estimate now", {{"period", "a date in the period wanted"}}),
                [](const Question& q) -> Result<StatementView> {
                  const Result<std::optional<Date>> day = q.query_date("period");
                  if (!day) return tl::unexpected(day.error());
                  return q.path_id<SubscriptionId>("id").and_then([&](const SubscriptionId& id) -> Result<StatementView> {
                    const Result<Estimate> estimate = estimate_at(q.host, q.reading);
                    if (!estimate) return tl::unexpected(estimate.error());
                    return statement_answer(estimate->state(q.reading), q.usage, q.viewer(), id, *day, estimate->as_of);
                  });
                });
}

}  // namespace

void add_query_routes(http::Router& router, LedgerHost& host) {
  Questions questions(router, host);
  const http::Auth read = http::Auth::any_of({right::kRead});
  add_scopes(questions);
  add_agreement_routes(questions);
  add_invoice_routes(questions);
  add_usage_routes(questions);
  add_file_routes(questions);
  add_document_routes(questions);
  add_history_routes(router, questions, host);
  add_credit_routes(questions);
  questions.add("/v1/missing-invoice", read,
                question_doc("explainMissingInvoice", "Why do I see no invoice?",
                             {{"subscriptionId", "the subscription"},
                              {"profileId", "the billing profile"},
                              {"enrollmentId", "the enrollment"},
                              {"invoiceId", "the invoice that a mail spoke of"},
                              {"period", "a date in the period; default: the last closed one"}}),
                missing_invoice);
  questions.add("/v1/email-preferences/{scopeType}/{scopeId}", read,
                question_doc("readEmailPreference", "Opt-in and recipients"), [](const Question& q) {
                  return path_scope(q).and_then([&](const ScopeRef& scope) {
                    return email_preference_answer(q.state(), q.viewer(), scope);
                  });
                });
  questions.add("/v1/access/{scopeType}/{scopeId}", read, question_doc("readAccess", "Roles and toggles"),
                [](const Question& q) {
                  return path_scope(q).and_then(
                      [&](const ScopeRef& scope) { return access_answer(q.state(), q.viewer(), scope); });
                });
}

}  // namespace daybook::server
