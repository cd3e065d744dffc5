#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/import/csv_reader.h"
#include "ledger/domain/result.h"

namespace daybook::cli {

/// Cost exports that are known.
enum class ExportFormat : std::uint8_t { Focus, AzureCost };

/// As the command line and reports have it: `focus`, `azure-cost`.
[[nodiscard]] std::string_view name(ExportFormat format);

/// What an importer needs of a cost export's columns, whatever their names and places.
enum class ExportField : std::uint8_t {
  Account,
  AccountName,
  Profile,
  ProfileName,
  Section,
  SectionName,
  EnrollmentAccount,
  EnrollmentAccountOwner,
  Subscription,
  SubscriptionName,
  Offer,
  Currency,
  PeriodStart,
  ChargeStart,
  ChargeKind,
  Cost,
  Meter,
  MeterName,
  MeterSubCategory,
  Quantity,
  Unit,
  Resource,
  ResourceGroup,
  Category,
  Product,
  Region,
  Publisher,
  PricingModel,
  CreditEligible,
  Tags,
};
inline constexpr std::size_t kExportFields = static_cast<std::size_t>(ExportField::Tags) + 1;

/// The columns of one file: by name with aliases, capital letters or not, never by place.
class ExportColumns {
 public:
  /// Errors: INVALID_FIELD for a header that is none, names a column twice, or lacks a column that is needed.
  [[nodiscard]] static Result<ExportColumns> of(ExportFormat format, const CsvRecord& header);

  [[nodiscard]] ExportFormat format() const { return format_; }

  [[nodiscard]] std::size_t count() const { return names_.size(); }
  [[nodiscard]] const std::string& name(std::size_t column) const { return names_[column]; }
  /// Columns in the order of their names: so that nothing depends on their places.
  [[nodiscard]] const std::vector<std::size_t>& by_name() const { return by_name_; }

  [[nodiscard]] std::optional<std::size_t> column(ExportField field) const {
    return columns_[static_cast<std::size_t>(field)];
  }
  /// The field's cell; null where there is no such column, or nothing in the cell.
  [[nodiscard]] const CsvCell* cell(const CsvRecord& record, ExportField field) const;

 private:
  ExportFormat format_ = ExportFormat::Focus;
  std::vector<std::string> names_;
  std::vector<std::size_t> by_name_;
  std::array<std::optional<std::size_t>, kExportFields> columns_{};
};

}  // namespace daybook::cli
