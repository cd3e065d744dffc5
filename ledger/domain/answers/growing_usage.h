#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/domain/rules/usage_source.h"
#include "ledger/domain/time.h"

namespace daybook {

/// Whether it lowers what it stands on.
[[nodiscard]] bool is_below_zero(const UsageRow& row);

/// Usage of some days as it grew, row by row: what a question asks that is put after each of many thousand events.
///
/// It is read once from `whole` and put together by day: rows of a meter that no document tells apart are one row with their
/// sum, at the place of the first. A document of it comes to the same, line by line; which event brought what
/// is lost. Apart stay rows below zero, which wait for a later document one by one, and those of meters that
/// `may_join` does not hold for. Questions about other days or positions go to `whole`.
class GrowingUsage final : public UsageSource {
 public:
  using MayJoin = std::function<bool(std::string_view meter)>;
  GrowingUsage(const UsageSource& whole, Period days, MayJoin may_join)
      : whole_(whole), days_(days), may_join_(std::move(may_join)) {}

  /// From `from` up to `last` no row of the days is corrected; both positions are inclusive.
  void begin(Position from, Position last);
  /// Later than the position before.
  void move_to(Position position) { position_ = position; }

  [[nodiscard]] const Period& days() const { return days_; }
  /// Of what was asked about so far: whose rows they are, the meters of those that the ledger prices, and the position of the
  /// next row below zero behind this one, that behind the last where there is none.
  [[nodiscard]] std::vector<SubscriptionId> subscriptions() const;
  [[nodiscard]] std::set<std::string> priced_meters() const;
  [[nodiscard]] Position next_below_zero() const;

  [[nodiscard]] Result<void> rows(const SubscriptionId& subscription, Date from, Date to, Position upto,
                                  const RowVisitor& visit) const override;
  [[nodiscard]] Result<void> late_rows(const SubscriptionId& subscription, Date before, Position after, Position upto,
                                       const RowVisitor& visit) const override {
    return whole_.late_rows(subscription, before, after, upto, visit);
  }
  [[nodiscard]] Result<void> unmatched_rows(const SubscriptionId& subscription, Date before, Position upto,
                                            const RowVisitor& visit) const override {
    return whole_.unmatched_rows(subscription, before, upto, visit);
  }
  [[nodiscard]] Result<void> corrections(const SubscriptionId& subscription, Date before, Position after, Position upto,
                                         std::span<const Position> deferred, const CorrectionVisitor& visit) const override {
    return whole_.corrections(subscription, before, after, upto, deferred, visit);
  }
  [[nodiscard]] Result<void> cells(const SubscriptionId& subscription, Date from, Date to, Position upto,
                                   const CellVisitor& visit) const override {
    return whole_.cells(subscription, from, to, upto, visit);
  }

 private:
  /// Rows that are one.
  struct Joined {
    UsageRow row;  ///< with the sums up to the position; its texts are those below
    std::string meter;
    std::string region;
    std::string unit;
    std::string category;
    std::string meter_name;
    std::int64_t count = 0;
    Decimal quantity_in_all{0};  ///< up to the last position
    Decimal cost_in_all{0};
  };
  /// A row that is still to come.
  struct Coming {
    Position position = 0;
    std::size_t joined = 0;
    Decimal quantity{0};
    Decimal cost{0};
  };
  struct OfSubscription {
    std::deque<Joined> joined;  ///< by day, then the first position; they do not move
    std::vector<Coming> coming;
    std::size_t next = 0;
    std::vector<Position> below_zero;  ///< their positions, ascending
  };
  class Reader;

  Result<OfSubscription*> read(const SubscriptionId& subscription) const;
  static void grow(OfSubscription& usage, Position position);

  const UsageSource& whole_;
  Period days_;
  MayJoin may_join_;
  Position from_ = 0;
  Position last_ = 0;
  Position position_ = 0;
  mutable std::map<std::string, OfSubscription> read_;
};

}  // namespace daybook
