#pragma once

#include <optional>
#include <string>

#include "ledger/domain/decimal.h"
#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/facts/fact_context.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/time.h"

/// Tax rates of countries and single accounts. Stream `TaxRate`, one a country.
namespace daybook {

/// In force from `effective_on`; without a rate there is no tax.
struct TaxRateChanged {
  static constexpr EventType kType = EventType::TaxRateChanged;
  static constexpr StreamType kStream = StreamType::TaxRate;

  std::string country;  ///< ISO 3166-1 alpha-2
  std::string name;     ///< "VAT"
  Decimal rate_percent;
  Date effective_on;
  std::optional<AccountId> account_id{};  ///< that account alone, before the country's
  std::optional<TaxTreatment> treatment{};

  [[nodiscard]] std::string stream_id() const { return country; }
  friend bool operator==(const TaxRateChanged&, const TaxRateChanged&) = default;
};
BOOST_DESCRIBE_STRUCT(TaxRateChanged, (),
                      (country, name, rate_percent, effective_on, account_id, treatment))
void fill_defaults(TaxRateChanged& fact, const FactContext& context);

namespace tax_rate {
using Events = TypeList<TaxRateChanged>;
}  // namespace tax_rate

}  // namespace daybook
