#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/import/export_row.h"
#include "ledger/domain/exact.h"

namespace daybook::cli {

/// What an import did.
struct ImportReport {
  std::string format;
  bool dry_run = false;  ///< nothing was recorded: rows, rejects and totals are the file's own
  bool is_refused = false;  ///< nothing was recorded, since a row is broken and `--strict` wants them all
  std::uint64_t rows = 0;
  std::uint64_t accepted = 0;
  std::uint64_t duplicates = 0;
  std::map<std::string, std::uint64_t> unmatched;  ///< accepted but not billed yet, by reason
  std::vector<RowFault> rejects;                   ///< by row
  struct Created {
    std::uint64_t accounts = 0;
    std::uint64_t profiles = 0;
    std::uint64_t sections = 0;
    std::uint64_t enrollments = 0;
    std::uint64_t enrollment_accounts = 0;
    std::uint64_t subscriptions = 0;
  } created;
  struct Total {
    std::uint64_t rows = 0;
    Exact cost;
  };
  std::map<std::string, Total> totals;  ///< of what is recorded, by currency
  std::uint64_t position = 0;                      ///< the ledger's; 0: a dry run, or whoever imports may not read it
  /// Of a month that was restated: its rows that stay, are new, and are void now; or would be, in a dry run and where
  /// rows were rejected.
  struct Replaced {
    std::string month;
    std::uint64_t kept = 0;
    std::uint64_t added = 0;
    std::uint64_t voided = 0;
  };
  std::optional<Replaced> replaced{};

  /// api.md 7, in one line.
  [[nodiscard]] std::string to_json() const;
  /// A few lines for people.
  [[nodiscard]] std::string to_text() const;
};

/// `FILE:18:27: BilledCost "12,5x": reason`, `FILE:18: /type is missing`: one line of a row that did not go in.
[[nodiscard]] std::string describe(const RowFault& fault, const std::string& file);

}  // namespace daybook::cli
