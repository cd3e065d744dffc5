#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "ledger/domain/enums.h"
#include "ledger/domain/facts/email_preference.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/personal.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/scope.h"
#include "ledger/domain/rules/state_kind.h"
#include "ledger/domain/time.h"

namespace daybook {

/// Somebody who gets a scope's invoices by mail without any right on it.
struct EmailRecipient {
  RecipientId recipient_id;
  Personal<std::string> address;

  friend bool operator==(const EmailRecipient&, const EmailRecipient&) = default;
};
BOOST_DESCRIBE_STRUCT(EmailRecipient, (), (recipient_id, address))

/// Whether and to whom invoices of a subscription, support plan or profile are mailed.
struct EmailPreference {
  static constexpr StateKind kState = StateKind::EmailPreference;

  ScopeRef scope;
  EmailPreferenceState state = EmailPreferenceState::OptedOut;
  std::vector<std::string>
      accepted_terms;  ///< versions, in the order of acceptance; remembered for ever (R-05)
  bool include_marketplace = false;
  std::optional<Personal<std::string>> preferred_email;
  std::vector<EmailRecipient> recipients;
  std::optional<Position>
      opted_in_at;  ///< what was issued before that position is not mailed (R-84)

  [[nodiscard]] bool opted_in() const { return state == EmailPreferenceState::OptedIn; }

  friend bool operator==(const EmailPreference&, const EmailPreference&) = default;
};
BOOST_DESCRIBE_STRUCT(EmailPreference, (),
                      (scope, state, accepted_terms, include_marketplace, preferred_email,
                       recipients, opted_in_at))

/// One mail of an invoice.
struct InvoiceMail {
  std::optional<RecipientId> recipient_id;
  std::optional<IdentityId> identity_id;
  Personal<std::string> address;
  EmailKind kind = EmailKind::InvoicePdf;
  EmailBecause because = EmailBecause::AccountAdministrator;
  EmailState state = EmailState::Queued;
  Instant queued_at;

  friend bool operator==(const InvoiceMail&, const InvoiceMail&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceMail, (),
                      (recipient_id, identity_id, address, kind, because, state, queued_at))

/// What was queued and sent of an invoice, in order.
struct InvoiceMails {
  static constexpr StateKind kState = StateKind::InvoiceMails;

  InvoiceId invoice_id;
  std::vector<InvoiceMail> mails;

  friend bool operator==(const InvoiceMails&, const InvoiceMails&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceMails, (), (invoice_id, mails))

void apply(EmailPreference& preference, const EmailInvoiceTermsAccepted& event,
           const Occurrence& at);
void apply(EmailPreference& preference, const EmailInvoiceOptedIn& event, const Occurrence& at);
void apply(EmailPreference& preference, const EmailInvoiceOptedOut& event, const Occurrence& at);
void apply(EmailPreference& preference, const PreferredEmailChanged& event, const Occurrence& at);
void apply(EmailPreference& preference, const EmailRecipientAdded& event, const Occurrence& at);
void apply(EmailPreference& preference, const EmailRecipientRemoved& event, const Occurrence& at);
void apply(InvoiceMails& mails, const InvoiceEmailQueued& event, const Occurrence& at);
void apply(InvoiceMails& mails, const InvoiceEmailSent& event, const Occurrence& at);
void apply(InvoiceMails& mails, const InvoiceEmailFailed& event, const Occurrence& at);

}  // namespace daybook
