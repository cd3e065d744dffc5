#pragma once

#include <string>
#include <string_view>

#include "cli/import/import_report.h"
#include "cli/progress.h"
#include "cli/target.h"

namespace daybook::cli {

struct EventImportOptions {
  std::string file;      ///< as it is named in messages
  bool strict = false;   ///< one broken event: nothing goes in
  bool dry_run = false;  ///< read, record nothing
};

/// Takes structured CloudEvents into a ledger: an array of them, or one a line, as `GET /v1/events` shows them or any
/// source writes them. `rows` of the report are events, faults have the line on which an event begins.
///
/// The text is read twice: once for what is no JSON, once to send. Errors: an array that is no JSON, those of the target,
/// and with `strict` the first broken event.
[[nodiscard]] Outcome<ImportReport> import_events(std::string_view text, const EventImportOptions& options, Target& target,
                                                  Progress& progress);

}  // namespace daybook::cli
