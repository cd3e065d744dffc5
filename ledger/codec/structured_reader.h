#pragma once

#include <string>
#include <string_view>

#include "ledger/codec/cloudevents.h"
#include "ledger/codec/intake.h"
#include "ledger/codec/json_value_reader.h"

namespace daybook::codec {

/// Reads structured CloudEvents from simdjson values. Only .cpp files of this folder include this
/// header.
class StructuredReader {
 public:
  /// `end`: of the padded text that the values come from. `intake` is kept by reference.
  void begin(const char* end, const Intake& intake);

  /// Reads one event; its members may come in any order.
  [[nodiscard]] bool read(simdjson::ondemand::object& fields, Event& event);
  /// Reads the object that is all of `text`, padded, as the data of an event.
  [[nodiscard]] bool read_data_text(const EventCodec& codec, std::string_view text, Event& event);

  /// Where errors are.
  [[nodiscard]] JsonValueReader& values() { return values_; }

 private:
  bool attribute(EnvelopeIntake& envelope, std::string_view name, simdjson::ondemand::value& value);
  /// The position of an item in the log that it comes from, which is JSON.
  bool take_origin(EnvelopeIntake& envelope, std::string_view token);
  /// The text of an attribute; false with an error for values that are none, `absent` for null.
  bool attribute_text(std::string_view name, simdjson::ondemand::value& value,
                      std::string_view& text, bool& absent);
  /// What stands in an item of the log beyond the event is passed over, but has to be JSON.
  bool skip(simdjson::ondemand::value& value);
  bool read_data(const EventCodec& codec, simdjson::ondemand::value& value, Event& event);
  bool read_data_at(const EventCodec& codec, const char* begin, Event& event);

  const char* end_ = nullptr;
  const Intake* intake_ = nullptr;
  simdjson::ondemand::parser inner_;  ///< for data that came before its type
  JsonValueReader values_;
  std::string last_type_;  ///< events of a body mostly are of one type
  const EventCodec* last_codec_ = nullptr;
};

}  // namespace daybook::codec
