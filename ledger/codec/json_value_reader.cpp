#include "ledger/codec/json_value_reader.h"

#include <bit>
#include <charconv>
#include <limits>
#include <utility>

#include "ledger/codec/base64.h"
#include "ledger/codec/flatbuffers_layout.h"
#include "ledger/codec/json_check.h"
#include "ledger/codec/json_members.h"
#include "ledger/codec/text_rules.h"

namespace daybook::codec {
namespace {

using detail::as;
using simdjson::ondemand::array;
using simdjson::ondemand::field;
using simdjson::ondemand::object;
using simdjson::ondemand::value;

}  // namespace

bool JsonValueReader::read(const TypeInfo& info, void* object, value& value, bool required) {
  switch (info.kind) {
    case Kind::Optional:
      if (first_of(value) == 'n') {
        bool is_null = false;
        info.clear(object);
        return (value.is_null().get(is_null) == simdjson::SUCCESS && is_null) || malformed();
      }
      return read(*info.element, info.emplace(object), value, false);
    case Kind::Personal:
      info.sealed(object).clear();
      if (accept_erased_ && first_of(value) == 'n') {
        bool is_null = false;
        info.clear(object);
        return (value.is_null().get(is_null) == simdjson::SUCCESS && is_null) || malformed();
      }
      return read(*info.element, info.emplace(object), value, required);
    case Kind::String:
      return read_string(value, as<std::string>(object), required);
    case Kind::Identifier: {
      std::string_view text;
      if (!text_of(value, text, "an identifier")) return false;
      if (!is_identifier(text)) return fail(invalid_identifier(info.name).value());
      info.assign(object, std::string(text));
      return true;
    }
    case Kind::Bool: {
      const char c = first_of(value);
      if (c != 't' && c != 'f') return wrong_type("true or false");
      return value.get_bool().get(as<bool>(object)) == simdjson::SUCCESS || malformed();
    }
    case Kind::Integer:
      return read_integer(info, object, value);
    case Kind::Enum:
      return read_enum(info, object, value);
    case Kind::Decimal:
      return read_decimal(as<Decimal>(object), value);
    case Kind::Money:
      return read_money(as<Money>(object), value);
    case Kind::Currency:
      return read_parsed(as<Currency>(object), value, "a currency");
    case Kind::Date:
      return read_parsed(as<Date>(object), value, "a date");
    case Kind::Instant:
      return read_parsed(as<Instant>(object), value, "an instant");
    case Kind::Period:
      return read_period(as<Period>(object), value);
    case Kind::JsonText:
      return read_json_text(as<JsonText>(object).text, value);
    case Kind::Bytes:
      return read_bytes(as<ByteVector>(object), value);
    case Kind::Texts:
      return read_texts(as<Texts>(object), value);
    case Kind::Vector:
      return read_vector(info, object, value);
    case Kind::Struct: {
      if (first_of(value) != '{') return wrong_type("an object");
      simdjson::ondemand::object fields;
      return value.get_object().get(fields) == simdjson::SUCCESS ? read_struct(info, object, fields)
                                                                 : malformed();
    }
  }
  return malformed();
}

bool JsonValueReader::read_struct(const TypeInfo& info, void* target, object& fields) {
  std::uint64_t seen = 0;
  std::size_t hint = 0;
  for (auto result : fields) {
    if (result.error() != simdjson::SUCCESS) return malformed();
    auto&& field = field_of(result);
    const char* raw = field.key().raw();
    const MemberInfo* member = find_member(info, raw, hint);
    if (member == nullptr) [[unlikely]] {
      std::string_view name;
      if (!unescaped_key(field, name)) return malformed();
      for (const MemberInfo& candidate : info.members) {
        if (candidate.name == name) member = &candidate;
      }
      if (member == nullptr) {
        fail("INVALID_FIELD", "is no member here: leave it out, or mind its spelling");
        return in(name.substr(0, 128));
      }
    }
    const std::uint64_t bit = std::uint64_t{1} << (member - info.members.data());
    if ((seen & bit) != 0) {
      fail("DUPLICATE_MEMBER", "is there twice: remove one");
      return in(member->name);
    }
    seen |= bit;
    if (!count_member()) return false;
    simdjson::ondemand::value& value = field.value();
    if (!read(*member->type, member_of(target, *member), value, !member->may_be_empty)) {
      return in(member->name);
    }
  }
  if (const std::uint64_t missing = info.required & ~seen; missing != 0) {
    fail("INVALID_FIELD", "is missing; it has to be there");
    return in(info.members[static_cast<std::size_t>(std::countr_zero(missing))].name);
  }
  info.clear_others(target, seen);
  return true;
}

bool JsonValueReader::text_of(value& value, std::string_view& text, std::string_view expected) {
  const std::string_view token = value.raw_json_token();
  if (token.front() != '"') return wrong_type(expected);
  if (plain_text(token, text)) return true;
  return value.get_string().get(text) == simdjson::SUCCESS || malformed();
}

bool JsonValueReader::read_string(value& value, std::string& out, bool required) {
  const std::string_view token = value.raw_json_token();
  std::string_view text;
  if (token.front() != '"') return wrong_type("a string");
  const bool plain = plain_text(token, text);
  if (!plain && value.get_string().get(text) != simdjson::SUCCESS) return malformed();
  if (text.empty() && required) return fail("INVALID_STRING", "is empty: give it a value");
  if (!plain || text.size() > kMaxStringBytes) {
    if (auto refusal = refuse_text(text)) return fail(std::move(*refusal));
  }
  out.assign(text);
  return true;
}

template <class T>
bool JsonValueReader::read_parsed(T& out, value& value, std::string_view expected) {
  std::string_view text;
  if (!text_of(value, text, expected)) return false;
  auto parsed = T::parse(text);
  if (!parsed) return fail(std::move(parsed.error()));
  out = *parsed;
  return true;
}

bool JsonValueReader::read_integer(const TypeInfo& info, void* object, value& value) {
  if (!begins_number(first_of(value))) return wrong_type("a whole number");
  const std::string_view token = token_of(value);
  const auto parse = [&]<class T>(T& out) {
    const auto result = std::from_chars(token.data(), token.data() + token.size(), out);
    const bool whole = result.ec == std::errc() && result.ptr == token.data() + token.size();
    return (whole && is_integer(token)) || fail("INVALID_FIELD", "is no whole number in range");
  };
  switch (info.size) {
    case 1:
      return parse(as<std::uint8_t>(object));
    case 2:
      return parse(as<std::uint16_t>(object));
    case 4:
      return info.is_signed ? parse(as<std::int32_t>(object)) : parse(as<std::uint32_t>(object));
    default:
      return info.is_signed ? parse(as<std::int64_t>(object)) : parse(as<std::uint64_t>(object));
  }
}

bool JsonValueReader::read_enum(const TypeInfo& info, void* object, value& value) {
  const auto known = [&info] {
    std::string names;
    for (const EnumeratorInfo& enumerator : info.enumerators) {
      names.append(names.empty() ? "" : ", ").append(enumerator.name);
    }
    return names;
  };
  if (first_of(value) != '"') return wrong_type("one of the texts " + known());
  std::string_view text;
  if (!text_of(value, text, "a text")) return false;
  for (const EnumeratorInfo& enumerator : info.enumerators) {
    if (enumerator.name == text) {
      std::memcpy(object, &enumerator.value, 1);
      return true;
    }
  }
  return fail("INVALID_FIELD", "is none of " + known());
}

bool JsonValueReader::read_decimal(Decimal& out, value& value) {
  const char c = first_of(value);
  if (c == '"') return read_parsed(out, value, "an amount");
  if (!begins_number(c))
    return wrong_type("an amount: a string such as \"12.34\" or a whole number");
  const std::string_view token = token_of(value);
  if (!is_integer(token)) return fail("INVALID_AMOUNT", "is no exact whole number: send it as a string");
  std::int64_t whole = 0;
  if (std::from_chars(token.data(), token.data() + token.size(), whole).ec == std::errc()) {
    out = Decimal(whole);
    return true;
  }
  auto parsed = Decimal::parse(token);
  if (!parsed) return fail(std::move(parsed.error()));
  out = *parsed;
  return true;
}

template <class First, class Second>
bool JsonValueReader::read_pair(value& value, std::string_view first, First&& read_first,
                                std::string_view second, Second&& read_second) {
  if (first_of(value) != '{') return wrong_type("an object");
  object fields;
  if (value.get_object().get(fields) != simdjson::SUCCESS) return malformed();
  bool seen[2] = {};
  for (auto result : fields) {
    field field;
    std::string_view name;
    if (std::move(result).get(field) != simdjson::SUCCESS || !unescaped_key(field, name))
      return malformed();
    const std::size_t which = name == first ? 0 : 1;
    if (which == 1 && name != second) {
      fail("INVALID_FIELD", "is no member here: leave it out, or mind its spelling");
      return in(name.substr(0, 128));
    }
    if (std::exchange(seen[which], true)) {
      fail("DUPLICATE_MEMBER", "is there twice: remove one");
      return in(name);
    }
    if (!count_member()) return false;
    simdjson::ondemand::value inner = field.value();
    if (!(which == 0 ? read_first(inner) : read_second(inner)))
      return in(which == 0 ? first : second);
  }
  for (const std::size_t which : {0U, 1U}) {
    if (!seen[which]) {
      fail("INVALID_FIELD", "is missing; it has to be there");
      return in(which == 0 ? first : second);
    }
  }
  return true;
}

bool JsonValueReader::read_money(Money& out, value& value) {
  Decimal amount;
  Currency currency;
  const bool read = read_pair(
      value, "amount",
      [&](simdjson::ondemand::value& inner) { return read_decimal(amount, inner); }, "currency",
      [&](simdjson::ondemand::value& inner) { return read_parsed(currency, inner, "a currency"); });
  if (!read) return false;
  auto money = Money::from(amount, currency);
  if (!money) {
    fail(std::move(money.error()));
    return in("amount");
  }
  out = *money;
  return true;
}

bool JsonValueReader::read_period(Period& out, value& value) {
  const bool read = read_pair(
      value, "start",
      [&](simdjson::ondemand::value& inner) { return read_parsed(out.start, inner, "a date"); },
      "endExclusive",
      [&](simdjson::ondemand::value& inner) {
        return read_parsed(out.end_exclusive, inner, "a date");
      });
  if (!read) return false;
  auto period = Period::of(out.start, out.end_exclusive);
  return period.has_value() || fail(std::move(period.error()));
}

bool JsonValueReader::read_bytes(ByteVector& out, value& value) {
  out.clear();
  if (first_of(value) == 'n') {
    bool is_null = false;
    return (value.is_null().get(is_null) == simdjson::SUCCESS && is_null) || malformed();
  }
  std::string_view text;
  if (!text_of(value, text, "a base64 string")) return false;
  return decode_base64(text, out) ||
         fail("INVALID_FIELD", "is no base64 with padding (RFC 4648, section 4)");
}

bool JsonValueReader::read_json_text(std::string& out, value& value) {
  out.clear();
  const char* begin = value.raw_json_token().data();
  JsonCheck checked = check_inner_json({begin, static_cast<std::size_t>(end_ - begin)}, 3, &out);
  if (checked.error) {
    if (checked.error->code == "MALFORMED_JSON") return malformed();
    return fail(std::move(*checked.error));
  }
  return out.size() <= kMaxStringBytes ||
         fail("INVALID_STRING", "is longer than 64 KiB: shorten it");
}

bool JsonValueReader::read_texts(Texts& out, value& value) {
  out.clear();
  const char c = first_of(value);
  if (c == 'n') {
    bool is_null = false;
    return (value.is_null().get(is_null) == simdjson::SUCCESS && is_null) || malformed();
  }
  if (c != '{') return wrong_type("an object of strings");
  object fields;
  if (value.get_object().get(fields) != simdjson::SUCCESS) return malformed();
  for (auto result : fields) {
    field field;
    std::string_view name;
    if (std::move(result).get(field) != simdjson::SUCCESS || !unescaped_key(field, name))
      return malformed();
    if (!count_member()) return false;
    if (auto refusal = refuse_text(name)) {
      fail(std::move(*refusal));
      return in(name.substr(0, 128));
    }
    const auto [entry, added] = out.try_emplace(std::string(name));
    if (!added) {
      fail("DUPLICATE_MEMBER", "is there twice: remove one");
      return in(name);
    }
    simdjson::ondemand::value inner = field.value();
    if (!read_string(inner, entry->second, false)) return in(entry->first);
  }
  return true;
}

bool JsonValueReader::read_vector(const TypeInfo& info, void* target, value& value) {
  info.clear(target);
  const char c = first_of(value);
  if (c == 'n') {
    bool is_null = false;
    return (value.is_null().get(is_null) == simdjson::SUCCESS && is_null) || malformed();
  }
  if (c != '[') return wrong_type("an array");
  array elements;
  if (value.get_array().get(elements) != simdjson::SUCCESS) return malformed();
  std::size_t index = 0;
  for (auto result : elements) {
    simdjson::ondemand::value inner;
    if (std::move(result).get(inner) != simdjson::SUCCESS) return malformed();
    if (!read(*info.element, info.emplace(target), inner, true)) return in(std::to_string(index));
    ++index;
  }
  return true;
}

bool JsonValueReader::too_many_members() {
  return fail("TOO_MANY_MEMBERS", "has more than 10,000 members: send fewer");
}

bool JsonValueReader::fail(std::string_view code, std::string detail) {
  return fail(Error{ErrorKind::Invalid, code, std::move(detail), {}});
}

bool JsonValueReader::fail(Error error) {
  error_ = std::move(error);
  return false;
}

bool JsonValueReader::malformed() { return fail("MALFORMED_JSON", "is no JSON"); }

bool JsonValueReader::wrong_type(std::string_view expected) {
  return fail("INVALID_FIELD", "has the wrong type: it should be " + std::string(expected));
}

bool JsonValueReader::in(std::string_view name) {
  std::string pointer;
  append_pointer(pointer, name);
  error_.pointer.insert(0, pointer);
  return false;
}

}  // namespace daybook::codec
