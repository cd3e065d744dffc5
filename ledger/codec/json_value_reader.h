#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <simdjson.h>

#include "ledger/codec/json_tokens.h"
#include "ledger/codec/type_info.h"
#include "ledger/domain/result.h"

namespace daybook::codec {

/// Reads values of simdjson On-Demand straight into described objects. Only .cpp files of this
/// folder include this header.
///
/// On-Demand checks what is looked at and nothing else; so every value is looked at, numbers are
/// read from their own characters, and what is refused is read again by check_json, which knows
/// whether it was JSON at all.
class JsonValueReader {
 public:
  /// `end`: of the padded text that the values come from. `accept_erased`: null stands for an
  /// erased personal value, as our own answers have it.
  void begin(const char* end, bool accept_erased) {
    end_ = end;
    accept_erased_ = accept_erased;
    members_left_ = kMaxMembers;
    error_ = Error{};
  }

  /// Reads over whatever `object` holds: what `value` leaves out is without value afterwards.
  [[nodiscard]] bool read(const TypeInfo& info, void* object, simdjson::ondemand::value& value,
                          bool required);
  [[nodiscard]] bool read_struct(const TypeInfo& info, void* object,
                                 simdjson::ondemand::object& fields);

  /// A string, under the rules of api.md; `required`: not empty.
  [[nodiscard]] bool read_string(simdjson::ondemand::value& value, std::string& out, bool required);

  [[nodiscard]] const Error& error() const { return error_; }
  [[nodiscard]] Error&& take_error() { return std::move(error_); }

  // All of these return false.
  bool fail(std::string_view code, std::string detail);
  bool fail(Error error);
  bool malformed();
  bool wrong_type(std::string_view expected);
  /// Puts `name` in front of the error's pointer.
  bool in(std::string_view name);

 private:
  bool read_integer(const TypeInfo& info, void* object, simdjson::ondemand::value& value);
  bool read_decimal(Decimal& out, simdjson::ondemand::value& value);
  bool read_money(Money& out, simdjson::ondemand::value& value);
  bool read_period(Period& out, simdjson::ondemand::value& value);
  bool read_enum(const TypeInfo& info, void* object, simdjson::ondemand::value& value);
  bool read_bytes(ByteVector& out, simdjson::ondemand::value& value);
  bool read_json_text(std::string& out, simdjson::ondemand::value& value);
  bool read_texts(Texts& out, simdjson::ondemand::value& value);
  bool read_vector(const TypeInfo& info, void* object, simdjson::ondemand::value& value);
  /// The two members of a value like Money, in any order.
  template <class First, class Second>
  bool read_pair(simdjson::ondemand::value& value, std::string_view first, First&& read_first,
                 std::string_view second, Second&& read_second);
  template <class T>
  bool read_parsed(T& out, simdjson::ondemand::value& value, std::string_view expected);
  /// The characters of a string.
  bool text_of(simdjson::ondemand::value& value, std::string_view& text, std::string_view expected);
  bool count_member() {
    if (members_left_ == 0) [[unlikely]] return too_many_members();
    --members_left_;
    return true;
  }
  bool too_many_members();

  const char* end_ = nullptr;
  bool accept_erased_ = false;
  std::size_t members_left_ = 0;
  Error error_;
};

}  // namespace daybook::codec
