#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ledger/codec/buffer.h"
#include "ledger/codec/json_writer.h"
#include "ledger/codec/seal.h"
#include "ledger/domain/result.h"

/// Bytes and JSON of described types that are no events: states, rows of views, answers, commands.
///
/// A type is instantiated in one .cpp file, so that including this header stays cheap:
///
///   #include "ledger/codec/value_codec_instance.h"
///   #include "ledger/domain/views/invoice_view.h"
///   DAYBOOK_VALUE_CODEC(daybook::InvoiceView)
namespace daybook::codec {

struct TypeInfo;

/// The table of `T`.
template <class T>
[[nodiscard]] const TypeInfo& value_type();

/// Appends canonical FlatBuffers to `out`, beginning at a multiple of 8 bytes. Personal values are
/// written in their sealed form alone.
template <class T>
void to_bytes(const T& value, Buffer& out);
/// Total on any bytes; personal values stay sealed. Errors: MALFORMED_FLATBUFFER, INVALID_….
template <class T>
[[nodiscard]] Result<T> from_bytes(std::span<const std::byte> bytes);

/// As json_values.h.
template <class T>
void to_json(const T& value, JsonWriter& json);
/// One object and nothing else. Errors: those of JsonReader::read.
template <class T>
[[nodiscard]] Result<T> from_json(std::string_view text);

/// One line for people.
template <class T>
[[nodiscard]] std::string print(const T& value);

/// Opens the personal values inside `value`; those of erased subjects stay absent. Errors:
/// CORRUPTION.
template <class T>
[[nodiscard]] Result<void> open_personal(T& value, const Sealer& sealer);

}  // namespace daybook::codec
