#include "ledger/codec/json_reader.h"

#include <utility>

#include "ledger/codec/json_check.h"
#include "ledger/codec/json_value_reader.h"
#include "ledger/codec/padded_text.h"
#include "ledger/codec/text_rules.h"

namespace daybook::codec {

struct JsonReader::State {
  simdjson::ondemand::parser parser;
  PaddedText padded;
  JsonValueReader values;

  bool read(const TypeInfo& info, void* object, std::string_view text) {
    values.begin(text.data() + text.size(), false);
    simdjson::ondemand::document document;
    if (parser.iterate(text.data(), text.size(), text.size() + kJsonPadding).get(document) !=
        simdjson::SUCCESS) {
      return values.malformed();
    }
    simdjson::ondemand::object fields;
    const auto opened = document.get_object().get(fields);
    if (opened == simdjson::INCORRECT_TYPE) return values.wrong_type("an object");
    if (opened != simdjson::SUCCESS || !values.read_struct(info, object, fields)) {
      return opened == simdjson::SUCCESS ? false : values.malformed();
    }
    // Only at the end of the text is there no location any more.
    return document.current_location().error() == simdjson::OUT_OF_BOUNDS || values.malformed();
  }
};

JsonReader::JsonReader() : state_(std::make_unique<State>()) {}
JsonReader::~JsonReader() = default;
JsonReader::JsonReader(JsonReader&&) noexcept = default;
JsonReader& JsonReader::operator=(JsonReader&&) noexcept = default;

Result<void> JsonReader::read(const TypeInfo& info, void* object, std::string_view text) {
  const std::string_view padded = state_->padded.assign(text);
  if (state_->read(info, object, padded)) return {};
  Error refused = state_->values.take_error();
  if (auto worse = refuse_json(padded, refused)) return tl::unexpected(std::move(*worse));
  return tl::unexpected(std::move(refused));
}

Result<void> read_json(const TypeInfo& info, void* object, std::string_view text) {
  thread_local JsonReader reader;
  return reader.read(info, object, text);
}

}  // namespace daybook::codec
