#include "cli/json_value.h"

#include <simdjson.h>

namespace daybook::cli {

struct JsonBuilder {
  static JsonValue build(const simdjson::dom::element& element) {
    JsonValue value;
    switch (element.type()) {
      case simdjson::dom::element_type::OBJECT:
        value.kind_ = JsonValue::Kind::Object;
        for (const auto& member : simdjson::dom::object(element)) {
          value.members_.emplace_back(std::string(member.key), build(member.value));
        }
        break;
      case simdjson::dom::element_type::ARRAY:
        value.kind_ = JsonValue::Kind::Array;
        for (const simdjson::dom::element item : simdjson::dom::array(element)) {
          value.items_.push_back(build(item));
        }
        break;
      case simdjson::dom::element_type::STRING:
        value.kind_ = JsonValue::Kind::Text;
        value.text_ = std::string(std::string_view(element));
        break;
      case simdjson::dom::element_type::INT64:
        value.kind_ = JsonValue::Kind::Integer;
        value.integer_ = std::int64_t(element);
        break;
      case simdjson::dom::element_type::BOOL:
        value.kind_ = JsonValue::Kind::Boolean;
        value.integer_ = bool(element) ? 1 : 0;
        break;
      case simdjson::dom::element_type::UINT64:
      case simdjson::dom::element_type::DOUBLE:
      case simdjson::dom::element_type::NULL_VALUE:
        break;
    }
    return value;
  }
};

Result<JsonValue> JsonValue::parse(std::string_view text) {
  if (text.empty()) return rejected("MALFORMED_JSON", "there is nothing to read");
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  const simdjson::error_code error = parser.parse(text.data(), text.size()).get(root);
  if (error != simdjson::SUCCESS) {
    return rejected("MALFORMED_JSON", simdjson::error_message(error));
  }
  return JsonBuilder::build(root);
}

Result<std::string> JsonValue::raw_member(std::string_view text, std::string_view name) {
  const simdjson::padded_string padded(text);
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
  simdjson::ondemand::value value;
  std::string_view raw;
  simdjson::error_code error = parser.iterate(padded).get(document);
  if (error == simdjson::SUCCESS) error = document.find_field_unordered(name).get(value);
  if (error == simdjson::SUCCESS) error = simdjson::to_json_string(value).get(raw);
  if (error != simdjson::SUCCESS) return rejected("MALFORMED_JSON", simdjson::error_message(error));
  return std::string(raw);
}

const JsonValue& JsonValue::operator[](std::string_view name) const {
  static const JsonValue kNothing;
  for (const auto& [key, value] : members_) {
    if (key == name) return value;
  }
  return kNothing;
}

std::string amount_of(const JsonValue& money) { return money["amount"].text() + " " + money["currency"].text(); }

}  // namespace daybook::cli
