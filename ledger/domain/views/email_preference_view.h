#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/facts/scope.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/personal.h"
#include "ledger/domain/time.h"

namespace daybook {

struct RecipientView {
  RecipientId recipient_id;
  Personal<std::string> address;

  friend bool operator==(const RecipientView&, const RecipientView&) = default;
};
BOOST_DESCRIBE_STRUCT(RecipientView, (), (recipient_id, address))

/// `GET /v1/email-preferences/{scopeType}/{scopeId}`.
struct EmailPreferenceView {
  ScopeType scope_type = ScopeType::Subscription;
  ScopeId scope_id;
  std::optional<EmailPreferenceState> state =
      EmailPreferenceState::OptedOut;  ///< absent: an enrollment, which needs no opt-in
  std::optional<std::string> terms_version;  ///< the last one accepted
  bool include_marketplace = false;
  std::optional<Personal<std::string>> preferred_email;
  std::vector<RecipientView> recipients;

  friend bool operator==(const EmailPreferenceView&, const EmailPreferenceView&) = default;
};
BOOST_DESCRIBE_STRUCT(EmailPreferenceView, (),
                      (scope_type, scope_id, state, terms_version, include_marketplace,
                       preferred_email, recipients))

/// One mail of an invoice.
struct MailView {
  std::optional<RecipientId> recipient_id;
  std::optional<IdentityId> identity_id;
  Personal<std::string> address;
  EmailBecause because = EmailBecause::AccountAdministrator;
  EmailState state = EmailState::Queued;
  EmailKind kind = EmailKind::InvoicePdf;

  friend bool operator==(const MailView&, const MailView&) = default;
};
BOOST_DESCRIBE_STRUCT(MailView, (), (recipient_id, identity_id, address, because, state, kind))

/// A notice about an invoice, not the invoice itself.
struct NoticeView {
  std::optional<RecipientId> recipient_id;
  std::optional<IdentityId> identity_id;
  Personal<std::string> address;
  EmailState state = EmailState::Queued;
  NoticeKind kind = NoticeKind::PastDue;
  Instant queued_at;

  friend bool operator==(const NoticeView&, const NoticeView&) = default;
};
BOOST_DESCRIBE_STRUCT(NoticeView, (), (recipient_id, identity_id, address, state, kind, queued_at))

/// `GET /v1/invoices/{id}/notices`.
struct NoticeListView {
  std::vector<NoticeView> items;
  std::optional<std::string> next_cursor;

  friend bool operator==(const NoticeListView&, const NoticeListView&) = default;
};
BOOST_DESCRIBE_STRUCT(NoticeListView, (), (items, next_cursor))

/// `GET /v1/invoices/{id}/emails`.
struct MailListView {
  std::vector<MailView> items;
  std::optional<std::string> next_cursor;

  friend bool operator==(const MailListView&, const MailListView&) = default;
};
BOOST_DESCRIBE_STRUCT(MailListView, (), (items, next_cursor))

}  // namespace daybook
