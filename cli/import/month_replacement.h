#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/target.h"
#include "ledger/domain/time.h"

namespace daybook::cli {

/// `2024-03` as the days it has. Nothing for any other text.
[[nodiscard]] std::optional<Period> month_of_text(std::string_view text);

/// A restated month: which of its rows the ledger keeps, which it lacks, and which the file no longer has.
///
/// Rows are told apart by what stands in their cells (`digest`); of equal ones as many live as the file has. So giving
/// the file again changes nothing, and a row that was taken back and comes again is a new row of that content.
class MonthReplacement {
 public:
  explicit MonthReplacement(Period month) : month_(month) {}

  [[nodiscard]] bool concerns(Date day) const { return month_.contains(day); }
  /// The file has a row of the month, recorded under `source`.
  void expect(const std::string& source, const std::string& digest) { ++rows_[{source, digest}].wanted; }
  [[nodiscard]] bool is_empty() const { return rows_.empty(); }

  /// Learns which rows the ledger has of the sources that the file has rows of. Once, after the last `expect`.
  [[nodiscard]] Outcome<void> compare(Target& target);

  /// The id of the file's next row of that content: of one that is recorded and not void, else a new one.
  [[nodiscard]] std::string next_id(const std::string& source, const std::string& digest);

  /// A recorded row that the file has not.
  struct Gone {
    std::string source;
    std::string subscription_id;
    std::string usage_id;
  };
  [[nodiscard]] std::vector<Gone> gone() const;
  [[nodiscard]] std::uint64_t kept() const;
  [[nodiscard]] std::uint64_t added() const;

 private:
  struct Rows {
    std::uint64_t wanted = 0;                    ///< in the file
    std::map<std::uint64_t, std::string> living;  ///< by the number behind the digest: its subscription
    std::uint64_t last = 0;                      ///< the highest number that was ever used
    std::uint64_t named = 0;                     ///< ids given out
  };
  using Key = std::pair<std::string, std::string>;  ///< source and digest

  Period month_;
  std::map<Key, Rows> rows_;
};

}  // namespace daybook::cli
