#pragma once

#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace daybook::cli {

/// The real export, as it was published.
inline std::string real_export() {
  std::ifstream file(DAYBOOK_TEST_DATA "/focus/focus_1.0_sample_1000_multicloud.csv", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A row of an export by its columns; what is not named has a sound value.
class ExportText {
 public:
  ExportText& row(const std::vector<std::pair<std::string, std::string>>& cells = {}) {
    std::string line;
    for (const auto& [name, sound] : columns_) {
      std::string text = sound;
      for (const auto& [other, value] : cells) {
        if (other == name) text = value;
      }
      line += (line.empty() ? "" : ",") + text;
    }
    rows_ += line + "\n";
    return *this;
  }
  ExportText& line(const std::string& text) {
    rows_ += text + "\n";
    return *this;
  }
  [[nodiscard]] std::string text() const {
    std::string header;
    for (const auto& [name, sound] : columns_) header += (header.empty() ? "" : ",") + name;
    return header + "\n" + rows_;
  }

 private:
  std::vector<std::pair<std::string, std::string>> columns_ = {
      {"BillingAccountId", "acc-1"},    {"BillingAccountName", "Contoso"},        {"SubAccountId", "sub-1"},
      {"SubAccountName", "Web"},        {"BillingCurrency", "USD"},               {"BillingPeriodStart", "2024-09-01 00:00:00"},
      {"ChargeCategory", "Usage"},      {"ChargePeriodStart", "2024-09-18 22:00:00"}, {"BilledCost", "1.25"},
      {"SkuId", "sku-1"},               {"ConsumedQuantity", "2"},                {"ConsumedUnit", "Hours"},
      {"Tags", "NULL"},                 {"AvailabilityZone", "NULL"},
  };
  std::string rows_;
};

}  // namespace daybook::cli
