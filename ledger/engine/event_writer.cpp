#include "ledger/engine/event_writer.h"

#include <utility>

#include "ledger/codec/event.h"
#include "ledger/domain/rules/fold.h"

namespace daybook::engine {

log::Position append_and_fold(Core& core, const Event& event, log::Bytes bytes, const log::Hash& leaf, Instant now) {
  const EventType type = event.data.type();
  const StreamNumber stream = core.group.stream(*stream_of(type), codec::stream_id(event.data));
  const log::Position position = core.group.add(bytes, leaf, type, stream, 0);
  fold(core.books, event.data, Occurrence{position, event.envelope.time, now});
  core.note_erasure(event.data);
  core.note_event(stream, position);
  return position;
}

void EventWriter::write(std::vector<EventData> events) {
  IdentityBytes identity;
  for (std::size_t i = 0; i < events.size(); ++i) {
    Event event;
    event.envelope.source = kOwnSource;
    event.envelope.id = correlation_ + "-" + std::to_string(++count_);
    event.envelope.time = now_;
    event.envelope.actor = caller_.actor();
    event.envelope.causation = causation_;
    event.envelope.correlation = correlation_;
    if (idempotency_ && i + 1 == events.size()) event.envelope.idempotency = idempotency_;
    event.data = std::move(events[i]);

    core_.scratch.clear();
    Result<void> encoded = codec::encode_event(event, *core_.keys, core_.scratch);
    if (!encoded) throw InvariantBroken("an event of the ledger cannot be encoded: " + encoded.error().detail);
    const log::Bytes bytes = core_.group.keep(core_.scratch.bytes());
    // Encoding left the sealed forms in the event: folded is what decoding its bytes would give.
    last_ = append_and_fold(core_, event, bytes, log::leaf_hash(bytes), now_);
    if (first_ == 0) first_ = last_;
    core_.identified.push_back({core_.identities->hash(identity.event({}, kOwnSource, event.envelope.id)), last_});
    if (event.envelope.idempotency) {
      core_.identified.push_back({core_.identities->hash(identity.idempotency(event.envelope.idempotency->owner,
                                                                         event.envelope.idempotency->key)),
                             last_});
    }
  }
}

}  // namespace daybook::engine
