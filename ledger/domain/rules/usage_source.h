#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "ledger/domain/currency.h"
#include "ledger/domain/decimal.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/exact.h"
#include "ledger/domain/facts/texts.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/time.h"

namespace daybook {

/// One usage row as it stands at some position: not voided, as last amended.
///
/// Texts live as long as the call that hands the row out.
struct UsageRow {
  Position position = 0;  ///< of its UsageRecorded; order of consumption inside a day
  std::string_view usage_id;
  Date usage_date;
  std::string_view meter_id;
  Decimal quantity{0};
  std::optional<Decimal> cost;        ///< brings its own value: outside prices and tiers
  std::optional<Decimal> unit_price;  ///< brings its own price (where `cost` is absent)
  std::optional<Currency> currency;   ///< of `cost` or `unit_price`; absent: the document's
  ChargeType charge_type = ChargeType::Usage;
  PricingModel pricing_model = PricingModel::OnDemand;
  PublisherType publisher_type = PublisherType::Azure;
  bool is_credit_eligible = true;
  std::string_view unit;
  std::string_view category;
  std::string_view meter_name;
  std::string_view region;
  std::string_view resource_id;
  std::string_view resource_group;
  const Texts* tags = nullptr;  ///< null: none
  Position corrected_by = 0;    ///< of the last correction that counts; 0: as it was recorded
};

/// The exact sum of the rows of one day that a document's line cannot tell apart: same meter,
/// region, pricing model, charge type, publisher, eligibility, and all with or all without a value
/// of their own.
struct UsageCell {
  Date usage_date;
  std::string_view meter_id;
  Exact quantity;
  bool has_own_value = false;
  Exact own_value;  ///< Σ cost or quantity × unit_price; zero unless `has_own_value`
  std::optional<Currency> currency;  ///< of `own_value`; absent: the document's
  ChargeType charge_type = ChargeType::Usage;
  PricingModel pricing_model = PricingModel::OnDemand;
  PublisherType publisher_type = PublisherType::Azure;
  bool is_credit_eligible = true;
  std::string_view unit;
  std::string_view category;
  std::string_view meter_name;
  std::string_view region;
  std::int64_t row_count = 0;
  Position first_position = 0;  ///< of the earliest row in it
};

/// A row that its source corrected after it was billed.
struct UsageCorrection {
  UsageRow was;                     ///< before the first of `corrections`
  std::optional<UsageRow> is;       ///< as it stands; nothing: void
  std::vector<Position> corrections;  ///< of the UsageAmended and UsageVoided, ascending, not empty
};

using CorrectionVisitor = std::function<void(const UsageCorrection&)>;
using RowVisitor = std::function<void(const UsageRow&)>;
using CellVisitor = std::function<void(const UsageCell&)>;

/// Usage as recorded, for rating: implemented by projections (and by the tests' memory).
///
/// Dates are half-open [from, to). Nothing after position `upto` is seen. Matched or not is not the
/// source's business: rating drops what has no price.
class UsageSource {
 public:
  virtual ~UsageSource() = default;

  /// Rows dated in [from, to), in order of usage date, then position.
  [[nodiscard]] virtual Result<void> rows(const SubscriptionId& subscription, Date from, Date to,
                                          Position upto, const RowVisitor& visit) const = 0;

  /// Rows dated before `before` with a position in (after, upto], in the same order: what came late
  /// for a scope billed through `before` at position `after`.
  [[nodiscard]] virtual Result<void> late_rows(const SubscriptionId& subscription, Date before,
                                               Position after, Position upto,
                                               const RowVisitor& visit) const = 0;

  /// Rows dated before `before`, recorded up to `upto`, that matched nothing when they were
  /// recorded (their record's code is not 0), in the same order. What matches meanwhile may be
  /// among them: rating finds out whether it has been billed since.
  [[nodiscard]] virtual Result<void> unmatched_rows(const SubscriptionId& subscription, Date before,
                                                    Position upto,
                                                    const RowVisitor& visit) const = 0;

  /// Rows dated before `before` and recorded up to `after` of which a correction has a position in
  /// (after, upto], or is one of `deferred` (sorted): what was amended or voided of what a scope
  /// was billed through `before` at position `after`. In order of usage date, then position.
  [[nodiscard]] virtual Result<void> corrections(const SubscriptionId& subscription, Date before,
                                                 Position after, Position upto,
                                                 std::span<const Position> deferred,
                                                 const CorrectionVisitor& visit) const = 0;

  /// The same usage as `rows`, summed; in order of usage date.
  [[nodiscard]] virtual Result<void> cells(const SubscriptionId& subscription, Date from, Date to,
                                           Position upto, const CellVisitor& visit) const = 0;
};

}  // namespace daybook
