#include "ledger/codec/json_values.h"

#include <cstring>

namespace daybook::codec {
namespace {

using detail::as;

void write_integer(const TypeInfo& info, const void* object, JsonWriter& json) {
  switch (info.size) {
    case 1:
      json.number(as<std::uint8_t>(object));
      break;
    case 2:
      json.number(as<std::uint16_t>(object));
      break;
    case 4:
      info.is_signed ? json.number(as<std::int32_t>(object))
                     : json.number(as<std::uint32_t>(object));
      break;
    default:
      info.is_signed ? json.number(as<std::int64_t>(object))
                     : json.number(as<std::uint64_t>(object));
      break;
  }
}

void write_enum(const TypeInfo& info, const void* object, JsonWriter& json) {
  std::uint8_t value = 0;
  std::memcpy(&value, object, 1);
  if (value < info.enumerators.size() && info.enumerators[value].value == value) [[likely]] {
    json.text(info.enumerators[value].name);
    return;
  }
  for (const EnumeratorInfo& enumerator : info.enumerators) {
    if (enumerator.value == value) {
      json.text(enumerator.name);
      return;
    }
  }
  json.null();
}

}  // namespace

void write_json(const TypeInfo& info, const void* object, JsonWriter& json) {
  switch (info.kind) {
    case Kind::Bool:
      json.boolean(as<bool>(object));
      return;
    case Kind::Integer:
      write_integer(info, object, json);
      return;
    case Kind::Enum:
      write_enum(info, object, json);
      return;
    case Kind::Decimal:
      json.decimal(as<Decimal>(object));
      return;
    case Kind::Money:
      json.money(as<Money>(object));
      return;
    case Kind::Currency:
      json.text(as<Currency>(object).text());
      return;
    case Kind::Date:
      json.date(as<Date>(object));
      return;
    case Kind::Instant:
      json.instant(as<Instant>(object));
      return;
    case Kind::Period:
      json.period(as<Period>(object));
      return;
    case Kind::String:
      json.text(as<std::string>(object));
      return;
    case Kind::Identifier:
      json.text(info.text(object));
      return;
    case Kind::JsonText:
      json.raw(as<JsonText>(object).text);
      return;
    case Kind::Bytes:
      json.base64(as_text(as<ByteVector>(object)));
      return;
    case Kind::Texts:
      json.begin_object();
      for (const auto& [key, value] : as<Texts>(object)) json.key(key).text(value);
      json.end_object();
      return;
    case Kind::Struct:
      json.begin_object();
      for (const MemberInfo& member : info.members) {
        json.raw_key(member.json_key);
        write_json(*member.type, member_of(object, member), json);
      }
      json.end_object();
      return;
    case Kind::Optional:
    case Kind::Personal:
      if (const void* value = info.get(object)) {
        write_json(*info.element, value, json);
      } else {
        json.null();
      }
      return;
    case Kind::Vector: {
      json.begin_array();
      const auto [first, count] = info.elements(object);
      for (std::size_t i = 0; i < count; ++i)
        write_json(*info.element, element_of(info, first, i), json);
      json.end_array();
      return;
    }
  }
}

}  // namespace daybook::codec
