#include "ledger/codec/structured_reader.h"

#include <cstring>
#include <utility>

#include "ledger/codec/json_check.h"
#include "ledger/codec/padded_text.h"

namespace daybook::codec {
namespace {

namespace ondemand = simdjson::ondemand;

/// The attribute that nearly every field is, when its name begins at `raw`, behind the quote; else
/// nothing. At least 64 bytes may be read.
std::string_view usual_name(const char* raw) {
  const auto is = [raw](std::string_view quoted) {
    return std::memcmp(raw, quoted.data(), quoted.size()) == 0;
  };
  switch (raw[0]) {
    case 'd':
      return is("data\"") ? "data" : "";
    case 'i':
      return is("id\"") ? "id" : "";
    case 's':
      return is("source\"") ? "source" : (is("specversion\"") ? "specversion" : "");
    case 't':
      return is("type\"") ? "type" : (is("time\"") ? "time" : "");
    default:
      return {};
  }
}

/// Data of the type of `codec`, the old one where it is of that type: it is read over.
void begin_data(const EventCodec& codec, Event& event) {
  if (event.data.empty() || event.data.type() != codec.type) event.data = codec.make();
}

/// Attributes that are texts and nothing else.
bool is_text_alone(std::string_view name) {
  return name == "specversion" || name == "type" || name == "source" || name == "id" ||
         name == "time";
}

}  // namespace

void StructuredReader::begin(const char* end, const Intake& intake) {
  end_ = end;
  intake_ = &intake;
}

bool StructuredReader::read(ondemand::object& fields, Event& event) {
  values_.begin(end_, intake_->import);
  EnvelopeIntake envelope(event, *intake_);
  const char* data = nullptr;  // where `data` begins, when it came before `type`
  bool has_data = false;
  for (auto result : fields) {
    if (result.error() != simdjson::SUCCESS) return values_.malformed();
    auto&& field = field_of(result);
    std::string_view name = usual_name(field.key().raw());
    if (name.empty() && !unescaped_key(field, name)) return values_.malformed();
    ondemand::value& value = field.value();
    if (name != "data") {
      if (!attribute(envelope, name, value)) return values_.in(name.substr(0, 128));
      continue;
    }
    if (std::exchange(has_data, true)) {
      values_.fail("DUPLICATE_MEMBER", "is there twice: remove one");
      return values_.in(name);
    }
    if (envelope.codec() == nullptr) {
      data = value.raw_json_token().data();
    } else if (!read_data(*envelope.codec(), value, event)) {
      return values_.in("data");
    }
  }
  std::string_view missing = envelope.missing();
  if (missing.empty() && !has_data) missing = "data";
  if (!missing.empty()) {
    values_.fail("INVALID_FIELD", "is missing; it has to be there");
    return values_.in(missing);
  }
  if (data != nullptr && !read_data_at(*envelope.codec(), data, event)) return values_.in("data");
  auto refused = envelope.finish();
  return !refused || values_.fail(std::move(*refused));
}

bool StructuredReader::read_data_text(const EventCodec& codec, std::string_view text,
                                      Event& event) {
  ondemand::document document;
  if (inner_.iterate(text.data(), text.size(), text.size() + kJsonPadding).get(document) !=
      simdjson::SUCCESS) {
    return values_.malformed();
  }
  ondemand::object fields;
  const auto opened = document.get_object().get(fields);
  if (opened == simdjson::INCORRECT_TYPE) return values_.wrong_type("an object");
  if (opened != simdjson::SUCCESS) return values_.malformed();
  begin_data(codec, event);
  if (!values_.read_struct(*codec.info, event.data.raw(), fields)) return false;
  return document.current_location().error() == simdjson::OUT_OF_BOUNDS || values_.malformed();
}

bool StructuredReader::attribute(EnvelopeIntake& envelope, std::string_view name,
                                 ondemand::value& value) {
  if (intake_->import && EnvelopeIntake::is_of_the_log(name)) {
    return skip(value) && (name != "position" || take_origin(envelope, token_of(value)));
  }
  std::string_view text;
  bool absent = false;
  if (!attribute_text(name, value, text, absent)) return false;
  if (absent) return true;
  if (name == "type" && last_codec_ != nullptr && text == last_type_) {
    auto refused = envelope.set_type(last_codec_);
    return !refused || values_.fail(std::move(*refused));
  }
  if (auto refused = envelope.set(name, text)) return values_.fail(std::move(*refused));
  if (name == "type") {
    last_type_ = text;
    last_codec_ = envelope.codec();
  }
  return true;
}

bool StructuredReader::take_origin(EnvelopeIntake& envelope, std::string_view token) {
  if (token == "null") return true;
  auto refused = envelope.set_origin(token);
  return !refused || values_.fail(std::move(*refused));
}

bool StructuredReader::attribute_text(std::string_view name, ondemand::value& value,
                                      std::string_view& text, bool& absent) {
  const std::string_view token = value.raw_json_token();
  const char first = token.front();
  if (first == '"') {
    return plain_text(token, text) || value.get_string().get(text) == simdjson::SUCCESS ||
           values_.malformed();
  }
  if (first == 'n') {  // CloudEvents: the same as absent
    const auto status = value.is_null().get(absent);
    return (status == simdjson::SUCCESS && absent) || values_.malformed();
  }
  // True, false and whole numbers are kept as their text.
  text = token_of(value);
  const bool whole = text == "true" || text == "false" ||
                     text.find_first_not_of("-0123456789") == std::string_view::npos;
  if (!whole || is_text_alone(name)) {
    return values_.wrong_type(is_text_alone(name) ? "a string"
                                                  : "a string, a whole number, true or false");
  }
  const JsonCheck checked = check_json(text);
  return (!checked.error && checked.end == text.size()) || values_.malformed();
}

bool StructuredReader::skip(ondemand::value& value) {
  const char* begin = value.raw_json_token().data();
  JsonCheck checked = check_inner_json({begin, static_cast<std::size_t>(end_ - begin)}, 2);
  return !checked.error || values_.fail(std::move(*checked.error));
}

bool StructuredReader::read_data(const EventCodec& codec, ondemand::value& value, Event& event) {
  begin_data(codec, event);
  return values_.read(*codec.info, event.data.raw(), value, true);
}

bool StructuredReader::read_data_at(const EventCodec& codec, const char* begin, Event& event) {
  const std::string_view rest(begin, static_cast<std::size_t>(end_ - begin));
  JsonCheck checked = check_refused_json(rest, 2);  // where does it end?
  if (checked.error) return values_.fail(std::move(*checked.error));
  return read_data_text(codec, rest.substr(0, checked.end), event);
}

}  // namespace daybook::codec
