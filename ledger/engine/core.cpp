#include "ledger/engine/core.h"

#include <algorithm>
#include <utility>

#include "ledger/domain/facts/email_preference.h"
#include "ledger/domain/facts/enrollment.h"
#include "ledger/domain/facts/person.h"
#include "ledger/domain/facts/profile.h"
#include "ledger/engine/erasure.h"
#include "ledger/engine/uuid.h"

namespace daybook::engine {

Instant Core::now() const {
  if (options.clock == ClockMode::Manual) return Instant{clock_micros.load(std::memory_order_acquire)};
  return Instant{std::max(seams.clock->wall_micros(), log->head().recorded_at)};
}

std::string Core::new_uuid() {
  const std::lock_guard lock(rng_mutex);
  const std::uint64_t high = seams.rng->u64();
  return uuid_v7(seams.clock->wall_micros() / 1000, high, seams.rng->u64());
}

Result<std::vector<std::byte>> Core::event_bytes(log::Position position) const {
  if (const log::NewRecord* record = group.find(position)) {
    return std::vector<std::byte>(record->event.begin(), record->event.end());
  }
  Result<log::StoredRecord> stored = log->read(position);
  if (!stored) return tl::unexpected(stored.error());
  return std::move(stored->event);
}

Result<void> Core::events_from(log::Position from, const codec::LookAtEvent& look) const {
  bool goes_on = true;
  const auto show = [&](std::uint16_t type, log::Bytes event) {
    goes_on = look(static_cast<EventType>(type), event);
    return goes_on;
  };
  log::Position next = from;
  if (group.find(from) == nullptr) {
    Result<void> read = log->read_while(from, [&](const log::RecordView& record) {
      ++next;
      return show(record.type, record.event);
    });
    if (!read || !goes_on) return read;
  }
  for (const log::NewRecord* record = group.find(next); record != nullptr && show(record->type, record->event);) {
    record = group.find(++next);
  }
  return {};
}

void Core::note_usage_source(std::string_view source) {
  if (source == last_usage_source) return;
  last_usage_source = source;
  if (usage_sources.insert(last_usage_source).second) new_usage_sources.push_back(last_usage_source);
}

void Core::note_explicit_usage_id(StreamNumber stream) {
  if (explicit_usage_ids.insert(stream).second) body_explicit.push_back(stream);
}

void Core::note_event(StreamNumber stream, log::Position position) {
  if (last_positions.size() < stream) last_positions.resize(stream);
  body_noted.push_back({stream, last_positions[stream - 1]});
  last_positions[stream - 1] = position;
  if (changed_streams.empty() || changed_streams.back() != stream) changed_streams.push_back(stream);
}

void Core::begin_body(std::size_t facts) {
  books.begin();
  body.begin(facts);
  origins_before_body.reset();
  identified.clear();
  body_erasures.clear();
  body_noted.clear();
  changed_before_body = changed_streams.size();
  sources_before_body = new_usage_sources.size();
  body_explicit.clear();
}

void Core::accept_body() {
  books.commit();
  for (const Identified& entry : identified) identities->add(entry.key, entry.position);
  group_erasures.insert(group_erasures.end(), body_erasures.begin(), body_erasures.end());
  if (!body_erasures.empty()) erasing.store(true);
}

Origins& Core::origins_here() {
  if (!origins) {
    Result<Origins> read = Origins::of(*log);
    if (!read) throw InvariantBroken("the log cannot be read: " + read.error().detail);
    origins = std::move(*read);
  }
  return *origins;
}

void Core::note_origin(std::uint64_t origin, log::Position position) {
  if (!origins_before_body) origins_before_body = origins_here();
  origins_here().add(origin, position);
}

void Core::refuse_body(const Group::Savepoint& savepoint) {
  if (origins_before_body) origins = std::move(origins_before_body);
  books.roll_back();
  group.roll_back(savepoint);
  for (auto noted = body_noted.rbegin(); noted != body_noted.rend(); ++noted) {
    last_positions[noted->stream - 1] = noted->position;
  }
  last_positions.resize(std::min<std::size_t>(last_positions.size(), directory.size()));
  changed_streams.resize(changed_before_body);
  for (const StreamNumber stream : body_explicit) explicit_usage_ids.erase(stream);
  while (new_usage_sources.size() > sources_before_body) {
    usage_sources.erase(new_usage_sources.back());
    new_usage_sources.pop_back();
    last_usage_source.clear();
  }
  admission.forget();
}

void Core::note_erasure(const EventData& data) {
  std::vector<std::string> more;
  if (const auto* removed = data.get_if<EmailRecipientRemoved>()) {
    more.push_back(keys->reference(recipient_subject(removed->recipient_id)));
  } else if (const auto* from_enrollment = data.get_if<EnrollmentRecipientRemoved>()) {
    more.push_back(keys->reference(recipient_subject(from_enrollment->recipient_id)));
  } else if (const auto* contact = data.get_if<AccountsPayableContactRemoved>()) {
    if (contact->recipient_id) more.push_back(keys->reference(recipient_subject(*contact->recipient_id)));
  } else if (const auto* erased = data.get_if<SubjectErased>()) {
    more = keys_of_erased(books, *keys, *erased);
    forgetting = true;
  }
  body_erasures.insert(body_erasures.end(), more.begin(), more.end());
}

void Core::erase_noted() {
  if (!group_erasures.empty()) {
    if (Result<std::size_t> gone = keys->erase_references(group_erasures); !gone) keys_failed("erase", gone.error());
    group_erasures.clear();
    // A removed recipient's row is gone already; a person may stand in any.
    if (std::exchange(forgetting, false)) {
      const std::unique_lock lock(mutex);
      books.forget_erased(*keys);
    }
  }
  erasing.store(false);
}

void Core::keys_failed(const char* operation, const Error& error) const {
  options.log.on_io_failure({operation, "keys", error.detail});
  throw log::FailStopped("the keys could not be written: " + error.detail);
}

}  // namespace daybook::engine
