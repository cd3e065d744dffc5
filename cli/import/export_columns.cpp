#include "cli/import/export_columns.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "cli/import/cell_values.h"
#include "ledger/codec/text_rules.h"

namespace daybook::cli {
namespace {

struct Known {
  ExportField field;
  bool required;
  std::array<std::string_view, 4> names;  ///< the first that the file has counts
};

/// FOCUS 1.0 and 1.2, and names of the same facts that are found in the wild.
constexpr std::array kFocus = {
    Known{ExportField::Account, true, {"BillingAccountId"}},
    Known{ExportField::AccountName, false, {"BillingAccountName"}},
    Known{ExportField::Subscription, false, {"SubAccountId", "SubscriptionId"}},
    Known{ExportField::SubscriptionName, false, {"SubAccountName", "SubscriptionName"}},
    Known{ExportField::Currency, true, {"BillingCurrency", "BillingCurrencyCode"}},
    Known{ExportField::PeriodStart, true, {"BillingPeriodStart", "BillingPeriodStartDate"}},
    Known{ExportField::ChargeStart, true, {"ChargePeriodStart", "Date"}},
    Known{ExportField::ChargeKind, true, {"ChargeCategory", "ChargeType"}},
    Known{ExportField::Cost, true, {"BilledCost"}},
    Known{ExportField::Meter, false, {"SkuId", "MeterId"}},
    Known{ExportField::Quantity, false, {"ConsumedQuantity", "UsageQuantity", "Quantity"}},
    Known{ExportField::Unit, false, {"ConsumedUnit", "UsageUnit"}},
    Known{ExportField::Resource, false, {"ResourceId"}},
    Known{ExportField::Category, false, {"ServiceCategory"}},
    Known{ExportField::Product, false, {"ServiceName"}},
    Known{ExportField::Region, false, {"RegionName", "Region", "RegionId"}},
    Known{ExportField::Provider, false, {"ProviderName", "Provider"}},
    Known{ExportField::Tags, false, {"Tags"}},
};
static_assert(kFocus.size() == kExportFields);

std::string folded(std::string_view name) {
  std::string text(name);
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

}  // namespace

Result<ExportColumns> ExportColumns::of_focus(const CsvRecord& header) {
  if (header.broken) return rejected("INVALID_FIELD", "The header is no CSV. " + header.reason);
  ExportColumns columns;
  std::vector<std::string> names;
  for (const CsvCell& cell : header.cells) {
    if (!codec::is_utf8(cell.text) || cell.text.find('\0') != std::string::npos) {
      return rejected("INVALID_FIELD", "The file is not UTF-8; save it as CSV in UTF-8.");
    }
    columns.names_.push_back(cell.text);
    names.push_back(folded(cell.text));
  }
  std::vector<std::string> sorted = names;
  std::sort(sorted.begin(), sorted.end());
  if (const auto twice = std::adjacent_find(sorted.begin(), sorted.end()); twice != sorted.end()) {
    return rejected("INVALID_FIELD", "The header names a column twice: \"" + *twice + "\".");
  }
  std::string missing;
  for (const Known& known : kFocus) {
    for (const std::string_view alias : known.names) {
      const auto found = alias.empty() ? names.end() : std::find(names.begin(), names.end(), folded(alias));
      if (found == names.end()) continue;
      columns.columns_[static_cast<std::size_t>(known.field)] = static_cast<std::size_t>(found - names.begin());
      break;
    }
    if (known.required && !columns.column(known.field)) {
      missing += (missing.empty() ? "" : ", ") + std::string(known.names.front());
    }
  }
  if (!missing.empty()) {
    return rejected("INVALID_FIELD", "This is no FOCUS export: its header has no column " + missing + ".");
  }
  columns.by_name_.resize(columns.names_.size());
  std::iota(columns.by_name_.begin(), columns.by_name_.end(), std::size_t{0});
  std::sort(columns.by_name_.begin(), columns.by_name_.end(), [&](std::size_t left, std::size_t right) {
    return columns.names_[left] < columns.names_[right];
  });
  return columns;
}

const CsvCell* ExportColumns::cell(const CsvRecord& record, ExportField field) const {
  const std::optional<std::size_t> at = column(field);
  if (!at || is_missing(record.cells[*at].text)) return nullptr;
  return &record.cells[*at];
}

}  // namespace daybook::cli
