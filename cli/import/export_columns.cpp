#include "cli/import/export_columns.h"

#include <algorithm>
#include <numeric>
#include <span>
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
    Known{ExportField::Publisher, false, {"ProviderName", "Provider"}},
    Known{ExportField::Tags, false, {"Tags"}},
};

/// Azure's actual and amortized cost, of enrollments and of customer agreements, as the years have named their columns.
constexpr std::array kAzureCost = {
    Known{ExportField::Account, true, {"BillingAccountId", "EnrollmentNumber"}},
    Known{ExportField::AccountName, false, {"BillingAccountName"}},
    Known{ExportField::Profile, false, {"BillingProfileId"}},
    Known{ExportField::ProfileName, false, {"BillingProfileName"}},
    Known{ExportField::Section, false, {"InvoiceSectionId"}},
    Known{ExportField::SectionName, false, {"InvoiceSectionName", "InvoiceSection"}},
    Known{ExportField::EnrollmentAccount, false, {"AccountName", "EnrollmentAccountName"}},
    Known{ExportField::EnrollmentAccountOwner, false, {"AccountOwnerId"}},
    Known{ExportField::Subscription, true, {"SubscriptionId", "SubscriptionGuid"}},
    Known{ExportField::SubscriptionName, false, {"SubscriptionName"}},
    Known{ExportField::Offer, false, {"OfferId"}},
    Known{ExportField::Currency, true, {"BillingCurrency", "BillingCurrencyCode", "Currency"}},
    Known{ExportField::PeriodStart, true, {"BillingPeriodStartDate", "BillingPeriodStart"}},
    Known{ExportField::ChargeStart, true, {"Date", "UsageDate", "UsageDateTime"}},
    Known{ExportField::ChargeKind, true, {"ChargeType"}},
    Known{ExportField::Cost, true, {"Cost", "CostInBillingCurrency"}},
    Known{ExportField::Meter, false, {"MeterId"}},
    Known{ExportField::MeterName, false, {"MeterName"}},
    Known{ExportField::MeterSubCategory, false, {"MeterSubCategory"}},
    Known{ExportField::Quantity, false, {"Quantity", "UsageQuantity", "ConsumedQuantity"}},
    Known{ExportField::Unit, false, {"UnitOfMeasure"}},
    Known{ExportField::Resource, false, {"ResourceId", "InstanceId"}},
    Known{ExportField::ResourceGroup, false, {"ResourceGroup", "ResourceGroupName"}},
    Known{ExportField::Category, false, {"MeterCategory"}},
    Known{ExportField::Product, false, {"ProductName", "Product"}},
    Known{ExportField::Region, false, {"MeterRegion", "ResourceLocation"}},
    Known{ExportField::Publisher, false, {"PublisherType"}},
    Known{ExportField::PricingModel, false, {"PricingModel"}},
    Known{ExportField::CreditEligible, false, {"IsAzureCreditEligible"}},
    Known{ExportField::Tags, false, {"Tags"}},
};
static_assert(kAzureCost.size() == kExportFields);

std::span<const Known> known_columns(ExportFormat format) {
  if (format == ExportFormat::AzureCost) return kAzureCost;
  return kFocus;
}

std::string folded(std::string_view name) {
  std::string text(name);
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

}  // namespace

std::string_view name(ExportFormat format) { return format == ExportFormat::AzureCost ? "azure-cost" : "focus"; }

Result<ExportColumns> ExportColumns::of(ExportFormat format, const CsvRecord& header) {
  if (header.broken) return rejected("INVALID_FIELD", "The header is no CSV. " + header.reason);
  ExportColumns columns;
  columns.format_ = format;
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
  for (const Known& known : known_columns(format)) {
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
    return rejected("INVALID_FIELD", std::string(format == ExportFormat::AzureCost ? "This is no Azure cost export" : "This is no FOCUS export") +
                                         ": its header has no column " + missing + ".");
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
