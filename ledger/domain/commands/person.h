#pragma once

#include <optional>
#include <string>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/facts/scope.h"
#include "ledger/domain/identifiers.h"

/// Wishes of and about a person.
namespace daybook {

/// What a person sets for himself.
struct UpdateProfile {
  static constexpr CommandType kType = CommandType::UpdateProfile;

  std::optional<std::string> communication_email{};  ///< empty: back to the sign-in e-mail
  std::optional<Language> language{};

  friend bool operator==(const UpdateProfile&, const UpdateProfile&) = default;
};
BOOST_DESCRIBE_STRUCT(UpdateProfile, (), (communication_email, language))

/// Asks the provider for help, perhaps about a scope or an invoice.
struct CreateSupportRequest {
  static constexpr CommandType kType = CommandType::CreateSupportRequest;

  std::optional<ScopeType> scope_type{};
  std::optional<ScopeId> scope_id{};
  std::optional<InvoiceId> invoice_id{};
  std::string subject;
  std::string text;

  friend bool operator==(const CreateSupportRequest&, const CreateSupportRequest&) = default;
};
BOOST_DESCRIBE_STRUCT(CreateSupportRequest, (), (scope_type, scope_id, invoice_id, subject, text))

/// Destroys the key under which what belongs to a person, or to an address, is sealed.
struct EraseSubject {
  static constexpr CommandType kType = CommandType::EraseSubject;

  std::optional<IdentityId> identity_id{};
  std::optional<std::string> address{};

  friend bool operator==(const EraseSubject&, const EraseSubject&) = default;
};
BOOST_DESCRIBE_STRUCT(EraseSubject, (), (identity_id, address))

namespace person {
using Commands = TypeList<UpdateProfile, CreateSupportRequest, EraseSubject>;
}  // namespace person

}  // namespace daybook
