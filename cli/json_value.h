#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/domain/result.h"

namespace daybook::cli {

/// A JSON document in memory, for answers and for cells that hold JSON. Numbers are integers or kept as null:
/// amounts come as strings.
class JsonValue {
 public:
  enum class Kind : std::uint8_t { Null, Boolean, Integer, Text, Array, Object };

  /// Errors: MALFORMED_JSON.
  [[nodiscard]] static Result<JsonValue> parse(std::string_view text);

  /// The text of a member of the object `text`, as it stands there. Errors: MALFORMED_JSON, also where there is none.
  [[nodiscard]] static Result<std::string> raw_member(std::string_view text, std::string_view name);

  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] bool is_null() const { return kind_ == Kind::Null; }
  [[nodiscard]] bool boolean() const { return integer_ != 0; }
  [[nodiscard]] std::int64_t integer() const { return integer_; }
  /// Empty for what is no text.
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] const std::vector<JsonValue>& items() const { return items_; }
  [[nodiscard]] const std::vector<std::pair<std::string, JsonValue>>& members() const { return members_; }
  /// The member of that name, or null for none: chains of look-ups need no checks between.
  [[nodiscard]] const JsonValue& operator[](std::string_view name) const;

 private:
  friend struct JsonBuilder;
  Kind kind_ = Kind::Null;
  std::int64_t integer_ = 0;
  std::string text_;
  std::vector<JsonValue> items_;
  std::vector<std::pair<std::string, JsonValue>> members_;
};

/// `12.00 EUR` of a Money.
[[nodiscard]] std::string amount_of(const JsonValue& money);

}  // namespace daybook::cli
