#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

#include "ledger/codec/flatbuffers_reader.h"
#include "ledger/codec/flatbuffers_writer.h"
#include "ledger/codec/member_types.h"
#include "ledger/domain/enums.h"

/// A described type as a table that ordinary code can walk.
///
/// JSON in and out, random values, printing, comparing, sealing and the JSON Schema are each one
/// function over this table instead of a template for each of 150 types: that keeps simdjson in one
/// file and the build short. FlatBuffers, where every nanosecond counts, are unrolled at compile
/// time (flatbuffers_writer.h).
namespace daybook::codec {

enum class Kind : std::uint8_t {
  Bool,
  Integer,
  Enum,
  Decimal,
  Money,
  Currency,
  Date,
  Instant,
  Period,
  String,
  Identifier,
  JsonText,
  Bytes,
  Texts,
  Struct,
  Personal,
  Optional,
  Vector,
};

struct TypeInfo;

struct EnumeratorInfo {
  std::string_view name;  ///< as on the wire
  std::uint8_t value;
};

struct MemberInfo {
  std::string name;           ///< as on the wire
  std::string_view cpp_name;  ///< as in the description
  std::string json_key;       ///< `"name":`
  std::size_t offset;
  const TypeInfo* type;
  bool required;
  bool may_be_empty = false;  ///< of required text (describe.h)
  /// The first bytes (at most 16) of the name and the quote behind it, for finding it in JSON at a
  /// glance.
  std::array<std::uint64_t, 2> prefix{};
  std::array<std::uint64_t, 2> prefix_mask{};
};

struct TypeInfo {
  Kind kind{};
  bool is_signed = false;             ///< of an Integer
  bool has_personal = false;          ///< anywhere inside
  std::uint32_t size = 0;             ///< of the C++ object
  std::string name;                   ///< of a Struct, an Enum or an Identifier
  const TypeInfo* element = nullptr;  ///< of an Optional, a Vector, a Personal

  std::vector<MemberInfo> members;          ///< of a Struct
  std::vector<std::size_t> days;            ///< of a Struct: which of its members are dates, there or not
  std::uint64_t required = 0;               ///< of a Struct: bit i, that member i has to be there
  std::vector<EnumeratorInfo> enumerators;  ///< of an Enum

  bool (*equal)(const void* left, const void* right) = nullptr;
  /// Optional, Personal: the value, or null.
  const void* (*get)(const void* object) = nullptr;
  /// Optional, Personal: the value, a new one if there is none. Vector: one more element.
  void* (*emplace)(void* object) = nullptr;
  /// Whatever may be left out: without value, without elements.
  void (*clear)(void* object) = nullptr;
  /// Struct: clears the members, of those that may be left out, whose bits are not in `kept`.
  void (*clear_others)(void* object, std::uint64_t kept) = nullptr;
  /// Vector: its elements, `element->size` apart, and their number.
  std::pair<const void*, std::size_t> (*elements)(const void* object) = nullptr;
  /// Identifier.
  std::string_view (*text)(const void* object) = nullptr;
  void (*assign)(void* object, std::string text) = nullptr;
  /// Personal: the sealed form, and the plain value as bytes.
  std::string& (*sealed)(void* object) = nullptr;
  void (*write_plain)(const void* object, Buffer& out) = nullptr;
  bool (*read_plain)(void* object, std::span<const std::byte> plain) = nullptr;
};

/// Where a member of `object` lies.
[[nodiscard]] inline const void* member_of(const void* object, const MemberInfo& member) {
  return static_cast<const std::byte*>(object) + member.offset;
}
[[nodiscard]] inline void* member_of(void* object, const MemberInfo& member) {
  return static_cast<std::byte*>(object) + member.offset;
}
/// Whether a member that need not be there is not: an optional without value, bytes of length 0.
[[nodiscard]] bool is_left_out(const MemberInfo& member, const void* object);
[[nodiscard]] inline const void* element_of(const TypeInfo& vector, const void* first,
                                            std::size_t index) {
  return static_cast<const std::byte*>(first) + index * vector.element->size;
}
[[nodiscard]] inline void* element_of(const TypeInfo& vector, void* first, std::size_t index) {
  return static_cast<std::byte*>(first) + index * vector.element->size;
}

template <class T>
[[nodiscard]] const TypeInfo& type_info();

namespace detail {

template <class T>
T& as(void* object) {
  return *static_cast<T*>(object);
}
template <class T>
const T& as(const void* object) {
  return *static_cast<const T*>(object);
}

/// `daybook::InvoiceIssued` → `InvoiceIssued`.
[[nodiscard]] std::string type_name(const std::type_info& type);
[[nodiscard]] MemberInfo member_info(std::string_view cpp_name, std::size_t offset,
                                     const TypeInfo& type);

[[nodiscard]] inline bool is_day(const TypeInfo& type) {
  return type.kind == Kind::Date || (type.kind == Kind::Optional && type.element->kind == Kind::Date);
}

/// Takes the value from what may be left out; leaves what may not.
template <class V>
void clear_value(V& value) {
  if constexpr (kIsOptional<V>) {
    value.reset();
  } else if constexpr (kIsVector<V> || std::is_same_v<V, Texts>) {
    value.clear();
  }
}

template <class T>
void describe_struct(TypeInfo& info) {
  info.kind = Kind::Struct;
  info.name = type_name(typeid(T));
  const T sample{};
  boost::mp11::mp_for_each<DescribedMembers<T>>([&](auto member) {
    const auto& value = sample.*member.pointer;
    const auto offset =
        static_cast<std::size_t>(static_cast<const std::byte*>(static_cast<const void*>(&value)) -
                                 static_cast<const std::byte*>(static_cast<const void*>(&sample)));
    const TypeInfo& type = type_info<std::remove_cvref_t<decltype(value)>>();
    info.members.push_back(member_info(member.name, offset, type));
    info.members.back().may_be_empty = may_be_empty<T>(member.name);
    info.has_personal = info.has_personal || type.has_personal;
    const std::size_t place = info.members.size() - 1;
    if (is_day(type)) info.days.push_back(place);
    if (info.members.back().required) info.required |= std::uint64_t{1} << place;
  });
  info.clear_others = [](void* object, std::uint64_t kept) {
    std::uint64_t bit = 1;
    boost::mp11::mp_for_each<DescribedMembers<T>>([&](auto member) {
      if ((kept & bit) == 0) clear_value(as<T>(object).*member.pointer);
      bit <<= 1;
    });
  };
}

template <class T>
void describe_personal(TypeInfo& info) {
  using V = typename decltype(T::value)::value_type;
  info.kind = Kind::Personal;
  info.element = &type_info<V>();
  info.has_personal = true;
  info.get = [](const void* object) -> const void* {
    const auto& value = as<T>(object).value;
    return value ? &*value : nullptr;
  };
  info.emplace = [](void* object) -> void* {
    auto& value = as<T>(object).value;
    return value ? &*value : &value.emplace();
  };
  info.clear = [](void* object) { as<T>(object).value.reset(); };
  info.sealed = [](void* object) -> std::string& { return as<T>(object).sealed; };
  info.write_plain = [](const void* object, Buffer& out) {
    const V& value = *as<T>(object).value;
    if constexpr (std::is_same_v<V, std::string>) {
      out.append(value);
    } else if constexpr (std::is_same_v<V, ByteVector>) {
      out.append(as_text(value));
    } else {
      FlatbuffersWriter writer(out);
      writer.table(writer.begin_root(), value);
    }
  };
  info.read_plain = [](void* object, std::span<const std::byte> plain) {
    auto& value = as<T>(object).value;
    if constexpr (std::is_same_v<V, std::string>) {
      value = as_text(plain);
      return true;
    } else if constexpr (std::is_same_v<V, ByteVector>) {
      value.emplace(plain.begin(), plain.end());
      return true;
    } else {
      FlatbuffersReader reader(plain, Trust::Ours);
      if (reader.root(value.emplace())) return true;
      value.reset();
      return false;
    }
  };
}

template <class T>
void describe_optional(TypeInfo& info) {
  info.kind = Kind::Optional;
  info.element = &type_info<typename T::value_type>();
  info.has_personal = info.element->has_personal;
  info.get = [](const void* object) -> const void* {
    const T& value = as<T>(object);
    return value ? &*value : nullptr;
  };
  info.emplace = [](void* object) -> void* {
    T& value = as<T>(object);
    return value ? &*value : &value.emplace();
  };
  info.clear = [](void* object) { as<T>(object).reset(); };
}

template <class T>
void describe_vector(TypeInfo& info) {
  info.kind = Kind::Vector;
  info.element = &type_info<typename T::value_type>();
  info.has_personal = info.element->has_personal;
  info.emplace = [](void* object) -> void* { return &as<T>(object).emplace_back(); };
  info.clear = [](void* object) { as<T>(object).clear(); };
  info.elements = [](const void* object) -> std::pair<const void*, std::size_t> {
    return {as<T>(object).data(), as<T>(object).size()};
  };
}

template <class T>
TypeInfo make_type_info() {
  TypeInfo info;
  info.size = sizeof(T);
  info.equal = [](const void* left, const void* right) { return as<T>(left) == as<T>(right); };
  if constexpr (std::is_same_v<T, bool>) {
    info.kind = Kind::Bool;
  } else if constexpr (std::is_integral_v<T>) {
    info.kind = Kind::Integer;
    info.is_signed = std::is_signed_v<T>;
  } else if constexpr (std::is_enum_v<T>) {
    static_assert(sizeof(T) == 1, "enumerations are stored as one byte");
    info.kind = Kind::Enum;
    info.name = type_name(typeid(T));
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto enumerator) {
      info.enumerators.push_back(
          {wire_name(enumerator.value), static_cast<std::uint8_t>(enumerator.value)});
    });
  } else if constexpr (std::is_same_v<T, Decimal>) {
    info.kind = Kind::Decimal;
  } else if constexpr (std::is_same_v<T, Money>) {
    info.kind = Kind::Money;
  } else if constexpr (std::is_same_v<T, Currency>) {
    info.kind = Kind::Currency;
  } else if constexpr (std::is_same_v<T, Date>) {
    info.kind = Kind::Date;
  } else if constexpr (std::is_same_v<T, Instant>) {
    info.kind = Kind::Instant;
  } else if constexpr (std::is_same_v<T, Period>) {
    info.kind = Kind::Period;
  } else if constexpr (std::is_same_v<T, std::string>) {
    info.kind = Kind::String;
  } else if constexpr (Identifier<T>) {
    info.kind = Kind::Identifier;
    info.name = T::tag::kName;
    info.text = [](const void* object) -> std::string_view { return as<T>(object).text(); };
    info.assign = [](void* object, std::string text) { as<T>(object) = T(std::move(text)); };
  } else if constexpr (std::is_same_v<T, JsonText>) {
    info.kind = Kind::JsonText;
  } else if constexpr (std::is_same_v<T, ByteVector>) {
    info.kind = Kind::Bytes;
    info.clear = [](void* object) { as<T>(object).clear(); };
  } else if constexpr (std::is_same_v<T, Texts>) {
    info.kind = Kind::Texts;
    info.clear = [](void* object) { as<T>(object).clear(); };
  } else if constexpr (kIsPersonal<T>) {
    describe_personal<T>(info);
  } else if constexpr (kIsOptional<T>) {
    describe_optional<T>(info);
  } else if constexpr (kIsVector<T>) {
    describe_vector<T>(info);
  } else {
    static_assert(Described<T>, "a described member has a type that the codec does not know");
    describe_struct<T>(info);
  }
  return info;
}

}  // namespace detail

/// The table of `T`, made when first asked for.
template <class T>
const TypeInfo& type_info() {
  static const TypeInfo info = detail::make_type_info<T>();
  return info;
}

}  // namespace daybook::codec
