#include "server/app/agreement_routes.h"

#include "ledger/domain/answers/billing_scopes_answer.h"
#include "ledger/domain/answers/enrollment_answer.h"

namespace daybook::server {
namespace {

template <class Identifier>
void add_months(Questions& questions, std::string path, ScopeType type) {
  questions.add_list(std::move(path), http::Auth::any_of({right::kRead}),
                     question_doc("listMonthsOf" + std::string(wire_name(type)), "Usage and charges by month"),
                     [type](const Question& q, const PageRequest& page) {
                       return q.path_id<Identifier>("id").and_then([&](const Identifier& id) {
                         return enrollment_months_answer(q.state(), q.usage, q.viewer(), ScopeRef(type, id.text()),
                                                         page, q.reading.now);
                       });
                     });
}

}  // namespace

void add_agreement_routes(Questions& questions) {
  const http::Auth read = http::Auth::any_of({right::kRead});
  questions.add("/v1/enrollments/{id}", read, question_doc("readEnrollment", "One enrollment"), [](const Question& q) {
    return q.path_id<EnrollmentId>("id").and_then(
        [&](const EnrollmentId& id) { return enrollment_answer(q.state(), q.viewer(), id, q.today()); });
  });
  questions.add("/v1/departments/{id}", read, question_doc("readDepartment", "One department"), [](const Question& q) {
    return q.path_id<DepartmentId>("id").and_then(
        [&](const DepartmentId& id) { return department_answer(q.state(), q.viewer(), id); });
  });
  questions.add("/v1/enrollment-accounts/{id}", read, question_doc("readEnrollmentAccount", "One enrollment account"),
                [](const Question& q) {
                  return q.path_id<EnrollmentAccountId>("id").and_then([&](const EnrollmentAccountId& id) {
                    return enrollment_account_answer(q.state(), q.viewer(), id);
                  });
                });
  questions.add_list("/v1/billing-scopes", read,
                     question_doc("listBillingScopes", "The scopes that the person reaches"),
                     [](const Question& q, const PageRequest& page) {
                       return billing_scopes_answer(q.state(), q.viewer(), page);
                     });
  add_months<EnrollmentId>(questions, "/v1/enrollments/{id}/months", ScopeType::Enrollment);
  add_months<DepartmentId>(questions, "/v1/departments/{id}/months", ScopeType::Department);
  add_months<EnrollmentAccountId>(questions, "/v1/enrollment-accounts/{id}/months", ScopeType::EnrollmentAccount);
}

}  // namespace daybook::server
