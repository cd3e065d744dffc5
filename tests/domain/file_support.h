#pragma once

#include <map>
#include <string>
#include <vector>

#include "ledger/codec/csv_writer.h"
#include "ledger/domain/answers/usage_file_answer.h"
#include "ledger/domain/exact.h"
#include "tests/domain/answers_support.h"

namespace daybook::testing {

/// A file, read back by the names of its columns.
class ReadFile final : public FileSink {
 public:
  struct Table {
    std::string title;
    std::vector<std::string> columns;
    std::vector<std::map<std::string, std::string>> rows;
  };

  void begin(const FileTable& table) override {
    tables.push_back({std::string(table.title), {}, {}});
    for (const Column& column : table.columns) tables.back().columns.emplace_back(column.name);
  }
  void row(std::span<const Cell> cells) override {
    std::map<std::string, std::string> row;
    ASSERT_EQ(cells.size(), tables.back().columns.size());
    for (std::size_t i = 0; i < cells.size(); ++i) {
      std::string csv;
      codec::CsvWriter(csv).row(cells.subspan(i, 1));
      row[tables.back().columns[i]] = csv.substr(0, csv.size() - 2);
    }
    tables.back().rows.push_back(std::move(row));
  }

  /// Σ of a column of numbers, exact.
  [[nodiscard]] std::string sum(const std::string& column, std::size_t table = 0) const {
    Exact total;
    for (const auto& row : tables.at(table).rows) {
      const std::string& text = row.at(column);
      if (!text.empty()) total = add(total, Exact::from(decimal(text)).value()).value();
    }
    return total.to_string();
  }
  /// The cells of a column, one after another.
  [[nodiscard]] std::string column(const std::string& name, std::size_t table = 0) const {
    std::string text;
    for (const auto& row : tables.at(table).rows) text += row.at(name) + " ";
    return text;
  }

  std::vector<Table> tables;
  FileSummary summary;
};

/// Errors are failures of the test.
inline ReadFile read_file(const InMemoryLedger& ledger, const UsageFile& file) {
  ReadFile read;
  const auto summary =
      write_usage_file(ledger.state(), ledger.usage(), ledger.records(), file, read);
  if (summary) {
    read.summary = *summary;
  } else {
    ADD_FAILURE() << summary.error().code << ": " << summary.error().detail;
  }
  return read;
}

/// The file of an invoice, long after its data has become final.
inline ReadFile file_of(const InMemoryLedger& ledger, const Invoice& invoice,
                        std::optional<ExportKind> kind = std::nullopt) {
  const auto file =
      invoice_file_answer(ledger.state(), Viewer::operating(), invoice.invoice_id, kind,
                          Instant::start_of(invoice.period.end_exclusive.plus_days(3)));
  if (!file) {
    ADD_FAILURE() << file.error().code << ": " << file.error().detail;
    return {};
  }
  return read_file(ledger, *file);
}

}  // namespace daybook::testing
