#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/domain/decimal.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/time.h"
#include "ledger/log/log.h"
#include "projections/usage/usage_shape.h"

namespace daybook::projections {

/// A UsageAmended or UsageVoided on its way to the row it means.
struct Correction {
  Position position = 0;
  std::uint32_t stream = 0;
  std::string source;
  std::string usage_id;
  bool voids = false;
  std::optional<Decimal> quantity = {};
  std::optional<Decimal> unit_price = {};
  std::optional<Decimal> cost = {};
  std::optional<std::vector<std::pair<std::string, std::string>>> tags = {};
  std::string subscription_id = {};
};

/// Throws InvariantBroken for a record of another type or with broken bytes.
[[nodiscard]] Correction read_correction(const log::RecordView& record);

/// A usage row as it stands after a correction.
struct CorrectedRow {
  bool is_void = false;
  Decimal quantity{0};
  Decimal own_value{0};
  std::string shape = {};  ///< stored form

  /// The row after one more correction. What is void stays void.
  [[nodiscard]] CorrectedRow after(const Correction& correction) const;

  /// void:u8 ‖ quantity ‖ own value ‖ shape
  [[nodiscard]] std::string encode() const;
  [[nodiscard]] static CorrectedRow decode(std::string_view value);

  friend bool operator==(const CorrectedRow&, const CorrectedRow&) = default;
};

/// Where a usage row stands.
struct RowPlace {
  Date day;
  Position position = 0;
  friend bool operator==(const RowPlace&, const RowPlace&) = default;
};

/// The rows of one stream by the hash of their usage id.
class UsageIdIndex {
 public:
  void add(std::uint32_t hash, RowPlace place) { entries_.push_back({hash, place}); }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  /// All rows with that hash.
  [[nodiscard]] std::vector<RowPlace> find(std::uint32_t hash);

 private:
  struct Entry {
    std::uint32_t hash;
    RowPlace place;
  };
  std::vector<Entry> entries_;
  std::size_t sorted_ = 0;  ///< so many from the first are in order of their hash
};

}  // namespace daybook::projections
