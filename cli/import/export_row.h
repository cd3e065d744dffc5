#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "cli/import/csv_reader.h"
#include "cli/import/export_columns.h"
#include "ledger/domain/currency.h"
#include "ledger/domain/decimal.h"
#include "ledger/domain/time.h"

namespace daybook::cli {

/// Why a row does not go in: where it is wrong, what stands there, and what should.
struct RowFault {
  static constexpr std::size_t kValueShown = 80;  ///< characters of a value that are told

  std::size_t row = 0;     ///< of the rows below the header, from 1
  std::size_t line = 0;    ///< of the file, from 1
  std::size_t column = 0;  ///< in bytes, from 1; 0: the row as a whole
  std::string name;        ///< of the column; empty: the row as a whole
  std::string value;       ///< as it stands there
  std::string code;
  std::string reason;
};

/// A row of a FOCUS export (1.0 or 1.2) or of an Azure cost export, read. Texts are empty where the row has none.
struct ExportRow {
  std::string account_id;
  std::string account_name;
  bool of_enrollment = false;  ///< the account is an enrollment of the same id; else it has profiles
  std::string profile_id;
  std::string profile_name;
  std::string section_id;  ///< the profile's own id: its only section
  std::string section_name;
  std::string enrollment_account_id;
  std::string enrollment_account_name;
  std::string enrollment_account_owner;
  std::string subscription_id;
  std::string subscription_name;
  std::string offer_id;
  Currency currency;
  Date first_day;  ///< of its billing period, or of its charge where that is earlier
  Instant time;    ///< the charge began
  Decimal cost;
  std::string digest;  ///< 32 hex digits of its cells by column name: the same row has it in every file
  std::string data;    ///< `UsageRecorded` as JSON, without its envelope
};

/// Reads one record. Amounts are exact; what no field of the ledger holds letter for letter is kept in `additionalInfo`.
/// Row and line of a fault are the caller's to fill in where it concerns the whole row.
[[nodiscard]] tl::expected<ExportRow, RowFault> read_export_row(const ExportColumns& columns, const CsvRecord& record);

/// The column that a pointer into the event comes from; nothing where it comes from none.
[[nodiscard]] std::optional<std::size_t> column_of_pointer(const ExportColumns& columns, std::string_view pointer);

}  // namespace daybook::cli
