#pragma once

#include <string>
#include <vector>

#include "ledger/log/lineage.h"
#include "ledger/log/open_error.h"
#include "ledger/log/opening.h"
#include "ledger/log/row_spool.h"
#include "ledger/log/salvage.h"

namespace daybook::log {

/// The directory that a salvage writes to.
class SalvageTarget {
 public:
  /// Makes it, private. Errors: Conflict where something is in it; Failed.
  [[nodiscard]] static Opening<SalvageTarget> make(const std::string& directory);

  [[nodiscard]] std::string spool_path() const { return directory_ + "/rows.unfinished"; }
  /// A ledger of all rows and that lineage, with the keys of `source`, whose witness says `head`. FORMAT comes last: what
  /// was interrupted is no ledger. Errors: Failed.
  [[nodiscard]] Opening<void> write_ledger(const opening::Paths& source, RowSpool& spool, const Head& head,
                                           const Lineage& lineage) const;
  /// One file a stretch. Errors: Failed.
  [[nodiscard]] Opening<void> write_parts(const LedgerId& ledger, RowSpool& spool,
                                          const std::vector<PositionRange>& parts) const;

 private:
  explicit SalvageTarget(std::string directory) : directory_(std::move(directory)) {}
  [[nodiscard]] Opening<void> write_part(const LedgerId& ledger, RowSpool& spool, const PositionRange& part) const;

  std::string directory_;
};

}  // namespace daybook::log
