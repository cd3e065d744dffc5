#include <algorithm>
#include <chrono>
#include <future>
#include <utility>

#include "ledger/codec/event.h"
#include "ledger/codec/event_view.h"
#include "ledger/domain/rules/fold.h"
#include "ledger/engine/core.h"
#include "ledger/log/canary.h"

/// What the ledger keeps in views/ of its books, directory and identities: how it is written, and read back at the opening.
namespace daybook::engine {
namespace {

constexpr std::string_view kFamilies = "books";

// The family of the books: the rows of Books::take_changes, 's' ‖ number (4 bytes, big-endian) → stream, 'u' ‖ a
// source of usage → nothing, and 'p' → the position whose state all of it is. One batch writes them all.
constexpr char kStreamTag = 's';
constexpr char kSourceTag = 'u';
constexpr std::string_view kPositionKey = "p";

/// Whether keys go with an event of this type.
bool erases(EventType type) {
  return type == EventType::SubjectErased || type == EventType::EmailRecipientRemoved ||
         type == EventType::EnrollmentRecipientRemoved || type == EventType::AccountsPayableContactRemoved;
}

template <class Number>
void put_number(std::string& out, Number number) {
  for (int shift = static_cast<int>(sizeof number) * 8 - 8; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>((number >> shift) & 0xff));
  }
}

template <class Number>
Number get_number(std::string_view& text) {
  LEDGER_INVARIANT(text.size() >= sizeof(Number));
  Number number = 0;
  for (std::size_t i = 0; i < sizeof number; ++i) {
    number = static_cast<Number>(number << 8 | static_cast<unsigned char>(text[i]));
  }
  text.remove_prefix(sizeof number);
  return number;
}

std::string stream_key(StreamNumber number) {
  std::string key(1, kStreamTag);
  put_number(key, number);
  return key;
}

/// type ‖ version ‖ newest position ‖ has explicit usage ids ‖ id
std::string stream_value(const StreamDirectory::Stream& stream, log::Position last, bool explicit_usage_ids) {
  std::string value(1, static_cast<char>(stream.type));
  put_number(value, stream.version);
  put_number(value, last);
  value.push_back(explicit_usage_ids ? '\1' : '\0');
  value += stream.id;
  return value;
}

/// Writes full tails of the identity index as runs while the log is read on, so that what lies in memory stays little
/// however long the log is.
class Freezing {
 public:
  /// `beside`: on a thread of its own.
  Freezing(log::SortedRuns& runs, log::Position recorded, bool beside)
      : runs_(runs), recorded_(recorded), policy_(beside ? std::launch::async : std::launch::deferred) {}

  /// Now and then, by the thread that adds.
  [[nodiscard]] Result<void> go_on() {
    if (runs_.waiting() == 0) return {};
    if (running_.valid()) {
      const bool is_under_way = running_.wait_for(std::chrono::seconds(0)) == std::future_status::timeout;
      if (is_under_way && runs_.waiting() == 1) return {};
      if (Result<void> done = running_.get(); !done) return done;
    }
    running_ = std::async(policy_, [this] { return runs_.freeze(false, recorded_); });
    return {};
  }
  [[nodiscard]] Result<void> end() { return running_.valid() ? running_.get() : Result<void>(); }

 private:
  log::SortedRuns& runs_;
  log::Position recorded_;
  std::launch policy_;
  std::future<Result<void>> running_;
};

}  // namespace

std::string books_family_name() { return std::string(kFamilies) + ".v" + std::to_string(kStatesVersion); }

Result<log::Family> open_books(log::Views& views) {
  const std::string name = books_family_name();
  for (const std::string& family : views.families()) {
    if (!family.starts_with(kFamilies) || family == name) continue;
    if (Result<void> dropped = views.drop(family); !dropped) return tl::unexpected(dropped.error());
  }
  return views.family(name);
}

Result<void> Core::recover() {
  log::ViewCursor cursor(books_family);
  for (cursor.seek_to_first(); cursor.valid(); cursor.next()) {
    std::string_view key = cursor.key();
    std::string_view value = cursor.value();
    if (key == kPositionKey) {
      checkpoint = get_number<log::Position>(value);
    } else if (key.front() == kStreamTag) {
      const auto type = static_cast<StreamType>(value.front());
      value.remove_prefix(1);
      const auto version = get_number<std::uint32_t>(value);
      last_positions.push_back(get_number<log::Position>(value));
      const bool explicit_ids = value.front() != '\0';
      directory.restore(type, std::string(value.substr(1)), version);
      if (explicit_ids) explicit_usage_ids.insert(directory.size());
    } else if (key.front() == kSourceTag) {
      usage_sources.emplace(key.substr(1));
    } else {
      const Result<bool> restored = books.restore(key, value, *keys);
      if (!restored) return tl::unexpected(restored.error());
    }
  }
  if (Result<void> status = cursor.status(); !status) return status;
  books.set_position(checkpoint);
  books.over([this](Position position, const codec::LookAtEvent& look) { return events_from(position, look); }, *keys);
  if (checkpoint > log->position() || identities->covered() > log->position()) {
    return failed(ErrorKind::Corruption, "CORRUPTION",
                  log->directory() + "/views knows more than the log has. Remove that directory and start again: it is "
                                     "built anew from the log.");
  }

  const log::Position from = std::min(checkpoint, identities->covered()) + 1;
  const log::Position covered = identities->covered();
  IdentityBytes identity;
  std::vector<Identified> known;  // of a frame's events: added when their places in memory have been asked for
  Result<void> folded;
  Freezing freezing(*identities, log->position(), options.planning_threads > 0);
  Result<void> scanned = log->scan_frames(from, log->position(), [&](std::span<const log::RecordView> records) {
    for (const log::RecordView& record : records) {
      const codec::EventView view(record.event);
      const bool is_new = record.position > covered && log::kCanary != log::Canary::ForgetIdentities;
      const bool is_usage = view.type() == EventType::UsageRecorded;
      const auto note = [&](log::Bytes bytes) {
        known.push_back({identities->hash(bytes), record.position});
        identities->expect(known.back().key);
      };
      if (is_new) note(identity.event(view.tenant(), view.source(), view.id()));
      if (is_new && view.has_idempotency()) {
        note(identity.idempotency(view.idempotency_owner(), view.idempotency_key()));
      }
      if (is_usage && is_new && view.usage_id() != view.id()) {
        note(identity.usage(view.usage_subscription_id(), view.source(), view.usage_id()));
      }
      if (record.position <= checkpoint) continue;
      StreamNumber number = record.stream;
      if (is_usage) {
        const StreamNumber before = directory.size();
        if (number > before) number = directory.find_or_add(StreamType::UsageLedger, view.usage_subscription_id());
        directory.set_version(number, record.version);
        if (view.usage_id() != view.id()) explicit_usage_ids.insert(number);
        note_usage_source(view.source());
        note_event(number, record.position);
        continue;
      }
      Result<Event> event = codec::decode_event(record.event, keys.get());
      if (!event) {
        folded = tl::unexpected(event.error());
        return false;
      }
      if (number > directory.size()) {
        number = directory.find_or_add(*stream_of(event->data.type()), codec::stream_id(event->data));
      }
      LEDGER_INVARIANT(number == record.stream);
      directory.set_version(number, record.version);
      note_event(number, record.position);
      books.begin();
      fold(books, event->data, Occurrence{record.position, event->envelope.time, Instant{record.recorded_at}});
      books.commit();
      if (erases(event->data.type())) {
        // An earlier group's keys were gone before the next was written; what bears such a name now is a new key.
        const Result<log::Head> end = log->group_end(record.position);
        if (!end) {
          folded = tl::unexpected(end.error());
          return false;
        }
        if (end->position == log->position()) note_erasure(event->data);
      }
    }
    for (const Identified& entry : known) identities->add(entry.key, entry.position);
    known.clear();
    if (options.opening_progress) options.opening_progress(records.back().position - from + 1, log->position() - from + 1);
    if (folded = freezing.go_on(); !folded) return false;
    // Not behind an erasure whose keys are still to go: whoever opens the ledger next has to meet it again.
    const bool is_due = books.changed_rows() >= options.unwritten_rows && records.back().position > checkpoint;
    if (!is_due || !body_erasures.empty()) return true;
    books.set_position(records.back().position);
    folded = write_checkpoint();
    return folded.has_value();
  });
  options.opening_progress = {};  // whoever opened it may be gone from here on
  if (!scanned) return scanned;
  if (!folded) return folded;
  if (Result<void> frozen = freezing.end(); !frozen) return frozen;
  group_erasures.swap(body_erasures);
  erase_noted();
  identities->added_through(log->position());
  books.set_position(log->position());
  clock_micros.store(books.clock().now.micros, std::memory_order_release);
  return {};
}

/// False where there is nothing new, or an erasure is to be done first.
bool Core::take_snapshot() {
  const std::unique_lock lock(mutex);
  if (books.position() == checkpoint || erasing.load()) return false;
  Snapshot taken{books.position(), books.take_changes()};
  std::sort(changed_streams.begin(), changed_streams.end());
  changed_streams.erase(std::unique(changed_streams.begin(), changed_streams.end()), changed_streams.end());
  for (const StreamNumber number : changed_streams) {
    taken.changes.push_back({stream_key(number),
                             stream_value(directory.at(number), last_positions[number - 1],
                                          explicit_usage_ids.contains(number)),
                             false});
  }
  changed_streams.clear();
  for (const std::string& source : new_usage_sources) taken.changes.push_back({kSourceTag + source, {}, false});
  new_usage_sources.clear();
  snapshot = std::move(taken);
  return true;
}

Result<void> Core::write_checkpoint() {
  // The books fold a group before it is written. If power fails then, nothing of it has happened.
  const auto is_recorded = [this] { return snapshot->position <= log->position(); };
  if (snapshot) {
    if (!is_recorded()) return {};
    if (Result<void> written = write_snapshot(); !written) return written;
  }
  return take_snapshot() && is_recorded() ? write_snapshot() : Result<void>();
}

Result<void> Core::write_snapshot() {
  const Snapshot taken = *std::exchange(snapshot, std::nullopt);
  const log::Position position = taken.position;
  const std::vector<Books::Change>& changes = taken.changes;
  log::ViewBatch batch(books_family);
  if constexpr (log::kCanary == log::Canary::CheckpointFirst) {
    std::string ahead;
    put_number(ahead, position);
    batch.put(kPositionKey, ahead);
    if (Result<void> written = batch.write(); !written || !(written = books_family.flush())) return written;
  }
  for (const Books::Change& change : changes) {
    if (change.erased) {
      batch.erase(change.key);
    } else {
      batch.put(change.key, change.value);
    }
  }
  std::string value;
  put_number(value, position);
  batch.put(kPositionKey, value);
  if (Result<void> written = batch.write(); !written) return written;
  checkpoint = position;
  return books_family.flush();
}

}  // namespace daybook::engine
