#pragma once

#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "ledger/domain/decimal.h"
#include "ledger/domain/money.h"
#include "ledger/domain/time.h"

namespace daybook::codec {

/// Appends JSON to a string, with the commas where they belong.
///
///   JsonWriter json(out);
///   json.begin_object().key("position").number(17).key("items").begin_array().end_array().end_object();
///
/// The caller sees to the nesting. Texts are taken as UTF-8; what is not is replaced by U+FFFD, so
/// that the output is JSON whatever was stored.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(&out) {}

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }

  /// A member's name; its value comes next.
  JsonWriter& key(std::string_view name);
  /// A name as it stands in JSON, with quotes and colon.
  JsonWriter& raw_key(std::string_view quoted) {
    comma();
    out_->append(quoted);
    separate_ = false;
    return *this;
  }

  JsonWriter& text(std::string_view value);
  JsonWriter& boolean(bool value) { return raw(value ? "true" : "false"); }
  JsonWriter& null() { return raw("null"); }
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  JsonWriter& number(T value) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    return raw({digits, static_cast<std::size_t>(end - digits)});
  }
  JsonWriter& decimal(const Decimal& value);
  JsonWriter& money(const Money& value);
  JsonWriter& date(Date value);
  JsonWriter& instant(Instant value);
  JsonWriter& period(const Period& value);
  /// Base64 with padding (RFC 4648, 4).
  JsonWriter& base64(std::string_view bytes);
  /// A value that is JSON already.
  JsonWriter& raw(std::string_view json) {
    comma();
    out_->append(json);
    separate_ = true;
    return *this;
  }

  [[nodiscard]] std::string& out() { return *out_; }

 private:
  JsonWriter& open(char c) {
    comma();
    out_->push_back(c);
    separate_ = false;
    return *this;
  }
  JsonWriter& close(char c) {
    out_->push_back(c);
    separate_ = true;
    return *this;
  }
  void comma() {
    if (separate_) out_->push_back(',');
  }
  /// A text without anything to escape.
  JsonWriter& quoted(const char* begin, const char* end);
  void escaped(std::string_view value);

  std::string* out_;
  bool separate_ = false;
};

}  // namespace daybook::codec
