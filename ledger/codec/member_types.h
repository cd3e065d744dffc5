#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "ledger/domain/currency.h"
#include "ledger/domain/decimal.h"
#include "ledger/domain/describe.h"
#include "ledger/domain/facts/json_text.h"
#include "ledger/domain/facts/texts.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/money.h"
#include "ledger/domain/personal.h"
#include "ledger/domain/time.h"

/// What a described member can be, for the visitors that are templates.
namespace daybook::codec {

using ByteVector = std::vector<std::byte>;

template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;
template <class T>
inline constexpr bool kIsVector = false;
template <class T>
inline constexpr bool kIsVector<std::vector<T>> = true;
template <class T>
inline constexpr bool kIsPersonal = false;
template <class T>
inline constexpr bool kIsPersonal<Personal<T>> = true;

/// Values that lie in a table itself and are absent when zero.
template <class T>
concept Scalar = std::is_same_v<T, bool> || std::is_integral_v<T> || std::is_enum_v<T> ||
                 std::is_same_v<T, Date> || std::is_same_v<T, Instant>;

/// FlatBuffers structs: in the table itself, present or not.
template <class T>
concept Fixed = std::is_same_v<T, Decimal> || std::is_same_v<T, Money> ||
                std::is_same_v<T, Period> || std::is_same_v<T, Currency>;

/// A described struct of ours that is a table of its own.
template <class T>
concept Table = Described<T> && !Fixed<T> && !Scalar<T> && !Identifier<T> && !kIsPersonal<T>;

/// Bytes of a value inside a table or a vector, and their alignment.
struct InlineShape {
  std::size_t size;
  std::size_t alignment;
};

template <class T>
consteval InlineShape inline_shape() {
  if constexpr (kIsOptional<T>) {
    return inline_shape<typename T::value_type>();
  } else if constexpr (std::is_enum_v<T>) {
    static_assert(sizeof(T) == 1, "enumerations are stored as one byte");
    return {1, 1};
  } else if constexpr (Scalar<T>) {
    return {sizeof(T), sizeof(T)};
  } else if constexpr (std::is_same_v<T, Decimal>) {
    return {24, 8};
  } else if constexpr (std::is_same_v<T, Money>) {
    return {16, 8};
  } else if constexpr (std::is_same_v<T, Period>) {
    return {8, 4};
  } else if constexpr (std::is_same_v<T, Currency>) {
    return {3, 1};
  } else {
    return {4, 4};  // an offset to a string, vector or table
  }
}

}  // namespace daybook::codec
