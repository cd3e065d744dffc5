#pragma once

#include <string>

#include "ledger/codec/codec.h"
#include "ledger/codec/event.h"

namespace daybook::codec {

/// Seals by adding the binding in front: the same every time, so that bytes can be compared. Not
/// secret at all.
class PlainSealer final : public Sealer {
 public:
  Result<std::string> seal(std::string_view subject, Binding binding,
                           std::string_view plain) override {
    last_subject = subject;
    return std::string(as_text(binding)) + std::string(plain);
  }
  Result<std::optional<std::string>> open(std::string_view sealed) const override {
    if (sealed.size() < 16) return failed(ErrorKind::Corruption, "CORRUPTION", "too short");
    return std::string(sealed.substr(16));
  }

  std::string last_subject;
};

/// The names of the members that differ.
[[nodiscard]] inline std::string differences(const TypeInfo& info, const void* left,
                                             const void* right) {
  std::string names;
  for (const MemberInfo& member : info.members) {
    if (!member.type->equal(member_of(left, member), member_of(right, member)))
      names.append(member.name).append(" ");
  }
  return names;
}

/// An event of the type with a random envelope and random data.
[[nodiscard]] inline Event random_event(const EventCodec& table, RandomValues& values) {
  Event event;
  Envelope& envelope = event.envelope;
  const auto optional = [&](std::optional<std::string>& text) {
    if (values.one_in(2)) text = values.text(1, 20);
  };
  envelope.schema_version = static_cast<std::uint16_t>(values.below(3));
  optional(envelope.tenant);
  envelope.source = values.text(1, 30);
  envelope.id = values.text(1, 20);
  envelope.time.micros = static_cast<std::int64_t>(values.below(4'000'000'000'000'000));
  envelope.time_from_clock = values.one_in(4);
  optional(envelope.actor.key_id);
  optional(envelope.actor.identity_id);
  optional(envelope.actor.tenant_id);
  optional(envelope.causation);
  optional(envelope.correlation);
  for (std::size_t i = values.below(3); i > 0; --i) {
    envelope.extensions.push_back({"extension" + std::to_string(3 - i), values.text(0, 10)});
  }
  if (values.one_in(4)) {
    std::string digest(32, '\0');
    for (char& byte : digest) byte = static_cast<char>(values.u64());
    envelope.idempotency = IdempotencyRecord{values.text(1, 10), values.text(1, 40), digest};
  }
  event.data = table.random(values);
  return event;
}

}  // namespace daybook::codec
