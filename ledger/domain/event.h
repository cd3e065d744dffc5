#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/erased.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/time.h"

namespace daybook {

/// The data of an event: one of the described types with an `EventType`.
using EventData = Erased<EventType>;
/// A wish: one of the described types with a `CommandType`.
using CommandData = Erased<CommandType>;

/// Who made an event happen. A key always; an identity where the key acts as one.
struct Actor {
  std::optional<std::string> key_id;
  std::optional<std::string> identity_id;
  std::optional<std::string> tenant_id;
  friend bool operator==(const Actor&, const Actor&) = default;
};

/// A CloudEvents context attribute or extension beyond those of the envelope, kept as it came.
struct Extension {
  std::string name;
  std::string value;
  friend bool operator==(const Extension&, const Extension&) = default;
};

/// What the last event of a command keeps so that its `Idempotency-Key` is an identity for ever.
struct IdempotencyRecord {
  std::string owner;   ///< the identity that acted, else name and tenant of the key
  std::string key;     ///< 1–255 visible ASCII characters
  std::string digest;  ///< SHA-256 of path and body, 32 bytes
  friend bool operator==(const IdempotencyRecord&, const IdempotencyRecord&) = default;
};

/// Everything about an event but its data and what follows from its place in the log.
struct Envelope {
  std::uint16_t schema_version = 1;
  std::optional<std::string> tenant;  ///< of the key that sent it; part of the identity
  std::string source;
  std::string id;
  Instant time;
  bool time_from_clock = false;  ///< `time` was left out: neither it nor a date taken from it is compared
  Actor actor;
  std::optional<std::string> causation;    ///< `source id` of the event that caused this one
  std::optional<std::string> correlation;  ///< id of the command or request
  std::vector<Extension> extensions;       ///< sorted by name, at most 16
  std::optional<IdempotencyRecord> idempotency;
  friend bool operator==(const Envelope&, const Envelope&) = default;
};

/// One billing fact: what a record's event bytes hold.
struct Event {
  Envelope envelope;
  EventData data;
  friend bool operator==(const Event&, const Event&) = default;
};

}  // namespace daybook
