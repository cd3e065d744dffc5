#pragma once

#include <optional>

#include "ledger/domain/describe.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/time.h"

/// The clock, billing runs and dunning (api.md 4).
namespace daybook {

/// Performs day by day what falls due, then moves the clock.
struct AdvanceClock {
  static constexpr CommandType kType = CommandType::AdvanceClock;

  Instant to;
  std::optional<bool> run{};  ///< false: only moves it

  friend bool operator==(const AdvanceClock&, const AdvanceClock&) = default;
};
BOOST_DESCRIBE_STRUCT(AdvanceClock, (), (to, run))

/// Performs every billing run dated on or before `through` that has not been performed.
struct RunInvoicing {
  static constexpr CommandType kType = CommandType::RunInvoicing;

  Date through;
  /// True: none of these runs; instead what late, amended and voided usage makes of issued invoices has
  /// its notes at once, whatever policy `corrections` says.
  std::optional<bool> corrections{};
  std::optional<AccountId> account_id{};  ///< of this account alone

  friend bool operator==(const RunInvoicing&, const RunInvoicing&) = default;
};
BOOST_DESCRIBE_STRUCT(RunInvoicing, (), (through, corrections, account_id))

/// The runs of one day for the subscriptions of MOSP accounts.
struct RunMospInvoicing {
  static constexpr CommandType kType = CommandType::RunMospInvoicing;

  Date run_date;

  friend bool operator==(const RunMospInvoicing&, const RunMospInvoicing&) = default;
};
BOOST_DESCRIBE_STRUCT(RunMospInvoicing, (), (run_date))

/// The runs of one day for MOSP purchases, reservations and spot usage.
struct RunMarketplaceInvoicing {
  static constexpr CommandType kType = CommandType::RunMarketplaceInvoicing;

  Date run_date;

  friend bool operator==(const RunMarketplaceInvoicing&, const RunMarketplaceInvoicing&) = default;
};
BOOST_DESCRIBE_STRUCT(RunMarketplaceInvoicing, (), (run_date))

/// The runs of one day for billing profiles.
struct RunProfileInvoicing {
  static constexpr CommandType kType = CommandType::RunProfileInvoicing;

  Date run_date;

  friend bool operator==(const RunProfileInvoicing&, const RunProfileInvoicing&) = default;
};
BOOST_DESCRIBE_STRUCT(RunProfileInvoicing, (), (run_date))

/// The runs of one day for enrollments.
struct RunEaInvoicing {
  static constexpr CommandType kType = CommandType::RunEaInvoicing;

  Date run_date;

  friend bool operator==(const RunEaInvoicing&, const RunEaInvoicing&) = default;
};
BOOST_DESCRIBE_STRUCT(RunEaInvoicing, (), (run_date))

/// Performs the ladder of domain.md 3.4 through that day.
struct EvaluateDunning {
  static constexpr CommandType kType = CommandType::EvaluateDunning;

  Date as_of;

  friend bool operator==(const EvaluateDunning&, const EvaluateDunning&) = default;
};
BOOST_DESCRIBE_STRUCT(EvaluateDunning, (), (as_of))

namespace runs {
using Commands = TypeList<AdvanceClock, RunInvoicing, RunMospInvoicing, RunMarketplaceInvoicing,
                          RunProfileInvoicing, RunEaInvoicing, EvaluateDunning>;
}  // namespace runs

}  // namespace daybook
