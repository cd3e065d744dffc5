#include "ledger/domain/answers/alarms_answer.h"

#include <algorithm>
#include <tuple>

#include "ledger/domain/rules/dunning.h"

namespace daybook {

AlarmListView alarms_answer(const StateReader& state, Date today,
                            const std::optional<InvoiceId>& invoice) {
  AlarmListView view;
  const Policies& policies = state.policies();
  for (const std::string& account : state.accounts()) {
    for (const std::string& id : state.open_invoices_of(AccountId(account))) {
      const Invoice* open = state.find<Invoice>(id);
      if (open == nullptr || (invoice && open->invoice_id != *invoice)) continue;
      const auto since = unreported_since(policies, *open);
      if (!since || *since > today) continue;
      view.items.push_back({"PAYMENT_NOT_REPORTED", *since, open->account_id, open->scope.type,
                            open->scope.id, open->invoice_id});
    }
  }
  for (const std::string& account : state.accounts()) {
    for (const std::string& id : state.enrollments_of(AccountId(account))) {
      const Enrollment* enrollment = state.find<Enrollment>(id);
      if (enrollment == nullptr) continue;
      for (const InvoiceId& unsent : enrollment->unsent) {
        const Invoice* issued = state.invoice(unsent);
        if (issued == nullptr || (invoice && unsent != *invoice)) continue;
        view.items.push_back({"NO_INVOICE_RECIPIENT", issued->issue_date, issued->account_id,
                              issued->scope.type, issued->scope.id, unsent});
      }
    }
  }
  std::sort(view.items.begin(), view.items.end(),
            [](const AlarmView& left, const AlarmView& right) {
              return std::tie(left.since, left.invoice_id) <
                     std::tie(right.since, right.invoice_id);
            });
  return view;
}

}  // namespace daybook
