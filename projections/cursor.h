#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "ledger/domain/result.h"
#include "ledger/domain/rules/position.h"

namespace daybook::projections {

/// What a cursor says: go on behind `place`, as of the position that the first page began at.
struct CursorContent {
  Position position = 0;
  std::string place;  ///< opaque; of the list that made it
  friend bool operator==(const CursorContent&, const CursorContent&) = default;
};

/// Makes cursors and takes them back: base64url(position:u64 ‖ place ‖ MAC:16). The MAC (keyed
/// BLAKE2b under the server's secret) also covers the question and who asked, which are not in the
/// text: a cursor that was altered, or that belongs to another question or caller, is refused.
class CursorSeal {
 public:
  using Secret = std::array<std::uint8_t, 32>;
  explicit CursorSeal(const Secret& secret) : secret_(secret) {}

  /// `question`: path and filters, always written the same way, without cursor and limit. `caller`:
  /// key and identity.
  [[nodiscard]] std::string seal(const CursorContent& content, std::string_view question,
                                 std::string_view caller) const;
  /// Errors: BAD_CURSOR.
  [[nodiscard]] Result<CursorContent> open(std::string_view cursor, std::string_view question,
                                           std::string_view caller) const;

 private:
  [[nodiscard]] std::string mac(std::string_view content, std::string_view question,
                                std::string_view caller) const;

  Secret secret_;
};

}  // namespace daybook::projections
