#pragma once

#include "ledger/codec/member_types.h"
#include "ledger/domain/event.h"

/// The parts of the envelope, described here because only their bytes follow a description: on the
/// wire the envelope is CloudEvents.
namespace daybook {

BOOST_DESCRIBE_STRUCT(Actor, (), (key_id, identity_id, tenant_id))
BOOST_DESCRIBE_STRUCT(Extension, (), (name, value))

}  // namespace daybook

namespace daybook::codec {

/// The field ids of `table Event` (schemas/event.fbs).
enum class EventField : std::uint32_t {
  SchemaVersion,
  Tenant,
  Source,
  Id,
  Time,
  TimeFromClock,
  Actor,
  Causation,
  Correlation,
  Extensions,
  Idempotency,
  DataType,
  Data,
};
inline constexpr std::uint32_t kEventFields = 13;

/// `IdempotencyRecord` as it is stored: its digest is no text.
struct StoredIdempotency {
  std::string owner;
  std::string key;
  ByteVector digest;
};
BOOST_DESCRIBE_STRUCT(StoredIdempotency, (), (owner, key, digest))

}  // namespace daybook::codec
