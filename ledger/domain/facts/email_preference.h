#pragma once

#include <optional>
#include <string>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/facts/scope.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/personal.h"

/// Who gets invoices by mail, and what was sent. Stream `EmailPreference`, one a scope.
namespace daybook {

/// Under whose key the address of an additional recipient is sealed.
[[nodiscard]] inline std::string recipient_subject(const RecipientId& recipient) {
  return "recipient:" + recipient.text();
}

/// Remembered for the scope and version, in any state.
struct EmailInvoiceTermsAccepted {
  static constexpr EventType kType = EventType::EmailInvoiceTermsAccepted;
  static constexpr StreamType kStream = StreamType::EmailPreference;

  ScopeType scope_type{};  ///< Subscription, SupportPlan or Profile
  ScopeId scope_id;
  std::string terms_version;
  std::optional<IdentityId> by{};  ///< absent: the operator

  [[nodiscard]] std::string stream_id() const { return scope_stream_id(scope_type, scope_id); }
  friend bool operator==(const EmailInvoiceTermsAccepted&,
                         const EmailInvoiceTermsAccepted&) = default;
};
BOOST_DESCRIBE_STRUCT(EmailInvoiceTermsAccepted, (), (scope_type, scope_id, terms_version, by))

/// Documents issued from now on are mailed.
struct EmailInvoiceOptedIn {
  static constexpr EventType kType = EventType::EmailInvoiceOptedIn;
  static constexpr StreamType kStream = StreamType::EmailPreference;

  ScopeType scope_type{};
  ScopeId scope_id;
  bool include_marketplace = false;  ///< CF-03
  std::optional<Personal<std::string>> preferred_email{};
  std::optional<std::string> terms_version{};  ///< the accepted one, where terms are asked

  [[nodiscard]] std::string stream_id() const { return scope_stream_id(scope_type, scope_id); }
  [[nodiscard]] std::string personal_subject() const { return ""; }
  friend bool operator==(const EmailInvoiceOptedIn&, const EmailInvoiceOptedIn&) = default;
};
BOOST_DESCRIBE_STRUCT(EmailInvoiceOptedIn, (),
                      (scope_type, scope_id, include_marketplace, preferred_email, terms_version))

/// No more mails. Follows the removal of every recipient: opting in again starts empty.
struct EmailInvoiceOptedOut {
  static constexpr EventType kType = EventType::EmailInvoiceOptedOut;
  static constexpr StreamType kStream = StreamType::EmailPreference;

  ScopeType scope_type{};
  ScopeId scope_id;
  std::optional<std::string> reason{};

  [[nodiscard]] std::string stream_id() const { return scope_stream_id(scope_type, scope_id); }
  friend bool operator==(const EmailInvoiceOptedOut&, const EmailInvoiceOptedOut&) = default;
};
BOOST_DESCRIBE_STRUCT(EmailInvoiceOptedOut, (), (scope_type, scope_id, reason))

/// Where mail of the scope goes. Absent: to the communication e-mail of the person again.
struct PreferredEmailChanged {
  static constexpr EventType kType = EventType::PreferredEmailChanged;
  static constexpr StreamType kStream = StreamType::EmailPreference;

  ScopeType scope_type{};
  ScopeId scope_id;
  std::optional<Personal<std::string>> address{};

  [[nodiscard]] std::string stream_id() const { return scope_stream_id(scope_type, scope_id); }
  [[nodiscard]] std::string personal_subject() const { return ""; }
  friend bool operator==(const PreferredEmailChanged&, const PreferredEmailChanged&) = default;
};
BOOST_DESCRIBE_STRUCT(PreferredEmailChanged, (), (scope_type, scope_id, address))

/// An address that gets the mail and no permission.
struct EmailRecipientAdded {
  static constexpr EventType kType = EventType::EmailRecipientAdded;
  static constexpr StreamType kStream = StreamType::EmailPreference;

  ScopeType scope_type{};
  ScopeId scope_id;
  RecipientId recipient_id;
  Personal<std::string> address;

  [[nodiscard]] std::string stream_id() const { return scope_stream_id(scope_type, scope_id); }
  /// A key of its own for each recipient, destroyed when he is removed (EML-6).
  [[nodiscard]] std::string personal_subject() const { return recipient_subject(recipient_id); }
  friend bool operator==(const EmailRecipientAdded&, const EmailRecipientAdded&) = default;
};
BOOST_DESCRIBE_STRUCT(EmailRecipientAdded, (), (scope_type, scope_id, recipient_id, address))

/// The address gets nothing any more and is erased.
struct EmailRecipientRemoved {
  static constexpr EventType kType = EventType::EmailRecipientRemoved;
  static constexpr StreamType kStream = StreamType::EmailPreference;

  ScopeType scope_type{};
  ScopeId scope_id;
  RecipientId recipient_id;

  [[nodiscard]] std::string stream_id() const { return scope_stream_id(scope_type, scope_id); }
  friend bool operator==(const EmailRecipientRemoved&, const EmailRecipientRemoved&) = default;
};
BOOST_DESCRIBE_STRUCT(EmailRecipientRemoved, (), (scope_type, scope_id, recipient_id))

/// One mail to one address about one document; it goes to whoever is entitled at this moment
///
struct InvoiceEmailQueued {
  static constexpr EventType kType = EventType::InvoiceEmailQueued;
  static constexpr StreamType kStream = StreamType::EmailPreference;

  ScopeType scope_type{};
  ScopeId scope_id;
  InvoiceId invoice_id;
  EmailKind kind{};
  EmailBecause because{};
  std::optional<RecipientId> recipient_id{};
  std::optional<IdentityId> identity_id{};
  Personal<std::string> address;
  std::optional<DocumentId> document_id{};

  [[nodiscard]] std::string stream_id() const { return scope_stream_id(scope_type, scope_id); }
  [[nodiscard]] std::string personal_subject() const {
    if (identity_id) return "identity:" + identity_id->text();
    return recipient_id ? recipient_subject(*recipient_id) : std::string();
  }
  friend bool operator==(const InvoiceEmailQueued&, const InvoiceEmailQueued&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceEmailQueued, (),
                      (scope_type, scope_id, invoice_id, kind, because, recipient_id, identity_id,
                       address, document_id))

/// The mail server took it.
struct InvoiceEmailSent {
  static constexpr EventType kType = EventType::InvoiceEmailSent;
  static constexpr StreamType kStream = StreamType::EmailPreference;

  ScopeType scope_type{};
  ScopeId scope_id;
  InvoiceId invoice_id;
  EmailKind kind{};
  std::optional<RecipientId> recipient_id{};
  std::optional<IdentityId> identity_id{};

  [[nodiscard]] std::string stream_id() const { return scope_stream_id(scope_type, scope_id); }
  friend bool operator==(const InvoiceEmailSent&, const InvoiceEmailSent&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceEmailSent, (),
                      (scope_type, scope_id, invoice_id, kind, recipient_id, identity_id))

/// The mail server refused it for good.
struct InvoiceEmailFailed {
  static constexpr EventType kType = EventType::InvoiceEmailFailed;
  static constexpr StreamType kStream = StreamType::EmailPreference;

  ScopeType scope_type{};
  ScopeId scope_id;
  InvoiceId invoice_id;
  EmailKind kind{};
  std::optional<RecipientId> recipient_id{};
  std::optional<IdentityId> identity_id{};
  std::optional<std::string> reason{};

  [[nodiscard]] std::string stream_id() const { return scope_stream_id(scope_type, scope_id); }
  friend bool operator==(const InvoiceEmailFailed&, const InvoiceEmailFailed&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceEmailFailed, (),
                      (scope_type, scope_id, invoice_id, kind, recipient_id, identity_id, reason))

namespace email_preference {
using Events = TypeList<EmailInvoiceTermsAccepted, EmailInvoiceOptedIn, EmailInvoiceOptedOut,
                        PreferredEmailChanged, EmailRecipientAdded, EmailRecipientRemoved,
                        InvoiceEmailQueued, InvoiceEmailSent, InvoiceEmailFailed>;
}  // namespace email_preference

}  // namespace daybook
