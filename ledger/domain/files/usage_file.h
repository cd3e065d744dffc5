#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "ledger/domain/enums.h"
#include "ledger/domain/files/charged_period.h"
#include "ledger/domain/files/file_row.h"
#include "ledger/domain/money.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/scope.h"
#include "ledger/domain/time.h"

/// Usage files: which kinds there are, what is in them, and their rows (domain.md 4.7).
namespace daybook {

/// `v2`, `focus-1.0` …: the name of a kind in `?format=`, and in the names of files.
[[nodiscard]] std::string_view format_name(ExportKind kind);
[[nodiscard]] std::optional<ExportKind> parse_format(std::string_view name);

/// The kinds of usage file that a document of this type of account has, the one offered first in
/// front.
[[nodiscard]] std::span<const ExportKind> usage_kinds(AccountType type);
[[nodiscard]] bool has_kind(AccountType type, ExportKind kind);

/// Whether charges of this type stand in files of this kind (domain.md 2.1): never credit or tax in
/// those that had none, in FOCUS everything that the document bills.
[[nodiscard]] bool includes(ExportKind kind, ChargeType type);

/// A section of a file: MOSP files have a statement and daily usage, all others one alone.
struct FileTable {
  std::string_view title;  ///< empty where the file has one table
  std::span<const Column> columns;
  bool is_statement = false;  ///< a row for each line, not for each row of usage
};
[[nodiscard]] std::vector<FileTable> tables_of(ExportKind kind);

/// Charges of one profile, enrollment or subscription in a file.
struct FilePart {
  FileSubject subject;
  ChargedPeriod charged;
  /// Nothing: all. Else the charges of these alone, as a department or subscription is shown.
  std::optional<std::vector<SubscriptionId>> only = std::nullopt;
};

/// What a price sheet is of.
struct PriceSheet {
  ScopeRef scope;
  Date on;
};

/// A file before it is written. Parts of one file have one currency, or none is its sum.
struct UsageFile {
  ExportKind kind = ExportKind::UsageV2;
  std::vector<FilePart> parts;
  std::optional<PriceSheet> price_sheet;  ///< instead of parts, where that is the kind
  ExportMetric metric = ExportMetric::ActualCost;
  Date through;  ///< of AmortizedCost: later days of an open period cost nothing yet
};

/// Takes a file row by row.
class FileSink {
 public:
  virtual ~FileSink() = default;
  virtual void begin(const FileTable& table) = 0;
  virtual void row(std::span<const Cell> cells) = 0;
};

struct FileSummary {
  std::int64_t row_count = 0;  ///< of all tables
  std::optional<Money> sum;    ///< of the costs, the rounding row included
};

/// Hands out the file. In a file of an invoice the costs sum to what the invoice bills of these
/// charges: a `RoundingAdjustment` row is the difference, where there is one. In one of
/// AmortizedCost what reservations cost stands on their days, not on that of their purchase: FOCUS has
/// it beside what is billed, other kinds in its place (docs/decisions/0046). Errors: those of `usage` and
/// `records`; AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<FileSummary> write_usage_file(const StateReader& state,
                                                   const UsageSource& usage,
                                                   const UsageRecords& records,
                                                   const UsageFile& file, FileSink& sink);

}  // namespace daybook
