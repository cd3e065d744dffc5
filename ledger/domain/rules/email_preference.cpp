#include "ledger/domain/rules/email_preference.h"

#include <algorithm>

namespace daybook {
namespace {

void set_state(InvoiceMails& mails, const std::optional<RecipientId>& recipient,
               const std::optional<IdentityId>& identity, EmailKind kind, EmailState state) {
  for (InvoiceMail& mail : mails.mails) {
    if (mail.recipient_id == recipient && mail.identity_id == identity && mail.kind == kind)
      mail.state = state;
  }
}

}  // namespace

void apply(EmailPreference& preference, const EmailInvoiceTermsAccepted& event, const Occurrence&) {
  preference.scope = ScopeRef(event.scope_type, event.scope_id.text());
  auto& terms = preference.accepted_terms;
  if (std::find(terms.begin(), terms.end(), event.terms_version) == terms.end()) {
    terms.push_back(event.terms_version);
  }
}

void apply(EmailPreference& preference, const EmailInvoiceOptedIn& event, const Occurrence& at) {
  preference.scope = ScopeRef(event.scope_type, event.scope_id.text());
  if (!preference.opted_in()) preference.opted_in_at = at.position;
  preference.state = EmailPreferenceState::OptedIn;
  preference.include_marketplace = event.include_marketplace;
  preference.preferred_email = event.preferred_email;
}

void apply(EmailPreference& preference, const EmailInvoiceOptedOut& event, const Occurrence&) {
  preference.scope = ScopeRef(event.scope_type, event.scope_id.text());
  preference.state = EmailPreferenceState::OptedOut;
  preference.include_marketplace = false;
  preference.preferred_email.reset();
  preference.recipients.clear();
  preference.opted_in_at.reset();
}

void apply(EmailPreference& preference, const PreferredEmailChanged& event, const Occurrence&) {
  preference.preferred_email = event.address;
}

void apply(EmailPreference& preference, const EmailRecipientAdded& event, const Occurrence&) {
  preference.scope = ScopeRef(event.scope_type, event.scope_id.text());
  preference.recipients.push_back({event.recipient_id, event.address});
}

void apply(EmailPreference& preference, const EmailRecipientRemoved& event, const Occurrence&) {
  std::erase_if(preference.recipients, [&](const EmailRecipient& recipient) {
    return recipient.recipient_id == event.recipient_id;
  });
}

void apply(InvoiceMails& mails, const InvoiceEmailQueued& event, const Occurrence& at) {
  mails.invoice_id = event.invoice_id;
  mails.mails.push_back({event.recipient_id, event.identity_id, event.address, event.kind,
                         event.because, EmailState::Queued, at.time});
}

void apply(InvoiceMails& mails, const InvoiceEmailSent& event, const Occurrence&) {
  set_state(mails, event.recipient_id, event.identity_id, event.kind, EmailState::Sent);
}

void apply(InvoiceMails& mails, const InvoiceEmailFailed& event, const Occurrence&) {
  set_state(mails, event.recipient_id, event.identity_id, event.kind, EmailState::Failed);
}

}  // namespace daybook
