#include "ledger/engine/prepare_fact.h"

#include <string>
#include <utility>
#include <vector>

#include "ledger/codec/event.h"
#include "ledger/domain/facts/usage.h"
#include "ledger/domain/rules/attached_document.h"
#include "ledger/domain/rules/decide.h"
#include "ledger/engine/core.h"

namespace daybook::engine {

void prepare_fact(const Core& core, FactBatch& batch, Event&& fact) {
  PreparedFact& prepared = batch.facts.emplace_back();
  batch.keys.push_back(0);
  prepared.type = fact.data.type();
  if (!is_posted(prepared.type) && !batch.caller.may_import) {
    batch.reject(prepared, Error{ErrorKind::Invalid, "LEDGER_DECIDES",
                                 "daybook." + std::string(name(prepared.type)) +
                                     " is decided by the ledger itself. Post the facts it follows from, or use a key "
                                     "with the right `import` to copy a history.",
                                 "/type"});
    return;
  }
  if (fact.envelope.time_from_clock) fact.envelope.time = core.now();
  if (prepared.type == EventType::UsageRecorded) {
    // Usage is only admitted later, by look-ups: what is wrong with the row itself is found here.
    static const Books kNothing;
    fact.envelope.tenant.reset();
    if (Result<void> checked = check(kNothing, fact); !checked) {
      batch.reject(prepared, checked.error());
      return;
    }
  }
  if (batch.caller.may_import) prepared.origin = origin_of(fact.envelope);
  fact.envelope.tenant = batch.caller.tenant;
  fact.envelope.actor = batch.caller.actor();
  codec::fill_defaults(fact);
  // Recorded is its hash; the content follows in chunks.
  std::vector<std::byte> content = take_content(fact.data);

  if (batch.events.empty()) batch.key_epoch = core.keys->epoch();
  while (batch.bytes.size() % 8 != 0) *batch.bytes.extend(1) = std::byte{0};
  const std::size_t offset = batch.bytes.size();
  if (Result<void> encoded = codec::encode_event(fact, *core.keys, batch.bytes); !encoded) {
    batch.bytes.truncate(offset);
    batch.reject(prepared, encoded.error());
    return;
  }
  prepared.offset = static_cast<std::uint32_t>(offset);
  prepared.size = static_cast<std::uint32_t>(batch.bytes.size() - offset);
  const log::Bytes bytes = batch.event_bytes(prepared);
  prepared.leaf = log::leaf_hash(bytes);
  thread_local IdentityBytes identity;
  prepared.identity = core.identities->hash(
      identity.event(batch.caller.tenant.value_or(""), fact.envelope.source, fact.envelope.id));
  batch.keys.back() = prepared.identity;
  if (const auto* usage = fact.data.get_if<UsageRecorded>()) {
    if (usage->usage_id && *usage->usage_id != fact.envelope.id) {
      prepared.has_usage_identity = true;
      prepared.usage_identity = core.identities->hash(
          identity.usage(usage->subscription_id.text(), fact.envelope.source, *usage->usage_id));
    }
    return;
  }
  // Decoded again, so that what is folded is what is recorded, sealed members included.
  Result<Event> recorded = codec::decode_event(bytes, core.keys.get());
  if (!recorded) {
    batch.reject(prepared, recorded.error());
    return;
  }
  batch.content_bytes += content.size();
  put_content(recorded->data, std::move(content));
  batch.events.push_back(std::move(*recorded));
  prepared.event = static_cast<std::uint32_t>(batch.events.size());
}

}  // namespace daybook::engine
