#include "ledger/codec/event.h"

#include <algorithm>
#include <array>
#include <optional>
#include <ranges>
#include <utility>

#include <sodium.h>

#include "ledger/codec/codec.h"
#include "ledger/codec/event_description.h"
#include "ledger/codec/json_values.h"
#include "ledger/codec/personal_values.h"
#include "ledger/codec/positions.h"
#include "ledger/codec/value_codec_instance.h"

namespace daybook::codec {
namespace {

using BindingBytes = std::array<std::byte, 16>;

void hash_part(crypto_generichash_state& state, std::string_view part) {
  const std::uint64_t size = part.size();
  unsigned char length[8];
  for (std::size_t i = 0; i < 8; ++i) length[i] = static_cast<unsigned char>(size >> (8 * i));
  crypto_generichash_update(&state, length, sizeof length);
  crypto_generichash_update(
      &state, static_cast<const unsigned char*>(static_cast<const void*>(part.data())), size);
}

/// Of the event's identity and the field: what a ciphertext cannot be moved away from.
BindingBytes binding_of(const Envelope& envelope, std::string_view field) {
  crypto_generichash_state state;
  BindingBytes binding;
  crypto_generichash_init(&state, nullptr, 0, binding.size());
  hash_part(state, "daybook/seal/1");
  hash_part(state, envelope.tenant ? "t" : "");
  hash_part(state, envelope.tenant.value_or(std::string()));
  hash_part(state, envelope.source);
  hash_part(state, envelope.id);
  hash_part(state, field);
  crypto_generichash_final(&state, static_cast<unsigned char*>(static_cast<void*>(binding.data())),
                           binding.size());
  return binding;
}

Result<void> seal_event(Event& event, const EventCodec& codec, Sealer& sealer) {
  const std::string subject = codec.personal_subject(event.data.raw());
  Buffer plain;
  return for_each_personal(
      *codec.info, event.data.raw(),
      [&](std::string_view field, const TypeInfo& type, void* personal) -> Result<void> {
        if (type.get(personal) == nullptr || !type.sealed(personal).empty()) return {};
        plain.clear();
        type.write_plain(personal, plain);
        std::string owner = subject;
        if (owner.empty() && type.element->kind == Kind::String) {
          owner = subject_of_address(plain.view());
        } else if (owner.empty()) {
          owner =
              "stream:" + std::string(name(codec.stream)) + ":" + codec.stream_id(event.data.raw());
        }
        Result<std::string> sealed =
            sealer.seal(owner, binding_of(event.envelope, field), plain.view());
        if (!sealed) return tl::unexpected(std::move(sealed.error()));
        type.sealed(personal) = std::move(*sealed);
        return {};
      });
}

Result<void> open_event(Event& event, const EventCodec& codec, const Sealer& sealer) {
  Result<void> opened = open_personal(*codec.info, event.data.raw(), sealer);
  if (!opened) opened.error().pointer.insert(0, "/data");
  return opened;
}

bool has_unsealed(const EventCodec& codec, const EventData& data) {
  bool unsealed = false;
  static_cast<void>(for_each_personal(
      *codec.info, const_cast<void*>(data.raw()),
      [&](std::string_view, const TypeInfo& type, void* personal) -> Result<void> {
        unsealed = unsealed || (type.get(personal) && type.sealed(personal).empty());
        return {};
      }));
  return unsealed;
}

/// The bytes of an event whose personal values are sealed.
Result<void> write_event(const Event& event, const EventCodec& codec, Buffer& out) {
  const Envelope& envelope = event.envelope;
  const std::size_t before = out.size();
  out.align();
  const std::size_t begin = out.size();
  std::optional<StoredIdempotency> idempotency;
  if (envelope.idempotency) {
    const auto digest = as_bytes(envelope.idempotency->digest);
    idempotency = {
        envelope.idempotency->owner, envelope.idempotency->key, {digest.begin(), digest.end()}};
  }
  FlatbuffersWriter writer(out);
  writer.fields(writer.begin_root(), FlatbuffersWriter::kNone, envelope.schema_version,
                envelope.tenant, envelope.source, envelope.id, envelope.time,
                envelope.time_from_clock, envelope.actor, envelope.causation, envelope.correlation,
                envelope.extensions, idempotency, codec.type,
                FlatbuffersWriter::Union{event.data.raw(), codec.write});
  if (out.size() - begin > kMaxEventBytes) {
    out.truncate(before);
    return rejected("BODY_TOO_LARGE", "An event holds at most 1 MiB: send less in one.");
  }
  return {};
}

bool read_data(FlatbuffersReader& reader, const FlatbuffersReader::TableView& view,
               EventData& data) {
  const auto field = [](EventField id) { return static_cast<std::uint32_t>(id); };
  std::uint8_t number = 0;
  if (!reader.field(view, field(EventField::DataType), "type", number, 1)) return false;
  const EventCodec* codec = find_codec(static_cast<EventType>(number));
  if (codec == nullptr) {
    if (reader.trust() == Trust::Ours) return reader.malformed("has data of an unknown type");
    return reader.fail("UNKNOWN_EVENT_TYPE", "is no event of the contract") ||
           reader.fail_in("type");
  }
  std::uint32_t target = 0;
  FlatbuffersReader::TableView table;
  if (!reader.referred(view, field(EventField::Data), target)) return reader.fail_in("data");
  if (target == 0) return reader.fail("INVALID_FIELD", "is missing; it has to be there") || reader.fail_in("data");
  data = codec->make();
  if (!reader.open(target, table) || !codec->read(reader, table, data.raw(), 2))
    return reader.fail_in("data");
  return true;
}

bool read_event(FlatbuffersReader& reader, Event& event) {
  Envelope& envelope = event.envelope;
  FlatbuffersReader::TableView view;
  if (!reader.open_root(view)) return false;
  const auto field = [&](EventField id, std::string_view member_name, auto& member) {
    return reader.field(view, static_cast<std::uint32_t>(id), member_name, member, 1);
  };
  std::optional<StoredIdempotency> idempotency;
  const bool read = field(EventField::SchemaVersion, "schema_version", envelope.schema_version) &&
                    field(EventField::Tenant, "tenant", envelope.tenant) &&
                    field(EventField::Source, "source", envelope.source) &&
                    field(EventField::Id, "id", envelope.id) &&
                    field(EventField::Time, "time", envelope.time) &&
                    field(EventField::TimeFromClock, "time_from_clock", envelope.time_from_clock) &&
                    field(EventField::Actor, "actor", envelope.actor) &&
                    field(EventField::Causation, "causation", envelope.causation) &&
                    field(EventField::Correlation, "correlation", envelope.correlation) &&
                    field(EventField::Extensions, "extensions", envelope.extensions) &&
                    field(EventField::Idempotency, "idempotency", idempotency) &&
                    reader.only(view, kEventFields) && read_data(reader, view, event.data);
  if (read && idempotency) {
    envelope.idempotency =
        IdempotencyRecord{std::move(idempotency->owner), std::move(idempotency->key),
                          std::string(as_text(idempotency->digest))};
  }
  return read;
}

/// A member that both events took from their own clock.
bool taken_from_clock(const EventCodec& codec, const MemberInfo& member, const Event& left,
                      const Event& right) {
  if (!left.envelope.time_from_clock || !right.envelope.time_from_clock) return false;
  if (std::ranges::find(codec.dates_from_time, member.cpp_name) == codec.dates_from_time.end())
    return false;
  const auto is_own_day = [&](const Event& event) {
    const void* value = member_of(event.data.raw(), member);
    if (member.type->kind == Kind::Optional) value = member.type->get(value);
    const TypeInfo& type =
        member.type->kind == Kind::Optional ? *member.type->element : *member.type;
    return value != nullptr && type.kind == Kind::Date &&
           detail::as<Date>(value) == event.envelope.time.date();
  };
  return is_own_day(left) && is_own_day(right);
}

/// A member that the ledger fills in later than one of the two was made.
bool is_filled_in(const EventCodec& codec, const MemberInfo& member, const Event& left, const Event& right) {
  if (std::ranges::find(codec.filled_by_ledger, member.cpp_name) == codec.filled_by_ledger.end()) return false;
  return is_left_out(member, left.data.raw()) || is_left_out(member, right.data.raw());
}

bool has_erased(const EventCodec& codec, const EventData& data) {
  bool erased = false;
  static_cast<void>(for_each_personal(
      *codec.info, const_cast<void*>(data.raw()),
      [&](std::string_view, const TypeInfo& type, void* personal) -> Result<void> {
        erased = erased || type.get(personal) == nullptr;
        return {};
      }));
  return erased;
}

}  // namespace

Result<void> encode_event(const Event& event, Sealer& sealer, Buffer& out) {
  const EventCodec& codec = codec::codec(event.data.type());
  if (!codec.info->has_personal || !has_unsealed(codec, event.data))
    return write_event(event, codec, out);
  Event copy = event;
  return encode_event(copy, sealer, out);
}

Result<void> encode_event(Event& event, Sealer& sealer, Buffer& out) {
  const EventCodec& codec = codec::codec(event.data.type());
  if (codec.info->has_personal) {
    if (Result<void> sealed = seal_event(event, codec, sealer); !sealed) return sealed;
  }
  return write_event(event, codec, out);
}

Result<Event> decode_event(std::span<const std::byte> bytes, const Sealer* sealer) {
  Event event;
  FlatbuffersReader reader(bytes, Trust::Ours);
  if (!read_event(reader, event)) return tl::unexpected(reader.take_error());
  const EventCodec& codec = codec::codec(event.data.type());
  if (sealer != nullptr && codec.info->has_personal) {
    if (Result<void> opened = open_event(event, codec, *sealer); !opened) {
      return tl::unexpected(std::move(opened.error()));
    }
  }
  return event;
}

std::string stream_id(const EventData& data) { return codec(data.type()).stream_id(data.raw()); }

void fill_defaults(Event& event) {
  const FactContext context{event.envelope.time, event.envelope.time.date(), event.envelope.id,
                            event.envelope.source};
  codec(event.data.type()).fill_defaults(event.data.raw(), context);
}

namespace {

/// But for where an item was taken over from.
bool same_extensions(const std::vector<Extension>& left, const std::vector<Extension>& right) {
  const auto is_told = [](const Extension& each) { return each.name != kOriginPosition; };
  return std::ranges::equal(left | std::views::filter(is_told), right | std::views::filter(is_told));
}

}  // namespace

bool same_body(const Event& left, const Event& right) {
  const Envelope& a = left.envelope;
  const Envelope& b = right.envelope;
  if (left.data.type() != right.data.type()) return false;
  const EventCodec& codec = codec::codec(left.data.type());
  if (codec.info->has_personal && (has_erased(codec, left.data) || has_erased(codec, right.data)))
    return true;
  if (a.tenant != b.tenant || a.source != b.source || a.id != b.id || !same_extensions(a.extensions, b.extensions))
    return false;
  if (a.time_from_clock != b.time_from_clock || (!a.time_from_clock && a.time != b.time))
    return false;
  return std::ranges::all_of(codec.info->members, [&](const MemberInfo& member) {
    if (is_filled_in(codec, member, left, right)) return true;
    return member.type->equal(member_of(left.data.raw(), member),
                              member_of(right.data.raw(), member)) ||
           taken_from_clock(codec, member, left, right);
  });
}

void event_json(const Event& event, const EventPlace& place, JsonWriter& json) {
  const Envelope& envelope = event.envelope;
  const EventCodec& codec = codec::codec(event.data.type());
  const auto optional = [&](std::string_view key, const std::optional<std::string>& value) {
    json.raw_key(key);
    value ? json.text(*value) : json.null();
  };
  json.begin_object();
  json.raw_key("\"position\":").number(place.position);
  json.raw_key("\"specversion\":").raw("\"1.0\"");
  json.raw_key("\"type\":").text("daybook." + std::string(codec.name));
  json.raw_key("\"source\":").text(envelope.source);
  json.raw_key("\"id\":").text(envelope.id);
  json.raw_key("\"time\":").instant(envelope.time);
  json.raw_key("\"recordedAt\":").instant(place.recorded_at);
  json.raw_key("\"streamType\":").text(name(codec.stream));
  json.raw_key("\"streamId\":").text(codec.stream_id(event.data.raw()));
  json.raw_key("\"version\":").number(place.version);
  json.raw_key("\"actor\":").begin_object();
  optional("\"keyId\":", envelope.actor.key_id);
  optional("\"identityId\":", envelope.actor.identity_id);
  optional("\"tenantId\":", envelope.actor.tenant_id);
  json.end_object();
  optional("\"causationId\":", envelope.causation);
  optional("\"correlationId\":", envelope.correlation);
  json.raw_key("\"schemaVersion\":").number(envelope.schema_version);
  for (const Extension& extension : envelope.extensions)
    json.key(extension.name).text(extension.value);
  json.raw_key("\"data\":");
  codec.to_json(event.data, json);
  json.end_object();
}

}  // namespace daybook::codec
