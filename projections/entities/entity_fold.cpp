#include "projections/entities/entity_fold.h"

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ledger/codec/event.h"
#include "ledger/domain/invariant.h"
#include "ledger/domain/rules/fold.h"
#include "projections/entities/as_of_reader.h"
#include "projections/entities/entity_rows.h"
#include "projections/entities/state_codec.h"

namespace daybook::projections {
namespace {

/// States in use, kept decoded from one event to the next, over the rows of the view.
class Working final : public StateStore {
 public:
  explicit Working(const log::Log& log) : documents_(events_of(log), nullptr) {}

  /// Begins a batch.
  void over(Rows& rows) {
    rows_ = &rows;
  }
  void begin(Position position) {
    position_ = position;
    documents_.forget();
  }

  /// Writes what the event changed.
  void end() {
    for (State* state : edited_) {
      std::string bytes;
      state_codec(state->kind).encode(state->box.get(), bytes);
      state->edited = false;
      if (bytes == state->bytes) continue;
      kept_bytes_ += bytes.size();
      state->bytes = std::move(bytes);
      rows_->put_version(state->row_key, position_, state->bytes);
    }
    edited_.clear();
    // What is needed again is read again: from the rows of this batch, or the view.
    if (states_.size() > kMostStates || kept_bytes_ > kMostBytes) {
      states_.clear();
      kept_bytes_ = 0;
    }
  }
  void finish() { links_.clear(); }

  [[nodiscard]] const void* row(StateKind kind, std::string_view key) const override {
    if (codec::is_logged(kind)) return readable(documents_.find(kind, find<Invoice>(key), position_));
    return state(kind, key).box.get();
  }

  [[nodiscard]] void* edit_row(StateKind kind, std::string_view key) override {
    State& found = state(kind, key);
    if (!found.box) found.box = state_codec(kind).make();
    if (!found.edited) edited_.push_back(&found);
    found.edited = true;
    return found.box.get();
  }

  [[nodiscard]] std::vector<std::string> members(Relation relation,
                                                 std::string_view parent) const override {
    const std::string prefix = relation_prefix(relation, parent);
    std::set<std::string> found;
    for (std::string& member : stored_members(rows_->reader(), prefix, ~Position{0}))
      found.insert(std::move(member));
    if (const auto changed = links_.find(prefix); changed != links_.end()) {
      for (const auto& [member, linked] : changed->second) {
        if (linked) {
          found.insert(member);
        } else {
          found.erase(member);
        }
      }
    }
    return {found.begin(), found.end()};
  }

  [[nodiscard]] Position position() const override { return position_; }

  void link(Relation relation, std::string_view parent, std::string_view member) override {
    set_link(relation, parent, member, true);
  }
  void unlink(Relation relation, std::string_view parent, std::string_view member) override {
    set_link(relation, parent, member, false);
  }
  void keep(const InvoiceIssued&) override {}
  void keep(const InvoiceLinesAdded&) override {}

 private:
  static constexpr std::size_t kMostStates = 200'000;
  static constexpr std::size_t kMostBytes = 16u << 20;  ///< as they are written; in memory they take some five times that

  struct State {
    StateKind kind{};
    std::string row_key;
    std::string bytes;  ///< as last written
    StateBox box;       ///< empty: there is none
    bool edited = false;
  };

  State& state(StateKind kind, std::string_view key) const {
    std::string row_key = state_key(kind, key);
    const auto [place, is_new] = states_.try_emplace(row_key);
    State& found = place->second;
    if (is_new) {
      found.kind = kind;
      if (auto stored = rows_->newest(row_key)) {
        kept_bytes_ += stored->size();
        found.box = decode_state(kind, *stored);
        found.bytes = std::move(*stored);
      }
      found.row_key = std::move(row_key);
    }
    return found;
  }

  /// A link that says what holds already writes nothing.
  void set_link(Relation relation, std::string_view parent, std::string_view member, bool linked) {
    const std::string prefix = relation_prefix(relation, parent);
    const std::string key = prefix + KeyWriter().text(member).key();
    const auto before = rows_->newest(key);
    if (linked == (before && *before == kLinked)) return;
    rows_->put_version(key, position_, linked ? kLinked : kUnlinked);
    links_[prefix].insert_or_assign(std::string(member), linked);
  }

  codec::LoggedDocuments documents_;
  Rows* rows_ = nullptr;
  Position position_ = 0;
  mutable std::unordered_map<std::string, State> states_;  // references stay valid until the event's end
  mutable std::size_t kept_bytes_ = 0;                     // in `bytes` of all of them, or more
  std::vector<State*> edited_;
  std::unordered_map<std::string, std::map<std::string, bool>> links_;  // changed in this batch
};

class EntityFold final : public SimpleFold {
 public:
  explicit EntityFold(const log::Log& log) : working_(log) {}

 protected:
  bool wants(const log::RecordView& record) const override {
    return changes_state(static_cast<EventType>(record.type));
  }

  void apply(const log::RecordView& record, Rows& rows) override {
    if (!begun_) working_.over(rows);
    begun_ = true;
    auto event = codec::decode_event(record.event, nullptr);
    if (!event) throw InvariantBroken("the event cannot be decoded: " + event.error().detail);
    working_.begin(record.position);
    daybook::fold(working_, event->data,
                  Occurrence{record.position, event->envelope.time, Instant{record.recorded_at}});
    working_.end();
  }

  void finish(Rows&) override {
    working_.finish();
    begun_ = false;
  }

 private:
  Working working_;
  bool begun_ = false;
};

std::uint64_t state_types() {
  std::uint64_t mask = 0;
  for (const EventTypeEntry& entry : kEventTypes) {
    if (changes_state(entry.type)) mask |= log::type_bit(static_cast<std::uint16_t>(entry.type));
  }
  return mask;
}

}  // namespace

Projection entities() {
  return Projection{.name = std::string(kEntities),
                    .version = kStatesVersion,
                    .types = state_types(),
                    .make = [](const FoldPlace& place) {
                      return std::make_unique<EntityFold>(*place.log);
                    }};
}

}  // namespace daybook::projections
