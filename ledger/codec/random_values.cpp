#include "ledger/codec/random_values.h"

#include <array>
#include <cstring>
#include <limits>
#include <string_view>

namespace daybook::codec {
namespace {

using detail::as;

constexpr std::int32_t kFirstDay = -719'162;  // 0001-01-01
constexpr std::int32_t kDays = 3'652'059;     // up to 9999-12-31

constexpr std::string_view kIdentifierCharacters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-";

}  // namespace

std::uint64_t RandomValues::u64() {
  state_ += 0x9E3779B97F4A7C15U;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31);
}

std::string RandomValues::text(std::size_t shortest, std::size_t longest) {
  static constexpr std::array<std::string_view, 12> kPieces = {
      "\"", "\\", "/", "\n", "\t", "é", "ß", "€", "٣", "漢", "🧾", "\xF4\x8F\xBF\xBF"};
  const std::size_t count = shortest + below(longest - shortest + 1);
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    if (one_in(8)) {
      text.append(kPieces[below(kPieces.size())]);
    } else {
      text.push_back(static_cast<char>(' ' + below(95)));
    }
  }
  return text;
}

std::string RandomValues::identifier() {
  std::string id(1 + (one_in(20) ? below(128) : below(20)), 'x');
  for (char& c : id) c = kIdentifierCharacters[below(kIdentifierCharacters.size())];
  return id;
}

Decimal RandomValues::decimal() {
  const auto whole = static_cast<std::int64_t>(u64() >> below(64));
  const int scale = static_cast<int>(below(Decimal::kMaxScale + 1));
  auto value = Decimal::from_parts(
      one_in(4) ? Int128{whole} * static_cast<std::int64_t>(u64() >> 3) : whole, scale);
  return value.value_or(Decimal(whole));
}

Currency RandomValues::currency() {
  const auto all = all_currencies();
  return Currency::parse(all[below(all.size())].code).value();
}

Date RandomValues::date() {
  if (one_in(2)) return {static_cast<std::int32_t>(19'000 + below(1'000))};
  return {static_cast<std::int32_t>(kFirstDay + static_cast<std::int64_t>(below(kDays)))};
}

std::string RandomValues::json() {
  static constexpr std::array<std::string_view, 8> kTexts = {"false",
                                                             "true",
                                                             "17",
                                                             "-0.5e3",
                                                             "\"a\\u0041\\n\"",
                                                             "[]",
                                                             "{\"a\":[1,{\"b\":null}],\"c\":\"€\"}",
                                                             "[[],{},\"\"]"};
  return std::string(kTexts[below(kTexts.size())]);
}

void RandomValues::fill_integer(const TypeInfo& info, void* object) {
  // Small numbers, and the edges of the type.
  std::uint64_t value = one_in(3) ? u64() : below(100);
  if (one_in(10)) value = 0;
  std::memcpy(object, &value, info.size);  // little-endian: the low bytes
}

void RandomValues::fill(const TypeInfo& info, void* object) {
  switch (info.kind) {
    case Kind::Bool:
      as<bool>(object) = one_in(2);
      return;
    case Kind::Integer:
      fill_integer(info, object);
      return;
    case Kind::Enum: {
      const std::uint8_t value = info.enumerators[below(info.enumerators.size())].value;
      std::memcpy(object, &value, 1);
      return;
    }
    case Kind::Decimal:
      as<Decimal>(object) = decimal();
      return;
    case Kind::Money:
      as<Money>(object) = {static_cast<std::int64_t>(u64() >> below(64)), currency()};
      if (one_in(2)) as<Money>(object).minor_units *= -1;
      return;
    case Kind::Currency:
      as<Currency>(object) = currency();
      return;
    case Kind::Date:
      as<Date>(object) = date();
      return;
    case Kind::Instant:
      as<Instant>(object).micros = Instant::start_of(date()).micros +
                                   static_cast<std::int64_t>(one_in(2) ? below(86'400'000'000) : 0);
      return;
    case Kind::Period: {
      const Date start{static_cast<std::int32_t>(below(30'000))};
      as<Period>(object) = {start, {start.days + 1 + static_cast<std::int32_t>(below(400))}};
      return;
    }
    case Kind::String:
      as<std::string>(object) = text(1, one_in(50) ? 3'000 : 24);
      return;
    case Kind::Identifier:
      info.assign(object, identifier());
      return;
    case Kind::JsonText:
      as<JsonText>(object).text = json();
      return;
    case Kind::Bytes:
      as<ByteVector>(object).resize(one_in(3) ? 32 : below(5));
      for (std::byte& byte : as<ByteVector>(object)) byte = static_cast<std::byte>(u64());
      return;
    case Kind::Texts:
      for (std::size_t i = below(4); i > 0; --i) as<Texts>(object)[text(0, 12)] = text(0, 24);
      return;
    case Kind::Struct:
      for (const MemberInfo& member : info.members) fill(*member.type, member_of(object, member));
      return;
    case Kind::Optional:
      if (one_in(2)) fill(*info.element, info.emplace(object));
      return;
    case Kind::Personal:
      fill(*info.element, info.emplace(object));
      return;
    case Kind::Vector:
      for (std::size_t i = below(4); i > 0; --i) fill(*info.element, info.emplace(object));
      return;
  }
}

}  // namespace daybook::codec
