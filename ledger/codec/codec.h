#pragma once

#include <span>
#include <string>
#include <string_view>

#include "ledger/codec/json_writer.h"
#include "ledger/codec/random_values.h"
#include "ledger/codec/type_info.h"
#include "ledger/domain/event.h"
#include "ledger/domain/facts/fact_context.h"

/// A table of functions for each type of event and of command, made from its description: whoever
/// passes events on needs none of their definitions.
namespace daybook::codec {

struct EventCodec {
  EventType type;
  StreamType stream;
  std::string_view name;  ///< without `daybook.`
  const TypeInfo* info;

  EventData (*make)();
  std::string (*stream_id)(const void* data);
  /// Whose key seals the personal values; empty: each address is its own subject.
  std::string (*personal_subject)(const void* data);
  void (*fill_defaults)(void* data, const FactContext& context);
  void (*write)(const void* data, FlatbuffersWriter& writer, FlatbuffersWriter::Slot slot);
  bool (*read)(FlatbuffersReader& reader, const FlatbuffersReader::TableView& view, void* data,
               int depth);
  /// Members (by their names in the description) that `fill_defaults` takes from the event's time.
  std::span<const std::string_view> dates_from_time;
  /// Members that the ledger alone fills in.
  std::span<const std::string_view> filled_by_ledger;

  void to_json(const EventData& data, JsonWriter& json) const;
  /// Errors: those of JsonReader::read.
  [[nodiscard]] Result<EventData> from_json(std::string_view text) const;
  /// A value with every member drawn at random; personal values have no sealed form.
  [[nodiscard]] EventData random(RandomValues& values) const;
  /// One line for people: the name and the members that are there.
  [[nodiscard]] std::string print(const EventData& data) const;
  /// The JSON Schema of `data` (json_schema.h).
  void json_schema(JsonWriter& json) const;
};

struct CommandCodec {
  CommandType type;
  std::string_view name;
  const TypeInfo* info;
  CommandData (*make)();

  void to_json(const CommandData& data, JsonWriter& json) const;
  [[nodiscard]] Result<CommandData> from_json(std::string_view text) const;
  [[nodiscard]] CommandData random(RandomValues& values) const;
  [[nodiscard]] std::string print(const CommandData& data) const;
  void json_schema(JsonWriter& json) const;
};

/// The table of `type`, or null for a number that names nothing.
[[nodiscard]] const EventCodec* find_codec(EventType type);
[[nodiscard]] const CommandCodec* find_codec(CommandType type);
/// The table of a type that there is.
[[nodiscard]] const EventCodec& codec(EventType type);
[[nodiscard]] const CommandCodec& codec(CommandType type);

/// All of them, by number.
[[nodiscard]] std::span<const EventCodec* const> event_codecs();
[[nodiscard]] std::span<const CommandCodec* const> command_codecs();

}  // namespace daybook::codec
