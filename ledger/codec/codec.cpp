#include "ledger/codec/codec.h"

#include <algorithm>
#include <array>
#include <vector>

#include "ledger/codec/json_reader.h"
#include "ledger/codec/json_schema.h"
#include "ledger/codec/json_values.h"
#include "ledger/codec/print.h"
#include "ledger/codec/registry.h"
#include "ledger/domain/invariant.h"

namespace daybook::codec {
namespace {

/// Tables by number and in the order of their numbers.
template <class Codec>
struct Registry {
  std::array<const Codec*, 256> by_number{};
  std::vector<const Codec*> all;

  void add(std::span<const Codec> codecs) {
    for (const Codec& codec : codecs) {
      const Codec*& place = by_number[static_cast<std::uint8_t>(codec.type)];
      LEDGER_INVARIANT(place == nullptr);
      place = &codec;
    }
  }
  void finish() {
    std::ranges::copy_if(by_number, std::back_inserter(all),
                         [](const Codec* codec) { return codec != nullptr; });
  }
};

const Registry<EventCodec>& events() {
  static const Registry<EventCodec> registry = [] {
    Registry<EventCodec> made;
#define DAYBOOK_ADD(aggregate) made.add(aggregate##_events());
    DAYBOOK_FACT_FILES(DAYBOOK_ADD)
#undef DAYBOOK_ADD
    made.finish();
    return made;
  }();
  return registry;
}

const Registry<CommandCodec>& commands() {
  static const Registry<CommandCodec> registry = [] {
    Registry<CommandCodec> made;
#define DAYBOOK_ADD(file) made.add(file##_commands());
    DAYBOOK_COMMAND_FILES(DAYBOOK_ADD)
#undef DAYBOOK_ADD
    made.finish();
    return made;
  }();
  return registry;
}

template <class Data, class Codec>
Result<Data> read_data(const Codec& codec, std::string_view text) {
  Data data = codec.make();
  Result<void> read = read_json(*codec.info, data.raw(), text);
  if (!read) return tl::unexpected(std::move(read.error()));
  return data;
}

template <class Data, class Codec>
Data random_data(const Codec& codec, RandomValues& values) {
  Data data = codec.make();
  values.fill(*codec.info, data.raw());
  return data;
}

}  // namespace

const EventCodec* find_codec(EventType type) {
  return events().by_number[static_cast<std::uint8_t>(type)];
}
const CommandCodec* find_codec(CommandType type) {
  return commands().by_number[static_cast<std::uint8_t>(type)];
}

const EventCodec& codec(EventType type) {
  const EventCodec* found = find_codec(type);
  LEDGER_INVARIANT(found != nullptr);
  return *found;
}
const CommandCodec& codec(CommandType type) {
  const CommandCodec* found = find_codec(type);
  LEDGER_INVARIANT(found != nullptr);
  return *found;
}

std::span<const EventCodec* const> event_codecs() { return events().all; }
std::span<const CommandCodec* const> command_codecs() { return commands().all; }

void EventCodec::to_json(const EventData& data, JsonWriter& json) const {
  write_json(*info, data.raw(), json);
}
Result<EventData> EventCodec::from_json(std::string_view text) const {
  return read_data<EventData>(*this, text);
}
EventData EventCodec::random(RandomValues& values) const {
  return random_data<EventData>(*this, values);
}
std::string EventCodec::print(const EventData& data) const {
  return codec::print(*info, data.raw());
}
void EventCodec::json_schema(JsonWriter& json) const {
  write_json_schema(*info, SchemaUse::Request, json);
}

void CommandCodec::to_json(const CommandData& data, JsonWriter& json) const {
  write_json(*info, data.raw(), json);
}
Result<CommandData> CommandCodec::from_json(std::string_view text) const {
  return read_data<CommandData>(*this, text);
}
CommandData CommandCodec::random(RandomValues& values) const {
  return random_data<CommandData>(*this, values);
}
std::string CommandCodec::print(const CommandData& data) const {
  return codec::print(*info, data.raw());
}
void CommandCodec::json_schema(JsonWriter& json) const {
  write_json_schema(*info, SchemaUse::Request, json);
}

}  // namespace daybook::codec
