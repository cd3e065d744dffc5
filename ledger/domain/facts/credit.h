#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/facts/scope.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/money.h"
#include "ledger/domain/time.h"

/// Credit lots. Stream `CreditAccount`, one a scope.
namespace daybook {

/// A lot covers eligible charges dated from `start_on` to before `expires_on`.
struct CreditGranted {
  static constexpr EventType kType = EventType::CreditGranted;
  static constexpr StreamType kStream = StreamType::CreditAccount;
  static constexpr std::array kFilledByLedger = {std::string_view("for_reservations")};

  ScopeType scope_type{};  ///< Subscription (MOSP), Profile or Enrollment
  ScopeId scope_id;
  LotId lot_id;
  CreditSource source{};  ///< `MonthlyCredit` is renewed each billing period
  Money amount;
  Date start_on;
  std::optional<Date> expires_on{};  ///< the first day on which it covers nothing
  std::optional<bool> for_reservations{};  ///< covers purchases of reservations alone (R-73)

  [[nodiscard]] std::string stream_id() const { return scope_stream_id(scope_type, scope_id); }
  friend bool operator==(const CreditGranted&, const CreditGranted&) = default;
};
BOOST_DESCRIBE_STRUCT(CreditGranted, (),
                      (scope_type, scope_id, lot_id, source, amount, start_on, expires_on,
                       for_reservations))

/// A document, or a period that ended without one, took its part of a lot.
struct CreditApplied {
  static constexpr EventType kType = EventType::CreditApplied;
  static constexpr StreamType kStream = StreamType::CreditAccount;

  ScopeType scope_type{};
  ScopeId scope_id;
  LotId lot_id;
  Money amount;
  std::optional<InvoiceId> invoice_id{};  ///< absent: a period that ended without invoice
  std::optional<Period> period{};

  [[nodiscard]] std::string stream_id() const { return scope_stream_id(scope_type, scope_id); }
  friend bool operator==(const CreditApplied&, const CreditApplied&) = default;
};
BOOST_DESCRIBE_STRUCT(CreditApplied, (), (scope_type, scope_id, lot_id, amount, invoice_id, period))

/// What was left of a lot covers nothing any more.
struct CreditExpired {
  static constexpr EventType kType = EventType::CreditExpired;
  static constexpr StreamType kStream = StreamType::CreditAccount;

  ScopeType scope_type{};
  ScopeId scope_id;
  LotId lot_id;
  Money amount;  ///< what was left

  [[nodiscard]] std::string stream_id() const { return scope_stream_id(scope_type, scope_id); }
  friend bool operator==(const CreditExpired&, const CreditExpired&) = default;
};
BOOST_DESCRIBE_STRUCT(CreditExpired, (), (scope_type, scope_id, lot_id, amount))

/// A lot holds more or less than before.
struct CreditAdjusted {
  static constexpr EventType kType = EventType::CreditAdjusted;
  static constexpr StreamType kStream = StreamType::CreditAccount;
  static constexpr std::array kFilledByLedger = {std::string_view("scope_type"),
                                                 std::string_view("scope_id")};

  LotId lot_id;
  Money amount;  ///< signed
  std::optional<std::string> accounting_code{};
  std::optional<ScopeType> scope_type{};  ///< the key of the stream, filled in by the ledger
  std::optional<ScopeId> scope_id{};

  [[nodiscard]] std::string stream_id() const {
    return scope_type && scope_id ? scope_stream_id(*scope_type, *scope_id) : std::string();
  }
  friend bool operator==(const CreditAdjusted&, const CreditAdjusted&) = default;
};
BOOST_DESCRIBE_STRUCT(CreditAdjusted, (), (lot_id, amount, accounting_code, scope_type, scope_id))

/// The monthly credit of the next period; nothing is carried over (T-MOSP-12).
struct MonthlyCreditRenewed {
  static constexpr EventType kType = EventType::MonthlyCreditRenewed;
  static constexpr StreamType kStream = StreamType::CreditAccount;

  ScopeType scope_type{};
  ScopeId scope_id;
  LotId lot_id;
  LotId previous_lot_id;
  Period period;
  Money amount;

  [[nodiscard]] std::string stream_id() const { return scope_stream_id(scope_type, scope_id); }
  friend bool operator==(const MonthlyCreditRenewed&, const MonthlyCreditRenewed&) = default;
};
BOOST_DESCRIBE_STRUCT(MonthlyCreditRenewed, (),
                      (scope_type, scope_id, lot_id, previous_lot_id, period, amount))

namespace credit {
using Events =
    TypeList<CreditGranted, CreditApplied, CreditExpired, CreditAdjusted, MonthlyCreditRenewed>;
}  // namespace credit

}  // namespace daybook
