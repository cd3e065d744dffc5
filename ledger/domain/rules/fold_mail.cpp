#include "ledger/domain/rules/fold_table.h"

namespace daybook {
namespace {

void fold_event(StateStore& store, const InvoiceEmailQueued& event, const Occurrence& at) {
  apply(store.edit<InvoiceMails>(event.invoice_id.text()), event, at);
  if (event.scope_type != ScopeType::Enrollment) return;
  const Enrollment* enrollment = store.enrollment(EnrollmentId(event.scope_id.text()));
  if (enrollment == nullptr || enrollment->unsent.empty()) return;
  std::erase(store.edit<Enrollment>(event.scope_id.text()).unsent, event.invoice_id);
}

constexpr auto kFoldMail = [](StateStore& store, const auto& event, const Occurrence& at) {
  fold_event(store, event, at);
};

}  // namespace

void add_mail(FoldTable& table) {
  table.add<InvoiceEmailQueued>(kFoldMail);
  table.add<InvoiceEmailSent, InvoiceEmailFailed>(
      [](StateStore& store, const auto& event, const Occurrence& at) {
        apply(store.edit<InvoiceMails>(event.invoice_id.text()), event, at);
      });
  table.add<NoticeQueued, NoticeSent, NoticeFailed>(
      [](StateStore& store, const auto& event, const Occurrence& at) {
        apply(store.edit<InvoiceNotices>(event.invoice_id.text()), event, at);
      });
  table.add<EmailInvoiceTermsAccepted, EmailInvoiceOptedIn, EmailInvoiceOptedOut,
            PreferredEmailChanged, EmailRecipientAdded, EmailRecipientRemoved>(
      [](StateStore& store, const auto& event, const Occurrence& at) {
        const ScopeRef scope(event.scope_type, event.scope_id.text());
        apply(store.edit<EmailPreference>(scope.text()), event, at);
      });
}

}  // namespace daybook
