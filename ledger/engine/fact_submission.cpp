#include "ledger/engine/fact_submission.h"

#include <algorithm>
#include <optional>

#include "ledger/codec/event.h"
#include "ledger/codec/event_view.h"
#include "ledger/codec/positions.h"
#include "ledger/domain/facts/identity.h"
#include "ledger/domain/facts/usage.h"
#include "ledger/domain/rules/attached_document.h"
#include "ledger/domain/rules/complete.h"
#include "ledger/domain/rules/decide.h"

namespace daybook::engine {
namespace {

/// Room in the group for what a body of facts may bring about; usage alone brings about nothing.
constexpr std::size_t kConsequencesBytes = 1u << 20;

/// How many facts ahead an identity's place in memory is asked for: some hundred nanoseconds of work.
constexpr std::size_t kExpectAhead = 8;

bool same_identity(const codec::EventView& left, const codec::EventView& right) {
  return left.tenant() == right.tenant() && left.source() == right.source() && left.id() == right.id();
}

}  // namespace

std::size_t FactSubmission::raw_bytes() const {
  return batch_->bytes.size() + batch_->content_bytes + batch_->facts.size() * 16 + (batch_->events.empty() ? 0 : kConsequencesBytes);
}

void FactSubmission::decide(Core& core, Instant now) {
  const Group::Savepoint savepoint = core.group.savepoint();
  core.begin_body(batch_->facts.size());
  bool keep = false;
  try {
    keep = take_facts(core, now);
  } catch (const InvariantBroken& broken) {
    for (PreparedFact& fact : batch_->facts) {
      batch_->reject(fact, Error{ErrorKind::Internal, "INTERNAL",
                                 std::string("The ledger could not record this body; nothing of it was written. ") +
                                     broken.what(),
                                 {}});
    }
  }
  if (keep) {
    core.accept_body();
    return;
  }
  core.refuse_body(savepoint);
  batch_->first = batch_->last = 0;
}

bool FactSubmission::take_facts(Core& core, Instant now) {
  bool is_refused = false;
  for (std::size_t i = 0; i < batch_->facts.size(); ++i) {
    if (i + kExpectAhead < batch_->facts.size()) core.identities->expect(batch_->facts[i + kExpectAhead].identity);
    PreparedFact& fact = batch_->facts[i];
    if (fact.error == 0) take(core, fact, i, now);
    is_refused = is_refused || (fact.status == FactStatus::Rejected && batch_->atomic);
    if (fact.status != FactStatus::Accepted) continue;
    if (batch_->first == 0) batch_->first = fact.position;
    batch_->last = fact.position;
  }
  if (is_refused) return false;  // the whole of it; each that was refused is told
  if (accepted_.empty()) return true;
  std::optional<EventWriter> writer;
  const auto follow = [&](const Event& cause, const std::vector<EventData>& events) {
    if (events.empty()) return;
    if (!writer) writer.emplace(core, batch_->caller, core.new_uuid(), now);
    writer->set_causation(cause.envelope.source + " " + cause.envelope.id);
    writer->write(events);
  };
  if (!batch_->caller.may_import) follow(accepted_.back(), consequences(core.books, accepted_, now));
  for (const Event& fact : accepted_) follow(fact, content_of(fact.data));
  return true;
}

void FactSubmission::take(Core& core, PreparedFact& fact, std::size_t index, Instant now) {
  if (batch_->caller.may_import && stream_of(fact.type) == StreamType::Key) {
    fact.status = FactStatus::Skipped;
    return;
  }
  if (settle_known(core, fact, index)) return;
  if (fact.type == EventType::UsageRecorded) {
    take_usage(core, fact);
  } else {
    take_other(core, fact, now);
  }
  if (fact.status != FactStatus::Accepted) return;
  note_identity(core, fact.identity, fact.position);
  if (fact.has_usage_identity) note_identity(core, fact.usage_identity, fact.position);
  if (fact.origin != 0) core.note_origin(fact.origin, fact.position);
}

Result<bool> FactSubmission::move_positions(Core& core, const PreparedFact& fact, EventData& data) {
  if (fact.origin == 0) return false;
  return codec::move_positions(data, core.origins_here());
}

/// The event that stands for its place in the log it comes from is another one: it is of a second log.
bool FactSubmission::is_of_second_log(Core& core, const PreparedFact& fact) {
  return fact.origin != 0 && core.origins_here().at(fact.origin).has_value();
}

void FactSubmission::note_identity(Core& core, std::uint64_t key, log::Position position) {
  core.identified.push_back({key, position});
  if (batch_->facts.size() > 1) core.body.add(key, position);
}

void FactSubmission::candidates_of(Core& core, std::uint64_t key, std::vector<log::Position>& out) const {
  const Result<void> found = core.identities->find_since(batch_->mark, key, out);
  if (!found) throw InvariantBroken("the identity index cannot be read: " + found.error().detail);
  if (batch_->facts.size() > 1) core.body.each(key, [&](log::Position position) { out.push_back(position); });
}

bool FactSubmission::settle_known(Core& core, PreparedFact& fact, std::size_t index) {
  candidates_.clear();
  while (next_hit_ < batch_->run_hits.size() && batch_->run_hits[next_hit_].index < index) ++next_hit_;
  for (std::size_t hit = next_hit_; hit < batch_->run_hits.size() && batch_->run_hits[hit].index == index; ++hit) {
    candidates_.push_back(batch_->run_hits[hit].position);
  }
  candidates_of(core, fact.identity, candidates_);
  for (const log::Position earlier : candidates_) {
    if (settle_against(core, fact, earlier)) return true;
  }
  return false;
}

bool FactSubmission::settle_against(Core& core, PreparedFact& fact, log::Position earlier) {
  const Result<std::vector<std::byte>> bytes = core.event_bytes(earlier);
  if (!bytes) {
    if (bytes.error().kind == ErrorKind::NotFound) return false;  // a hash of a body that was taken back
    throw InvariantBroken("a recorded event cannot be read: " + bytes.error().detail);
  }
  const log::Bytes mine = batch_->event_bytes(fact);
  if (!same_identity(codec::EventView(*bytes), codec::EventView(mine))) return false;
  const Result<Event> recorded = codec::decode_event(*bytes, core.keys.get());
  Result<Event> sent = codec::decode_event(mine, core.keys.get());
  LEDGER_INVARIANT(recorded.has_value() && sent.has_value());
  // An item of this very log names the positions that are recorded, one of another those it was taken over with.
  bool is_same = codec::same_body(*recorded, *sent);
  if (!is_same && move_positions(core, fact, sent->data).value_or(false)) is_same = codec::same_body(*recorded, *sent);
  if (is_same) {
    fact.status = FactStatus::Duplicate;
    fact.position = earlier;
    return true;
  }
  batch_->reject(fact, Error{ErrorKind::Conflict, "EVENT_ID_REUSED",
                             "Position " + std::to_string(earlier) +
                                 " holds another event with this source and id. Send the same body again, or give "
                                 "the new event an id of its own.",
                             "/id"});
  return true;
}

bool FactSubmission::usage_id_taken(Core& core, PreparedFact& fact) {
  const codec::EventView mine(batch_->event_bytes(fact));
  IdentityBytes identity;
  std::vector<log::Position> candidates;
  // Rows with an explicit usageId stand under a key of their own, all others under their event's identity.
  const std::uint64_t usage_key =
      fact.has_usage_identity
          ? fact.usage_identity
          : core.identities->hash(identity.usage(mine.usage_subscription_id(), mine.source(), mine.usage_id()));
  std::vector<std::uint64_t> keys{usage_key};
  if (fact.has_usage_identity) {
    keys.push_back(core.identities->hash(identity.event(mine.tenant(), mine.source(), mine.usage_id())));
  }
  for (const std::uint64_t key : keys) {
    const Result<void> found = core.identities->find(key, candidates);
    if (!found) throw InvariantBroken("the identity index cannot be read: " + found.error().detail);
    core.body.each(key, [&](log::Position position) { candidates.push_back(position); });
  }
  for (const log::Position earlier : candidates) {
    const Result<std::vector<std::byte>> bytes = core.event_bytes(earlier);
    if (!bytes) continue;
    const codec::EventView other(*bytes);
    if (other.type() == EventType::UsageRecorded && other.source() == mine.source() &&
        other.usage_subscription_id() == mine.usage_subscription_id() && other.usage_id() == mine.usage_id()) {
      batch_->reject(fact, Error{ErrorKind::Conflict, "DUPLICATE_USAGE",
                                 "Position " + std::to_string(earlier) +
                                     " holds usage of this subscription and source with this usageId. Amend that "
                                     "row, or give the new one a usageId of its own.",
                                 "/data/usageId"});
      return true;
    }
  }
  return false;
}

namespace {

/// Of the account that has the subscription; empty where nobody has.
std::string_view tenant_of(const Core& core, std::string_view subscription_id) {
  const auto* subscription = core.books.find<Subscription>(subscription_id);
  const Account* account = subscription == nullptr ? nullptr : core.books.account(subscription->account_id);
  return account != nullptr ? std::string_view(account->tenant_id.text()) : std::string_view();
}

}  // namespace

std::set<log::Position> FactSubmission::usage_rows(Core& core, const UsageName& name) const {
  IdentityBytes identity;
  std::vector<log::Position> candidates;
  // Rows with an explicit usageId stand under a key of their own, all others under their event's identity.
  std::set<std::uint64_t> keys = {core.identities->hash(identity.usage(name.subscription, name.source, name.usage_id))};
  for (const std::string_view tenant : name.tenants) {
    keys.insert(core.identities->hash(identity.event(tenant, name.source, name.usage_id)));
  }
  for (const std::uint64_t key : keys) {
    const Result<void> found = core.identities->find(key, candidates);
    if (!found) throw InvariantBroken("the identity index cannot be read: " + found.error().detail);
    core.body.each(key, [&](log::Position position) { candidates.push_back(position); });
  }
  std::set<log::Position> rows;
  for (const log::Position position : candidates) {
    const Result<std::vector<std::byte>> bytes = core.event_bytes(position);
    if (!bytes) continue;
    const codec::EventView row(*bytes);
    if (row.type() == EventType::UsageRecorded && row.source() == name.source &&
        row.usage_subscription_id() == name.subscription && row.usage_id() == name.usage_id) {
      rows.insert(position);
    }
  }
  return rows;
}

bool FactSubmission::names_a_row(Core& core, const PreparedFact& fact, const Event& correction) const {
  const auto* amended = correction.data.get_if<UsageAmended>();
  const auto* voided = correction.data.get_if<UsageVoided>();
  if (amended == nullptr && voided == nullptr) return true;
  const std::string& subscription = (amended != nullptr ? amended->subscription_id : voided->subscription_id).text();
  const std::string& usage_id = amended != nullptr ? amended->usage_id : voided->usage_id;
  const codec::EventView mine(batch_->event_bytes(fact));
  const auto rows_of = [&](std::string_view source) {
    return usage_rows(core, {{std::string_view(), mine.tenant(), tenant_of(core, subscription)}, source, subscription, usage_id})
        .size();
  };
  if (rows_of(mine.source()) > 0) return true;
  // Else the only row of that name, whoever recorded it.
  std::size_t of_others = 0;
  for (const std::string& source : core.usage_sources) {
    if (source != mine.source()) of_others += rows_of(source);
    if (of_others > 1) return false;
  }
  return of_others == 1;
}

/// A login is one person's. What another ledger has taken is not judged.
Result<void> FactSubmission::check_login(Core& core, const Event& fact) const {
  const auto* linked = fact.data.get_if<IdentityLinked>();
  if (linked == nullptr || batch_->caller.may_import) return {};
  const std::optional<IdentityId> other =
      core.logins.of_another(core.books, linked->identity_id, linked->issuer, linked->subject, batch_->caller.tenant);
  if (!other) return {};
  return conflict("ALREADY_EXISTS",
                  "This issuer and subject are those of identity " + other->text() + " already; link it to further directories by that identityId.",
                  "/data/subject");
}

bool FactSubmission::in_tenant(const Core& core, std::string_view subscription_id) const {
  return tenant_of(core, subscription_id) == *batch_->caller.tenant;
}

void FactSubmission::take_usage(Core& core, PreparedFact& fact) {
  const log::Bytes bytes = batch_->event_bytes(fact);
  const codec::EventView view(bytes);
  if (batch_->caller.tenant && !in_tenant(core, view.usage_subscription_id())) {
    batch_->reject(fact, Error{ErrorKind::NotFound, "NOT_FOUND",
                               "There is no such subscription in the tenant of this key.", "/data/subscriptionId"});
    return;
  }
  const UsageKeys keys{view.usage_date(), view.usage_has_own_value(), view.usage_currency()};
  const AdmissionCache::Answer answer =
      core.admission.answer(core.books, core.directory, view.usage_subscription_id(), view.usage_meter_id(), keys);
  if (answer.is_deleted) {
    batch_->reject(fact, Error{ErrorKind::Conflict, "SUBSCRIPTION_DELETED", "The subscription is deleted; nothing "
                               "more can be recorded on it.", "/data/subscriptionId"});
    return;
  }
  if (fact.has_usage_identity || core.explicit_usage_ids.contains(answer.stream)) {
    if (usage_id_taken(core, fact)) {
      if (core.directory.at(answer.stream).version == 0) {  // taken for this row alone: nothing is recorded on it
        core.directory.remove_last();
        core.admission.forget();
      }
      return;
    }
    if (fact.has_usage_identity) core.note_explicit_usage_id(answer.stream);
  }
  fact.position = core.group.add(bytes, fact.leaf, fact.type, answer.stream, answer.code);
  fact.code = answer.code;
  fact.status = FactStatus::Accepted;
  core.note_usage_source(view.source());
  core.note_event(answer.stream, fact.position);
}

void FactSubmission::take_other(Core& core, PreparedFact& fact, Instant now) {
  Event& event = batch_->events[fact.event - 1];
  if (batch_->key_epoch != core.keys->epoch()) {
    // Somebody was erased since it was opened: folded is what a replay will read.
    Result<Event> recorded = codec::decode_event(batch_->event_bytes(fact), core.keys.get());
    LEDGER_INVARIANT(recorded.has_value());
    put_content(recorded->data, take_content(event.data));
    event = std::move(*recorded);
  }
  const Result<bool> moved = move_positions(core, fact, event.data);
  if (!moved) {
    batch_->reject(fact, moved.error());
    return;
  }
  if (*moved && is_of_second_log(core, fact)) {
    batch_->reject(fact, Error{ErrorKind::Invalid, "UNKNOWN_REFERENCE",
                               "It names positions of its log, and another log was taken over before, whose positions mean "
                               "other events. Take each over into a ledger of its own.",
                               "/data"});
    return;
  }
  if (is_posted(event.data.type())) {
    if (Result<void> checked = check(core.books, event); !checked) {
      batch_->reject(fact, checked.error());
      return;
    }
    if (Result<void> checked = check_login(core, event); !checked) {
      batch_->reject(fact, checked.error());
      return;
    }
    if (!names_a_row(core, fact, event)) {
      batch_->reject(fact, Error{ErrorKind::Invalid, "UNKNOWN_REFERENCE",
                                 "This source recorded no usage of the subscription with this usageId, nor did one "
                                 "other source alone. Correct a row with the source that recorded it.",
                                 "/data/usageId"});
      return;
    }
  }
  if (const auto* linked = event.data.get_if<IdentityLinked>()) core.logins.note(linked->identity_id, linked->issuer, linked->subject);
  Event completed = event;
  if (daybook::complete(core.books, completed.data) || *moved) {
    core.scratch.clear();
    const Result<void> encoded = codec::encode_event(completed, *core.keys, core.scratch);
    if (!encoded) throw InvariantBroken("a completed fact cannot be encoded: " + encoded.error().detail);
    const log::Bytes bytes = core.group.keep(core.scratch.bytes());
    fact.position = append_and_fold(core, completed, bytes, log::leaf_hash(bytes), now);
    fact.status = FactStatus::Accepted;
    accepted_.push_back(std::move(completed));
    return;
  }
  fact.position = append_and_fold(core, event, batch_->event_bytes(fact), fact.leaf, now);
  fact.status = FactStatus::Accepted;
  accepted_.push_back(event);
}

void FactSubmission::complete(log::Position head, std::int64_t recorded_at) {
  batch_->head = head;
  batch_->recorded_at = recorded_at;
  done_(std::move(batch_));
}

}  // namespace daybook::engine
