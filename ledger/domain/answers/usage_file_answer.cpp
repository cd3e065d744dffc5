#include "ledger/domain/answers/usage_file_answer.h"

#include <string>

#include "ledger/domain/answers/reasons.h"
#include "ledger/domain/answers/refusals.h"
#include "ledger/domain/invariant.h"
#include "ledger/domain/rules/access_rules.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
Date final_from(const StateReader& state, const Period& period) {
  return period.end_exclusive.plus_days(state.policies().number("usage.finalAfterDays"));
}

tl::unexpected<Error> no_such_kind(AccountType type) {
  std::string kinds;
  for (const ExportKind kind : usage_kinds(type)) {
    if (!kinds.empty()) kinds += ", ";
    kinds += std::string(wire_name(kind)) + " (" + std::string(format_name(kind)) + ")";
  }
  return rejected("NOT_SUPPORTED", "Files of an account of type " + std::string(wire_name(type)) +
                                       " are " + kinds + ".");
}

FilePart part_of(const StateReader& state, const Invoice& invoice) {
  const InvoiceDocument* document = state.invoice_document(invoice.invoice_id);
  const Account* account = state.account(invoice.account_id);
  LEDGER_INVARIANT(document != nullptr && account != nullptr);
  const InvoiceIssued& issued = document->issued;
  const FileSubject subject{state,
                            *account,
                            issued.profile_id ? state.profile(*issued.profile_id) : nullptr,
                            issued.enrollment_id ? state.enrollment(*issued.enrollment_id) : nullptr,
                            &issued,
                            issued.period,
                            issued.currency,
                            issued.issue_date};
  return {subject, charged_by(state, issued)};
}

Result<UsageFile> invoice_file_answer(const StateReader& state, const Viewer& viewer,
                                      const InvoiceId& id, std::optional<ExportKind> kind,
                                      Instant now) {
  const Invoice* invoice = state.invoice(id);
  if (invoice == nullptr) return nothing_here();
  const AccessObject object = AccessObject::of(*invoice);
  if (!may(state, viewer, Action::ViewInvoices, object).allowed) return nothing_here();
  const Permission permission = may(state, viewer, Action::DownloadUsage, object);
  if (!permission.allowed) return no_permission(permission.reason);
  UsageFile file;
  file.kind = kind.value_or(usage_kinds(invoice->account_type).front());
  if (!has_kind(invoice->account_type, file.kind)) return no_such_kind(invoice->account_type);
  if (now.date() < final_from(state, invoice->period)) {
    return conflict("USAGE_FILE_NOT_READY",
                    std::string(message_of(MissingReason::USAGE_FILE_NOT_READY)) +
                        ": the data of its period is final from " +
                        final_from(state, invoice->period).text() + " on.");
  }
  file.parts.push_back(part_of(state, *invoice));
  return file;
}

}  // namespace daybook
