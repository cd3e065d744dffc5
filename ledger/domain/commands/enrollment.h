#pragma once

#include <string>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/time.h"

/// Wishes about enrollments and customers.
namespace daybook {

/// Turns a switch of an enrollment.
struct SetEnrollmentPolicy {
  static constexpr CommandType kType = CommandType::SetEnrollmentPolicy;

  EnrollmentId enrollment_id;
  EnrollmentPolicy policy{};
  bool value = false;

  friend bool operator==(const SetEnrollmentPolicy&, const SetEnrollmentPolicy&) = default;
};
BOOST_DESCRIBE_STRUCT(SetEnrollmentPolicy, (), (enrollment_id, policy, value))

/// The purchase order of the period that holds a date.
struct UpdatePoNumber {
  static constexpr CommandType kType = CommandType::UpdatePoNumber;

  EnrollmentId enrollment_id;
  Date period;
  std::string po_number;

  friend bool operator==(const UpdatePoNumber&, const UpdatePoNumber&) = default;
};
BOOST_DESCRIBE_STRUCT(UpdatePoNumber, (), (enrollment_id, period, po_number))

/// Whether the customer's identities see usage at pay-as-you-go prices.
struct SetCustomerCostVisibility {
  static constexpr CommandType kType = CommandType::SetCustomerCostVisibility;

  CustomerId customer_id;
  bool value = false;

  friend bool operator==(const SetCustomerCostVisibility&,
                         const SetCustomerCostVisibility&) = default;
};
BOOST_DESCRIBE_STRUCT(SetCustomerCostVisibility, (), (customer_id, value))

namespace enrollment {
using Commands = TypeList<SetEnrollmentPolicy, UpdatePoNumber, SetCustomerCostVisibility>;
}  // namespace enrollment

}  // namespace daybook
