#include "server/app/credit_routes.h"

#include "ledger/domain/answers/credits_answer.h"

namespace daybook::server {

void add_credit_routes(Questions& questions) {
  constexpr std::pair<std::string_view, ScopeType> kScopes[] = {
      {"accounts", ScopeType::Account},
      {"subscriptions", ScopeType::Subscription},
      {"profiles", ScopeType::Profile},
      {"enrollments", ScopeType::Enrollment}};
  for (const auto& [plural, type] : kScopes) {
    questions.add_short_list("/v1/" + std::string(plural) + "/{id}/credits", http::Auth::any_of({right::kRead}),
                             question_doc("readCreditsOf" + std::string(wire_name(type)), "Credit lots and balances"),
                             [type = type](const Question& q) -> Result<CreditListView> {
                               const ScopeRef scope(type, std::string(q.request.param("id")));
                               const Result<Estimate> estimate = estimate_at(q.host, q.reading);
                               if (!estimate) return tl::unexpected(estimate.error());
                               return credits_answer(estimate->state(q.reading), q.usage, q.viewer(), scope, q.today());
                             });
  }
}

}  // namespace daybook::server
