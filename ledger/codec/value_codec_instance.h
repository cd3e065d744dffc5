#pragma once

#include "ledger/codec/json_reader.h"
#include "ledger/codec/json_values.h"
#include "ledger/codec/personal_values.h"
#include "ledger/codec/print.h"
#include "ledger/codec/type_info.h"
#include "ledger/codec/value_codec.h"

/// The definitions behind value_codec.h, for the files that instantiate them.
namespace daybook::codec {

/// As open_personal(T&, …) for an object of the type that `info` tells of.
[[nodiscard]] Result<void> open_personal(const TypeInfo& info, void* object, const Sealer& sealer);

template <class T>
const TypeInfo& value_type() {
  return type_info<T>();
}

template <class T>
void to_bytes(const T& value, Buffer& out) {
  out.align();
  FlatbuffersWriter writer(out);
  writer.table(writer.begin_root(), value);
}

template <class T>
Result<T> from_bytes(std::span<const std::byte> bytes) {
  T value{};
  FlatbuffersReader reader(bytes, Trust::Ours);
  if (!reader.root(value)) return tl::unexpected(reader.take_error());
  return value;
}

template <class T>
void to_json(const T& value, JsonWriter& json) {
  write_json(type_info<T>(), &value, json);
}

template <class T>
Result<T> from_json(std::string_view text) {
  T value{};
  Result<void> read = read_json(type_info<T>(), &value, text);
  if (!read) return tl::unexpected(std::move(read.error()));
  return value;
}

template <class T>
std::string print(const T& value) {
  return print(type_info<T>(), &value);
}

template <class T>
Result<void> open_personal(T& value, const Sealer& sealer) {
  return open_personal(type_info<T>(), &value, sealer);
}

}  // namespace daybook::codec

/// Instantiates value_codec.h for one type, or with DAYBOOK_VIEW_CODEC without the bytes, for
/// answers alone.
#define DAYBOOK_VALUE_CODEC(...)                                                                \
  template void daybook::codec::to_bytes(const __VA_ARGS__&, daybook::codec::Buffer&);          \
  template daybook::Result<__VA_ARGS__> daybook::codec::from_bytes(std::span<const std::byte>); \
  DAYBOOK_VIEW_CODEC(__VA_ARGS__)

#define DAYBOOK_VIEW_CODEC(...)                                                           \
  template const daybook::codec::TypeInfo& daybook::codec::value_type<__VA_ARGS__>();     \
  template void daybook::codec::to_json(const __VA_ARGS__&, daybook::codec::JsonWriter&); \
  template daybook::Result<__VA_ARGS__> daybook::codec::from_json(std::string_view);      \
  template std::string daybook::codec::print(const __VA_ARGS__&);                         \
  template daybook::Result<void> daybook::codec::open_personal(__VA_ARGS__&,              \
                                                               const daybook::codec::Sealer&);
