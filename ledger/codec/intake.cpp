#include "ledger/codec/intake.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "ledger/codec/event.h"
#include "ledger/codec/positions.h"
#include "ledger/codec/text_rules.h"
#include "ledger/domain/days_kept.h"
#include "ledger/domain/own_source.h"

namespace daybook::codec {
namespace {

constexpr std::size_t kMaxExtensions = 16;
constexpr std::int64_t kDayMicros = 86'400'000'000;
constexpr std::string_view kTypePrefix = "daybook.";

enum Attribute : std::uint32_t { kSpecVersion = 1, kType = 2, kSource = 4, kId = 8, kTime = 16 };

constexpr std::array<std::pair<std::uint32_t, std::string_view>, 4> kRequired = {
    {{kSpecVersion, "specversion"}, {kType, "type"}, {kSource, "source"}, {kId, "id"}}};

Error refusal(std::string_view code, std::string detail, std::string pointer = {}) {
  return Error{ErrorKind::Invalid, code, std::move(detail), std::move(pointer)};
}

/// CloudEvents 1.0: lower-case letters and digits.
bool is_attribute_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  });
}

bool is_json_media_type(std::string_view type) {
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  return type == "application/json" || type.ends_with("+json");
}

}  // namespace

EnvelopeIntake::EnvelopeIntake(Event& event, const Intake& intake)
    : event_(&event), intake_(&intake) {
  Envelope& envelope = event.envelope;
  envelope.schema_version = 1;
  envelope.tenant = intake.tenant;
  envelope.time_from_clock = false;
  envelope.actor = intake.actor;
  envelope.causation.reset();
  envelope.correlation = intake.correlation;
  envelope.extensions.clear();
  envelope.idempotency.reset();
}

bool EnvelopeIntake::is_of_the_log(std::string_view name) {
  constexpr std::array<std::string_view, 9> kNames = {
      "position", "recordedAt",  "streamType",    "streamId",     "version",
      "actor",    "causationId", "correlationId", "schemaVersion"};
  return std::ranges::find(kNames, name) != kNames.end();
}

bool EnvelopeIntake::seen_before(std::uint32_t bit) {
  const bool before = (seen_ & bit) != 0;
  seen_ |= bit;
  return before;
}

std::optional<Error> EnvelopeIntake::set(std::string_view name, std::string_view value) {
  const auto once = [&](std::uint32_t bit) -> std::optional<Error> {
    if (!seen_before(bit)) return std::nullopt;
    return refusal("DUPLICATE_MEMBER", "is there twice: remove one");
  };
  if (name == "specversion") {
    if (auto twice = once(kSpecVersion)) return twice;
    if (value == "1.0") return std::nullopt;
    return refusal("INVALID_FIELD", "should be \"1.0\", the version of CloudEvents");
  }
  if (name == "type") {
    const auto type = value.starts_with(kTypePrefix) ? event_type(value.substr(kTypePrefix.size()))
                                                     : std::nullopt;
    return set_type(type ? find_codec(*type) : nullptr);
  }
  if (name == "source") {
    if (auto twice = once(kSource)) return twice;
    return set_text(event_->envelope.source, value);
  }
  if (name == "id") {
    if (auto twice = once(kId)) return twice;
    return set_text(event_->envelope.id, value);
  }
  if (name == "time") {
    if (auto twice = once(kTime)) return twice;
    Result<Instant> time = Instant::parse(value);
    if (!time) return std::move(time.error());
    event_->envelope.time = *time;
    return std::nullopt;
  }
  return set_extension(name, value);
}

std::optional<Error> EnvelopeIntake::set_type(const EventCodec* codec) {
  if (seen_before(kType)) return refusal("DUPLICATE_MEMBER", "is there twice: remove one");
  if (codec == nullptr) {
    return refusal("UNKNOWN_EVENT_TYPE",
                   "is no type of event: it is \"daybook.\" and a name, as in daybook.UsageRecorded; /openapi.json lists them");
  }
  if (!is_posted(codec->type) && !intake_->import) {
    return refusal("LEDGER_DECIDES", "is decided by the ledger itself and cannot be posted");
  }
  codec_ = codec;
  return std::nullopt;
}

void EnvelopeIntake::set_time(Instant time) {
  seen_ |= kTime;
  event_->envelope.time = time;
}

std::optional<Error> EnvelopeIntake::set_origin(std::string_view position) {
  if (!origin_.empty()) return refusal("DUPLICATE_MEMBER", "is there twice: remove one");
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(position.data(), position.data() + position.size(), value);
  if (error != std::errc() || end != position.data() + position.size() || value == 0) {
    return refusal("INVALID_FIELD", "is a position in the log that the item comes from: a whole number from 1 on");
  }
  origin_ = std::to_string(value);
  return std::nullopt;
}

std::optional<Error> EnvelopeIntake::set_text(std::string& member, std::string_view value) {
  if (value.empty()) return refusal("INVALID_STRING", "is empty: give it a value");
  if (auto refused = refuse_text(value)) return refused;
  member = value;
  return std::nullopt;
}

std::optional<Error> EnvelopeIntake::set_extension(std::string_view name, std::string_view value) {
  if (!is_attribute_name(name) || name == "data") {
    return refusal("INVALID_FIELD", "is no attribute: names are lower-case letters and digits");
  }
  if (name == "datacontenttype" && !is_json_media_type(value)) {
    return refusal("INVALID_FIELD", "should be application/json");
  }
  if (name == kOriginPosition) {
    if (intake_->import) return std::nullopt;  // of the log before that one
    return refusal("INVALID_FIELD", "is written by the ledger itself: leave it out");
  }
  if (auto refused = refuse_text(value)) return refused;
  if (value.empty() && (name == "subject" || name == "dataschema")) {  // CloudEvents 1.0, 3.1.2
    return refusal("INVALID_STRING", "is empty: give it a value, or leave it out");
  }
  std::vector<Extension>& extensions = event_->envelope.extensions;
  const auto place = std::ranges::lower_bound(extensions, name, {}, &Extension::name);
  if (place != extensions.end() && place->name == name) {
    return refusal("DUPLICATE_MEMBER", "is there twice: remove one");
  }
  if (extensions.size() == kMaxExtensions) {
    return refusal("TOO_MANY_MEMBERS", "is one attribute more than the 16 that are kept");
  }
  extensions.insert(place, Extension{std::string(name), std::string(value)});
  return std::nullopt;
}

std::string_view EnvelopeIntake::missing() const {
  for (const auto& [bit, name] : kRequired) {
    if ((seen_ & bit) == 0) return name;
  }
  return {};
}

std::optional<Error> EnvelopeIntake::refuse_days() const {
  if (!is_kept(event_->envelope.time.date())) {
    return check_day_kept(event_->envelope.time.date(), "/time").error();
  }
  for (const std::size_t place : codec_->info->days) {
    const MemberInfo& member = codec_->info->members[place];
    const void* object = member_of(event_->data.raw(), member);
    if (member.type->kind == Kind::Optional) object = member.type->get(object);
    if (object == nullptr) continue;
    const Date day = *static_cast<const Date*>(object);
    if (!is_kept(day)) return check_day_kept(day, "/data/" + member.name).error();
  }
  return std::nullopt;
}

std::optional<Error> EnvelopeIntake::finish() {
  Envelope& envelope = event_->envelope;
  if ((seen_ & kTime) == 0) {
    envelope.time = intake_->now;
    envelope.time_from_clock = true;
  } else if (!intake_->import && envelope.time.micros > intake_->now.micros + kDayMicros) {
    return refusal("INVALID_TIME", "is more than 24 hours after the ledger's clock", "/time");
  }
  if (!intake_->import && envelope.source == kOwnSource) {
    return refusal("INVALID_IDENTIFIER", "is the source of the ledger's own events: name the system that sends this", "/source");
  }
  if (!intake_->import && !codec_->filled_by_ledger.empty()) {
    for (const MemberInfo& member : codec_->info->members) {
      if (std::ranges::find(codec_->filled_by_ledger, member.cpp_name) ==
          codec_->filled_by_ledger.end())
        continue;
      if (is_left_out(member, event_->data.raw())) continue;
      return refusal("INVALID_FIELD", "is filled in by the ledger: leave it out",
                     "/data/" + member.name);
    }
  }
  if (!intake_->import) {
    if (auto refused = refuse_days()) return refused;
  }
  if (!origin_.empty()) {
    std::vector<Extension>& extensions = envelope.extensions;
    const auto place = std::ranges::lower_bound(extensions, kOriginPosition, {}, &Extension::name);
    extensions.insert(place, Extension{std::string(kOriginPosition), origin_});
  }
  fill_defaults(*event_);
  return std::nullopt;
}

}  // namespace daybook::codec
