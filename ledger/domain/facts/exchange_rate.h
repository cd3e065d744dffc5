#pragma once

#include <string>

#include "ledger/domain/currency.h"
#include "ledger/domain/decimal.h"
#include "ledger/domain/describe.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/time.h"

/// Exchange rates. Stream `ExchangeRate`, one a pair: `EUR-USD`.
namespace daybook {

/// In force from `effective_on`; documents use the rate of their issue date.
struct ExchangeRateChanged {
  static constexpr EventType kType = EventType::ExchangeRateChanged;
  static constexpr StreamType kStream = StreamType::ExchangeRate;

  Currency from_currency;
  Currency to_currency;
  Decimal rate;  ///< units of `to_currency` for one of `from_currency`
  Date effective_on;

  [[nodiscard]] std::string stream_id() const {
    return std::string(from_currency.text()) + '-' + std::string(to_currency.text());
  }
  friend bool operator==(const ExchangeRateChanged&, const ExchangeRateChanged&) = default;
};
BOOST_DESCRIBE_STRUCT(ExchangeRateChanged, (), (from_currency, to_currency, rate, effective_on))

namespace exchange_rate {
using Events = TypeList<ExchangeRateChanged>;
}  // namespace exchange_rate

}  // namespace daybook
