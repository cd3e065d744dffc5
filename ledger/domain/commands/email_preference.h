#pragma once

#include <optional>
#include <string>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/facts/scope.h"
#include "ledger/domain/facts/texts.h"
#include "ledger/domain/identifiers.h"

/// Wishes about invoices by mail (domain.md 6).
namespace daybook {

/// In any state; remembered for the scope and version.
struct AcceptEmailTerms {
  static constexpr CommandType kType = CommandType::AcceptEmailTerms;

  ScopeType scope_type{};  ///< Subscription, SupportPlan or Profile
  ScopeId scope_id;
  std::string terms_version;

  friend bool operator==(const AcceptEmailTerms&, const AcceptEmailTerms&) = default;
};
BOOST_DESCRIBE_STRUCT(AcceptEmailTerms, (), (scope_type, scope_id, terms_version))

/// MOSP needs accepted terms.
struct OptInEmailInvoice {
  static constexpr CommandType kType = CommandType::OptInEmailInvoice;

  ScopeType scope_type{};
  ScopeId scope_id;
  std::optional<std::string> preferred_email{};
  std::optional<bool> include_marketplace{};  ///< CF-03

  friend bool operator==(const OptInEmailInvoice&, const OptInEmailInvoice&) = default;
};
BOOST_DESCRIBE_STRUCT(OptInEmailInvoice, (),
                      (scope_type, scope_id, preferred_email, include_marketplace))

/// Removes all recipients too.
struct OptOutEmailInvoice {
  static constexpr CommandType kType = CommandType::OptOutEmailInvoice;

  ScopeType scope_type{};
  ScopeId scope_id;

  friend bool operator==(const OptOutEmailInvoice&, const OptOutEmailInvoice&) = default;
};
BOOST_DESCRIBE_STRUCT(OptOutEmailInvoice, (), (scope_type, scope_id))

/// The address that gets the mail instead of the person's own.
struct UpdatePreferredEmail {
  static constexpr CommandType kType = CommandType::UpdatePreferredEmail;

  ScopeType scope_type{};
  ScopeId scope_id;
  std::string address;

  friend bool operator==(const UpdatePreferredEmail&, const UpdatePreferredEmail&) = default;
};
BOOST_DESCRIBE_STRUCT(UpdatePreferredEmail, (), (scope_type, scope_id, address))

/// Scope may be an enrollment too.
struct AddEmailRecipient {
  static constexpr CommandType kType = CommandType::AddEmailRecipient;

  ScopeType scope_type{};
  ScopeId scope_id;
  std::string address;

  friend bool operator==(const AddEmailRecipient&, const AddEmailRecipient&) = default;
};
BOOST_DESCRIBE_STRUCT(AddEmailRecipient, (), (scope_type, scope_id, address))

/// By its id or its address.
struct RemoveEmailRecipient {
  static constexpr CommandType kType = CommandType::RemoveEmailRecipient;

  ScopeType scope_type{};
  ScopeId scope_id;
  std::optional<RecipientId> recipient_id{};
  std::optional<std::string> address{};

  friend bool operator==(const RemoveEmailRecipient&, const RemoveEmailRecipient&) = default;
};
BOOST_DESCRIBE_STRUCT(RemoveEmailRecipient, (), (scope_type, scope_id, recipient_id, address))

/// Queues what is not yet queued.
struct DeliverInvoiceEmails {
  static constexpr CommandType kType = CommandType::DeliverInvoiceEmails;

  InvoiceId invoice_id;

  friend bool operator==(const DeliverInvoiceEmails&, const DeliverInvoiceEmails&) = default;
};
BOOST_DESCRIBE_STRUCT(DeliverInvoiceEmails, (), (invoice_id))

/// Must be accepted before the next opt-in.
struct PublishEmailTerms {
  static constexpr CommandType kType = CommandType::PublishEmailTerms;

  std::string terms_version;
  Texts text{};  ///< by language

  friend bool operator==(const PublishEmailTerms&, const PublishEmailTerms&) = default;
};
BOOST_DESCRIBE_STRUCT(PublishEmailTerms, (), (terms_version, text))

namespace email_preference {
using Commands =
    TypeList<AcceptEmailTerms, OptInEmailInvoice, OptOutEmailInvoice, UpdatePreferredEmail,
             AddEmailRecipient, RemoveEmailRecipient, DeliverInvoiceEmails, PublishEmailTerms>;
}  // namespace email_preference

}  // namespace daybook
