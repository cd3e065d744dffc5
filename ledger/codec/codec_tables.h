#pragma once

#include <array>

#include "ledger/codec/codec.h"

/// Makes the tables of codec.h; included only by the files that instantiate them, one an aggregate.
namespace daybook::codec {

template <class T>
EventCodec make_event_codec() {
  EventCodec codec{};
  codec.type = T::kType;
  codec.stream = T::kStream;
  codec.name = name(T::kType);
  codec.info = &type_info<T>();
  codec.make = [] { return EventData(T{}); };
  codec.stream_id = [](const void* data) { return detail::as<T>(data).stream_id(); };
  codec.personal_subject = [](const void* data) -> std::string {
    if constexpr (requires(const T& fact) { fact.personal_subject(); }) {
      return detail::as<T>(data).personal_subject();
    } else {
      return {};
    }
  };
  codec.fill_defaults = [](void* data, const FactContext& context) {
    if constexpr (requires(T& fact) { fill_defaults(fact, context); })
      fill_defaults(detail::as<T>(data), context);
  };
  codec.write = [](const void* data, FlatbuffersWriter& writer, FlatbuffersWriter::Slot slot) {
    writer.table(slot, detail::as<T>(data));
  };
  codec.read = [](FlatbuffersReader& reader, const FlatbuffersReader::TableView& view, void* data,
                  int depth) { return reader.table(view, detail::as<T>(data), depth); };
  if constexpr (requires { T::kDatesFromTime; }) codec.dates_from_time = T::kDatesFromTime;
  if constexpr (requires { T::kFilledByLedger; }) codec.filled_by_ledger = T::kFilledByLedger;
  return codec;
}

template <class... Ts>
std::span<const EventCodec> make_event_codecs(TypeList<Ts...>) {
  static const std::array<EventCodec, sizeof...(Ts)> codecs = {make_event_codec<Ts>()...};
  return codecs;
}

template <class T>
CommandCodec make_command_codec() {
  CommandCodec codec{};
  codec.type = T::kType;
  codec.name = name(T::kType);
  codec.info = &type_info<T>();
  codec.make = [] { return CommandData(T{}); };
  return codec;
}

template <class... Ts>
std::span<const CommandCodec> make_command_codecs(TypeList<Ts...>) {
  static const std::array<CommandCodec, sizeof...(Ts)> codecs = {make_command_codec<Ts>()...};
  return codecs;
}

}  // namespace daybook::codec
