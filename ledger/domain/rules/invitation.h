#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include "ledger/domain/enums.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/personal.h"
#include "ledger/domain/time.h"

namespace daybook {

enum class InvitationState : std::uint8_t { Open = 0, Accepted = 1, Withdrawn = 2, Expired = 3 };
BOOST_DESCRIBE_ENUM(InvitationState, Open, Accepted, Withdrawn, Expired)

/// A role for whoever proves to be an address: no right and no mail until then (ROL-13).
struct Invitation {
  InvitationId invitation_id;
  Role role = Role::Reader;
  Personal<std::string> address;
  Date expires_on;  ///< the first day on which nobody can accept it
  InvitationState state = InvitationState::Open;

  friend bool operator==(const Invitation&, const Invitation&) = default;
};
BOOST_DESCRIBE_STRUCT(Invitation, (), (invitation_id, role, address, expires_on, state))

}  // namespace daybook
