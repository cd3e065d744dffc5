#include "ledger/codec/cloudevents.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "ledger/codec/intake.h"
#include "ledger/codec/json_check.h"
#include "ledger/codec/padded_text.h"
#include "ledger/codec/structured_reader.h"

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
  /// The last one that was given out. Its event is read over by the next: what it holds of storage is
  /// used again.
  Item item{};

  Item* fail(Error error) {
    failure = std::move(error);
    ended = true;
    return nullptr;
  }
  Item* fail_malformed() {
    const Error reason{ErrorKind::Invalid, "MALFORMED_JSON", "is no JSON", {}};
    return fail(refuse_json(body, reason).value_or(reason));
  }
  Item* begin_item() {
    item.index = index++;
    if (!item.event) item.event.emplace();
    return &item;
  }

  /// One event that is all of `text`.
  Item* read_whole(std::string_view text) {
    Item* const out = begin_item();
    if (begins_too_deep(text)) {
      out->event = tl::unexpected(*check_json(text).error);
    } else if (!read_document(text, *out->event)) {
      Error refused = reader.values().take_error();
      out->event = tl::unexpected(refuse_json(text, refused).value_or(refused));
    }
    return out;
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

  Item* next_single() {
    ended = true;
    return read_whole(body);
  }

  Item* next_line() {
    while (at < body.size()) {
      const std::size_t end = std::min(body.find('\n', at), body.size());
      std::string_view line = body.substr(at, end - at);
      at = end + 1;
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (line.find_first_not_of(" \t") == std::string_view::npos) continue;
      return read_whole(line);
    }
    ended = true;
    return nullptr;
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

  Item* next_of_batch() {
    if (!started) {
      if (!start_batch()) return failure ? nullptr : fail_malformed();
    } else {
      ++place;
    }
    if (place == simdjson::simdjson_result<ondemand::array_iterator>(array.end())) {
      ended = true;
      if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) return fail_malformed();
      return nullptr;
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

  Item* read_element(ondemand::value& value) {
    Item* const out = begin_item();
    const char* begin = value.raw_json_token().data();
    JsonValueReader& values = reader.values();
    bool read = false;
    if (*begin != '{') {
      values.wrong_type("an object: one CloudEvent");
    } else {
      ondemand::object fields;
      if (value.get_object().get(fields) == simdjson::SUCCESS) {
        read = reader.read(fields, *out->event);
      } else {
        values.malformed();
      }
    }
    if (read) return out;
    Error refused = values.take_error();
    // The parser skips what is left of this one, and takes a string with a colon behind it for a
    // member's name; so where it ends is seen to here.
    const std::string_view rest(begin, static_cast<std::size_t>(body.data() + body.size() - begin));
    JsonCheck checked = check_refused_json(rest, 2);
    if (checked.error) {
      refused = std::move(*checked.error);
    } else if (checked.end == rest.size() || (rest[checked.end] != ',' && rest[checked.end] != ']')) {
      refused.code = "MALFORMED_JSON";
    }
    if (refused.code == "MALFORMED_JSON") return fail_malformed();
    out->event = tl::unexpected(std::move(refused));
    return out;
  }

  Item* next_flatbuffer() {
    if (at == body.size()) {
      ended = true;
      return nullptr;
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
    Item* const out = begin_item();
    if (size > kMaxEventBytes) {
      out->event = rejected("BODY_TOO_LARGE", "An event holds at most 1 MiB: send less in one.");
    } else {
      out->event = read_posted_event(as_bytes(bytes), *intake);
      // Bytes that are no event at all are no slip in one of many: as a batch that is no JSON, the body goes back whole.
      if (!out->event && out->event.error().code == "MALFORMED_FLATBUFFER") {
        Error refused = std::move(out->event.error());
        refused.detail = "the event with index " + std::to_string(out->index) + " cannot be read: " +
                         (refused.pointer.empty() ? "it " : refused.pointer + " ") + refused.detail + "; nothing of the body was recorded";
        return fail(std::move(refused));
      }
    }
    return out;
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

CloudEventStream::Item* CloudEventStream::next() {
  if (state_->ended) return nullptr;
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
  return nullptr;
}

const std::optional<Error>& CloudEventStream::failure() const { return state_->failure; }

namespace {

/// A header's value as CloudEvents' HTTP binding (3.1.3.2) writes it: `%` and two hexadecimal digits are a byte. None where
/// something else follows a `%`.
std::optional<std::string> percent_decoded(std::string_view value) {
  std::string text;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '%') {
      text.push_back(value[i]);
      continue;
    }
    unsigned byte = 0;
    const char* const digits = value.data() + i + 1;
    if (i + 2 >= value.size() || std::from_chars(digits, digits + 2, byte, 16).ptr != digits + 2) return std::nullopt;
    text.push_back(static_cast<char>(byte));
    i += 2;
  }
  return text;
}

}  // namespace

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
    const std::optional<std::string> text = percent_decoded(value);
    if (!text) {
      return at(rejected("INVALID_STRING", "has a % without two hexadecimal digits behind it; write %25 for a % itself")
                    .value(),
                name);
    }
    if (auto refused = envelope.set(name, *text)) return at(std::move(*refused), name);
  }
  if (const std::string_view missing = envelope.missing(); !missing.empty()) {
    return at(rejected("INVALID_FIELD", "is missing; it has to be there").value(), missing);
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
