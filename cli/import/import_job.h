#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/import/export_columns.h"
#include "cli/import/import_report.h"
#include "cli/progress.h"
#include "cli/target.h"
#include "ledger/domain/time.h"

namespace daybook::cli {

struct ImportOptions {
  ExportFormat format = ExportFormat::Focus;
  std::string file;     ///< as it is named in messages
  std::string dataset;  ///< empty: the billing account's id
  std::string tenant;   ///< of accounts that are made; empty: the account's id
  std::string country = "US";  ///< of accounts that are made: decides which tax rates hold
  std::string account_type;  ///< `EA` or `MCA`: a file with accounts of another type is refused; empty: any
  bool strict = false;   ///< one broken row: nothing goes in
  bool dry_run = false;  ///< read and sum up, record nothing
  std::optional<Period> replace{};  ///< a month: what the file no longer has of it is void
};

/// Takes a cost export into a ledger (api.md 7): first the accounts, agreements and subscriptions that are missing, then
/// a `UsageRecorded` a row. Rows keep their identity whatever file they stand in, so a row counts once.
///
/// The text is read twice: once for what it speaks of and for its faults, once to send its rows.
/// With `replace` the file says all there is of that month, dataset by dataset: first its rows go in, then those that it
/// has not are void; a broken row, or none of the month, refuses the file, and where the ledger refuses a row, nothing is
/// void.
/// Errors: of the file as a whole, of the target, and with `strict` of the first broken row.
[[nodiscard]] Outcome<ImportReport> import_export(std::string_view text, const ImportOptions& options, Target& target,
                                                 Progress& progress);

}  // namespace daybook::cli
