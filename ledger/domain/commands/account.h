#pragma once

#include "ledger/domain/describe.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/identifiers.h"

/// Wishes about a billing account.
namespace daybook {

/// Another person becomes the Account Administrator of a MOSP account (NAV-11).
struct ChangeAccountAdministrator {
  static constexpr CommandType kType = CommandType::ChangeAccountAdministrator;

  AccountId account_id;
  IdentityId identity_id;

  friend bool operator==(const ChangeAccountAdministrator&,
                         const ChangeAccountAdministrator&) = default;
};
BOOST_DESCRIBE_STRUCT(ChangeAccountAdministrator, (), (account_id, identity_id))

namespace account {
using Commands = TypeList<ChangeAccountAdministrator>;
}  // namespace account

}  // namespace daybook
