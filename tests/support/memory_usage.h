#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ledger/domain/event.h"
#include "ledger/domain/facts/usage.h"
#include "ledger/domain/files/file_row.h"
#include "ledger/domain/rules/admit.h"
#include "ledger/domain/rules/usage_source.h"

namespace daybook::testing {

/// Usage in memory.
class MemoryUsage : public UsageSource, public UsageRecords {
 public:
  struct Corrected {
    Position position = 0;
    std::optional<UsageRecorded> data;  ///< nothing: void
  };
  struct Recorded {
    Position position = 0;
    UsageRecorded data;
    std::optional<Unmatched> unmatched;
    std::vector<Corrected> versions = {};  ///< in the order of their positions
    Position corrected_by = 0;             ///< of what `at` gives

    /// As it stood at `upto`; nothing: void.
    [[nodiscard]] std::optional<Recorded> at(Position upto) const;
  };

  MemoryUsage();
  MemoryUsage(MemoryUsage&&) noexcept;
  MemoryUsage& operator=(MemoryUsage&&) noexcept;
  ~MemoryUsage() override;

  void add(Recorded row);
  /// A UsageAmended or UsageVoided that was recorded at `position`; false: there is no such row.
  bool correct(const EventData& event, Position position);

  Result<void> rows(const SubscriptionId& subscription, Date from, Date to, Position upto,
                    const RowVisitor& visit) const override;
  Result<void> late_rows(const SubscriptionId& subscription, Date before, Position after, Position upto,
                         const RowVisitor& visit) const override;
  Result<void> unmatched_rows(const SubscriptionId& subscription, Date before, Position upto,
                              const RowVisitor& visit) const override;
  Result<void> corrections(const SubscriptionId& subscription, Date before, Position after,
                           Position upto, std::span<const Position> deferred,
                           const CorrectionVisitor& visit) const override;
  Result<void> cells(const SubscriptionId& subscription, Date from, Date to, Position upto,
                     const CellVisitor& visit) const override;

  [[nodiscard]] Result<PostedUsage> posted(Position position) const override;

  /// As `UsageSource` shows it.
  [[nodiscard]] static UsageRow view(const Recorded& row);

 private:
  using Counts = std::function<bool(const Recorded&)>;
  Result<void> each(const SubscriptionId& subscription, Position upto, const RowVisitor& visit, const Counts& counts) const;

  std::map<std::string, std::vector<Recorded>> rows_;
};

}  // namespace daybook::testing
