#include "ledger/codec/cloudevents.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "ledger/codec/intake.h"
#include "ledger/codec/json_check.h"
#include "ledger/codec/json_value_reader.h"
#include "ledger/codec/padded_text.h"

namespace daybook::codec {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::size_t kMaxBatch = 10'000;

/// A text with more brackets in front than may be nested needs no parser to be refused.
bool begins_too_deep(std::string_view text) {
  int depth = 0;
  for (const char c : text) {
    if (c == '[' || c == '{') {
      if (++depth > kMaxDepth) return true;
    } else if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
      return false;
    }
  }
  return false;
}

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

/// Reads structured events from simdjson values.
class StructuredReader {
 public:
  void begin(const char* end, const Intake& intake) {
    end_ = end;
    intake_ = &intake;
  }

  bool read(ondemand::object& fields, Event& event) {
    values_.begin(end_, intake_->import);
    EnvelopeIntake envelope(event, *intake_);
    const char* data = nullptr;  // where `data` begins, when it came before `type`
    bool has_data = false;
    for (auto result : fields) {
      ondemand::field field;
      if (std::move(result).get(field) != simdjson::SUCCESS) return values_.malformed();
      std::string_view name = usual_name(field.key().raw());
      if (name.empty() && !unescaped_key(field, name)) return values_.malformed();
      ondemand::value value = field.value();
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
      values_.fail("INVALID_FIELD", "is missing");
      return values_.in(missing);
    }
    if (data != nullptr && !read_data_at(*envelope.codec(), data, event)) return values_.in("data");
    auto refused = envelope.finish();
    return !refused || values_.fail(std::move(*refused));
  }

  /// Reads the object that is all of `text`, padded, as the data of an event.
  bool read_data_text(const EventCodec& codec, std::string_view text, Event& event) {
    ondemand::document document;
    if (inner_.iterate(text.data(), text.size(), text.size() + kJsonPadding).get(document) !=
        simdjson::SUCCESS) {
      return values_.malformed();
    }
    ondemand::object fields;
    const auto opened = document.get_object().get(fields);
    if (opened == simdjson::INCORRECT_TYPE) return values_.wrong_type("an object");
    if (opened != simdjson::SUCCESS) return values_.malformed();
    event.data = codec.make();
    if (!values_.read_struct(*codec.info, event.data.raw(), fields)) return false;
    return document.current_location().error() == simdjson::OUT_OF_BOUNDS || values_.malformed();
  }

  [[nodiscard]] JsonValueReader& values() { return values_; }

 private:
  bool attribute(EnvelopeIntake& envelope, std::string_view name, ondemand::value& value) {
    if (intake_->import && EnvelopeIntake::is_of_the_log(name)) return skip(value);
    std::string_view text;
    switch (first_of(value)) {
      case '"':
        if (value.get_string().get(text) != simdjson::SUCCESS) return values_.malformed();
        break;
      case 'n': {  // CloudEvents: the same as absent
        bool is_null = false;
        return (value.is_null().get(is_null) == simdjson::SUCCESS && is_null) ||
               values_.malformed();
      }
      case '{':
      case '[':
        return values_.wrong_type("a string");
      default:
        if (!scalar(value, text)) return false;
        if (name == "specversion" || name == "type" || name == "source" || name == "id" ||
            name == "time") {
          return values_.wrong_type("a string");
        }
    }
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

  /// An attribute that is true, false or a whole number is kept as its text.
  bool scalar(ondemand::value& value, std::string_view& text) {
    text = token_of(value);
    const JsonCheck checked = check_json(text);
    if (checked.error || checked.end != text.size()) return values_.malformed();
    const bool whole =
        text == "true" || text == "false" || text.find_first_of(".eEN") == std::string_view::npos;
    return whole || values_.wrong_type("a string, a whole number, true or false");
  }

  /// What stands in an item of the log beyond the event is passed over, but has to be JSON.
  bool skip(ondemand::value& value) {
    const char* begin = value.raw_json_token().data();
    JsonCheck checked = check_json({begin, static_cast<std::size_t>(end_ - begin)}, 2);
    return !checked.error || values_.fail(std::move(*checked.error));
  }

  bool read_data(const EventCodec& codec, ondemand::value& value, Event& event) {
    event.data = codec.make();
    return values_.read(*codec.info, event.data.raw(), value, true);
  }

  bool read_data_at(const EventCodec& codec, const char* begin, Event& event) {
    const std::string_view rest(begin, static_cast<std::size_t>(end_ - begin));
    JsonCheck checked = check_json(rest, 2);
    if (checked.error) return values_.fail(std::move(*checked.error));
    return read_data_text(codec, rest.substr(0, checked.end), event);
  }

  const char* end_ = nullptr;
  const Intake* intake_ = nullptr;
  ondemand::parser inner_;
  JsonValueReader values_;
  std::string last_type_;  ///< events of a body mostly are of one type
  const EventCodec* last_codec_ = nullptr;
};

}  // namespace

struct CloudEventStream::State {
  PaddedText padded;
  ondemand::parser parser;
  ondemand::document document;
  ondemand::array array;
  simdjson::simdjson_result<ondemand::array_iterator> place{simdjson::EMPTY};
  StructuredReader reader;

  BodyForm form = BodyForm::Single;
  const Intake* intake = nullptr;
  std::string_view body;
  std::size_t at = 0;     ///< lines and FlatBuffers: where the next one begins
  std::size_t index = 0;  ///< of the next item
  bool started = false;
  bool ended = false;
  std::optional<Error> failure;

  std::optional<Item> fail(Error error) {
    failure = std::move(error);
    ended = true;
    return std::nullopt;
  }
  std::optional<Item> fail_malformed() {
    const Error reason{ErrorKind::Invalid, "MALFORMED_JSON", "is no JSON", {}};
    return fail(refuse_json(body, reason).value_or(reason));
  }
  Item item(Result<Event> event) { return {index++, std::move(event)}; }

  /// One event that is all of `text`.
  Result<Event> read_whole(std::string_view text) {
    Event event;
    if (begins_too_deep(text)) return tl::unexpected(*check_json(text).error);
    if (read_document(text, event)) return event;
    Error refused = reader.values().take_error();
    if (auto worse = refuse_json(text, refused)) return tl::unexpected(std::move(*worse));
    return tl::unexpected(std::move(refused));
  }

  bool read_document(std::string_view text, Event& event) {
    JsonValueReader& values = reader.values();
    if (parser.iterate(text.data(), text.size(), text.size() + kJsonPadding).get(document) !=
        simdjson::SUCCESS) {
      return values.malformed();
    }
    ondemand::object fields;
    const auto opened = document.get_object().get(fields);
    if (opened == simdjson::INCORRECT_TYPE) return values.wrong_type("an object: one CloudEvent");
    if (opened != simdjson::SUCCESS) return values.malformed();
    reader.begin(text.data() + text.size(), *intake);
    if (!reader.read(fields, event)) return false;
    return document.current_location().error() == simdjson::OUT_OF_BOUNDS || values.malformed();
  }

  std::optional<Item> next_single() {
    ended = true;
    return item(read_whole(body));
  }

  std::optional<Item> next_line() {
    while (at < body.size()) {
      const std::size_t end = std::min(body.find('\n', at), body.size());
      std::string_view line = body.substr(at, end - at);
      at = end + 1;
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (line.find_first_not_of(" \t") == std::string_view::npos) continue;
      return item(read_whole(line));
    }
    ended = true;
    return std::nullopt;
  }

  bool start_batch() {
    started = true;
    if (begins_too_deep(body)) return false;
    if (parser.iterate(body.data(), body.size(), body.size() + kJsonPadding).get(document) !=
        simdjson::SUCCESS) {
      return false;
    }
    const auto opened = document.get_array().get(array);
    if (opened != simdjson::SUCCESS) {
      if (opened != simdjson::INCORRECT_TYPE) return false;
      const Error reason{ErrorKind::Invalid,
                         "INVALID_FIELD",
                         "is no array: a batch is an array of CloudEvents",
                         {}};
      fail(refuse_json(body, reason).value_or(reason));
      return false;
    }
    reader.begin(body.data() + body.size(), *intake);
    place = array.begin();
    return place.error() == simdjson::SUCCESS;
  }

  std::optional<Item> next_of_batch() {
    if (!started) {
      if (!start_batch()) return failure ? std::nullopt : fail_malformed();
    } else {
      ++place;
    }
    if (place == simdjson::simdjson_result<ondemand::array_iterator>(array.end())) {
      ended = true;
      if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) return fail_malformed();
      return std::nullopt;
    }
    ondemand::value value;
    if ((*place).get(value) != simdjson::SUCCESS) return fail_malformed();
    if (index == kMaxBatch) {
      return fail(Error{ErrorKind::Invalid,
                        "BODY_TOO_LARGE",
                        "A batch holds at most 10,000 events: send several.",
                        {}});
    }
    return read_element(value);
  }

  std::optional<Item> read_element(ondemand::value& value) {
    const char* begin = value.raw_json_token().data();
    JsonValueReader& values = reader.values();
    Event event;
    bool read = false;
    if (*begin != '{') {
      values.wrong_type("an object: one CloudEvent");
    } else {
      ondemand::object fields;
      if (value.get_object().get(fields) == simdjson::SUCCESS) {
        read = reader.read(fields, event);
      } else {
        values.malformed();
      }
    }
    if (read) return item(std::move(event));
    Error refused = values.take_error();
    JsonCheck checked =
        check_json({begin, static_cast<std::size_t>(body.data() + body.size() - begin)}, 2);
    if (checked.error && checked.error->code != "MALFORMED_JSON")
      refused = std::move(*checked.error);
    if (checked.error && checked.error->code == "MALFORMED_JSON") return fail_malformed();
    return item(tl::unexpected(std::move(refused)));
  }

  std::optional<Item> next_flatbuffer() {
    if (at == body.size()) {
      ended = true;
      return std::nullopt;
    }
    const auto malformed = [&](std::string_view detail) {
      return fail(Error{ErrorKind::Invalid, "MALFORMED_FLATBUFFER", std::string(detail), {}});
    };
    if (index == kMaxBatch) {
      return fail(Error{ErrorKind::Invalid,
                        "BODY_TOO_LARGE",
                        "A body holds at most 10,000 events: send several.",
                        {}});
    }
    std::uint32_t size = 0;
    if (body.size() - at < sizeof size) return malformed("ends inside a size prefix");
    std::memcpy(&size, body.data() + at, sizeof size);
    if (size > body.size() - at - sizeof size) return malformed("ends inside an event");
    const std::string_view bytes = body.substr(at, sizeof size + size);
    at += bytes.size();
    if (size > kMaxEventBytes) {
      return item(rejected("BODY_TOO_LARGE", "An event holds at most 1 MiB: send less in one."));
    }
    return item(read_posted_event(as_bytes(bytes), *intake));
  }
};

CloudEventStream::CloudEventStream() : state_(std::make_unique<State>()) {}
CloudEventStream::~CloudEventStream() = default;
CloudEventStream::CloudEventStream(CloudEventStream&&) noexcept = default;
CloudEventStream& CloudEventStream::operator=(CloudEventStream&&) noexcept = default;

void CloudEventStream::open(BodyForm form, std::string_view body, const Intake& intake) {
  state_->form = form;
  state_->intake = &intake;
  state_->body = state_->padded.assign(body);
  state_->at = 0;
  state_->index = 0;
  state_->started = false;
  state_->ended = false;
  state_->failure.reset();
}

std::optional<CloudEventStream::Item> CloudEventStream::next() {
  if (state_->ended) return std::nullopt;
  switch (state_->form) {
    case BodyForm::Single:
      return state_->next_single();
    case BodyForm::Batch:
      return state_->next_of_batch();
    case BodyForm::Lines:
      return state_->next_line();
    case BodyForm::Flatbuffers:
      return state_->next_flatbuffer();
  }
  return std::nullopt;
}

const std::optional<Error>& CloudEventStream::failure() const { return state_->failure; }

Result<Event> parse_binary_event(
    std::span<const std::pair<std::string_view, std::string_view>> attributes,
    std::string_view data, const Intake& intake) {
  Event event;
  EnvelopeIntake envelope(event, intake);
  const auto at = [](Error error, std::string_view name) {
    append_pointer(error.pointer, name);
    return tl::unexpected(std::move(error));
  };
  for (const auto& [name, value] : attributes) {
    if (auto refused = envelope.set(name, value)) return at(std::move(*refused), name);
  }
  if (const std::string_view missing = envelope.missing(); !missing.empty()) {
    return at(rejected("INVALID_FIELD", "is missing").value(), missing);
  }
  PaddedText padded;
  const std::string_view text = padded.assign(data);
  StructuredReader reader;
  reader.begin(text.data() + text.size(), intake);
  reader.values().begin(text.data() + text.size(), intake.import);
  if (begins_too_deep(text)) return tl::unexpected(*check_json(text).error);
  if (!reader.read_data_text(*envelope.codec(), text, event)) {
    Error refused = reader.values().take_error();
    if (auto worse = refuse_json(text, refused)) refused = std::move(*worse);
    if (refused.code != "MALFORMED_JSON") refused.pointer.insert(0, "/data");
    return tl::unexpected(std::move(refused));
  }
  if (auto refused = envelope.finish()) return tl::unexpected(std::move(*refused));
  return event;
}

}  // namespace daybook::codec
