#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ledger/codec/logged_documents.h"
#include "ledger/codec/seal.h"
#include "ledger/codec/state_codec.h"
#include "ledger/domain/rules/state_reader.h"

namespace daybook::engine {

/// The family of views/ that books folded by these rules are written to.
[[nodiscard]] std::string books_family_name();

/// The state that decisions need, at the newest position: folded by the sequencer as it decides.
///
/// Rows and relations are those of `StateReader`. A transaction remembers what it changed, so that a body
/// refused as a whole, or one that cannot be folded, leaves nothing behind. The books remember too what
/// changed since it was last taken for a checkpoint, and which accounts an agenda must look at again. What documents
/// say they leave to the log.
class Books final : public StateStore {
 public:
  Books() = default;
  Books(const Books&) = delete;
  Books& operator=(const Books&) = delete;

  [[nodiscard]] const void* row(StateKind kind, std::string_view key) const override;
  [[nodiscard]] std::vector<std::string> members(Relation relation, std::string_view parent) const override;
  [[nodiscard]] Position position() const override { return position_; }

  [[nodiscard]] void* edit_row(StateKind kind, std::string_view key) override;
  void link(Relation relation, std::string_view parent, std::string_view member) override;
  void unlink(Relation relation, std::string_view parent, std::string_view member) override;
  void keep(const InvoiceIssued&) override {}
  void keep(const InvoiceLinesAdded&) override {}

  void set_position(Position position) { position_ = position; }

  // As they were not long ago ------------------------------------------------------------------------
  /// A copy of the row as it was at `position`, which is the end of a commit group; an empty box: there was none.
  /// Nothing where that is not known here: it has changed since, or does not lie in memory.
  [[nodiscard]] std::optional<codec::StateBox> row_at(StateKind kind, std::string_view key, Position position) const;
  /// The same of a relation's members.
  [[nodiscard]] std::optional<std::vector<std::string>> members_at(Relation relation, std::string_view parent,
                                                                   Position position) const;
  /// Counts every change: equal numbers mean that nothing a look-up found has changed.
  [[nodiscard]] std::uint64_t generation() const { return generation_; }

  void begin();
  void commit();
  void roll_back();

  // For checkpoints ---------------------------------------------------------------------------------
  struct Change {
    std::string key;    ///< of the stored row
    std::string value;
    bool erased = false;
  };
  /// What changed since the last call, as stored rows. The caller writes them with `position()`, and says so.
  [[nodiscard]] std::vector<Change> take_changes();
  /// Where documents are read: the log, and the group that is being filled. `sealer` outlives the books.
  void over(codec::EventsFrom events, const codec::Sealer& sealer) { documents_.emplace(std::move(events), &sealer); }
  /// How many rows `take_changes` would give.
  [[nodiscard]] std::size_t changed_rows() const { return changed_rows_.size(); }
  /// The key under which a row is stored.
  [[nodiscard]] static std::string stored_key(StateKind kind, std::string_view key);
  /// Puts a stored row back, its personal values opened; false where the row is not one of the books'.
  [[nodiscard]] Result<bool> restore(std::string_view key, std::string_view value,
                                     const codec::Sealer& sealer);

  /// Every row of one kind, in no order.
  template <class State, class Each>
  void each(Each&& visit) const {
    for (const auto& [key, row] : rows_[static_cast<std::size_t>(State::kState)]) {
      visit(*static_cast<const State*>(row.state.get()));
    }
  }
  /// Personal values of erased subjects are gone from memory too when this returns.
  void forget_erased(const codec::Sealer& sealer);

  // For the agenda ----------------------------------------------------------------------------------
  /// Accounts whose rows changed since the last call; `all` is set where a policy did.
  struct Touched {
    std::set<std::string> accounts;
    bool all = false;
  };
  [[nodiscard]] Touched take_touched() { return std::exchange(touched_, {}); }

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  struct Row {
    codec::StateBox state;
    Position changed = 0;  ///< in the commit group that begins there; 0: not since the ledger was opened
  };
  using Rows = std::unordered_map<std::string, Row, TextHash, std::equal_to<>>;
  struct Members {
    std::set<std::string, std::less<>> texts;
    Position changed = 0;  ///< as of a row
  };
  using RelationKey = std::pair<Relation, std::string>;
  struct RelationKeyLess {
    using is_transparent = void;
    template <class Left, class Right>
    bool operator()(const Left& left, const Right& right) const {
      return left.first != right.first ? left.first < right.first
                                       : std::string_view(left.second) < std::string_view(right.second);
    }
  };
  struct Undo {
    bool is_row;
    StateKind kind;
    Relation relation;
    bool linked;  ///< a relation: it was linked (and is to be unlinked)
    std::string key;
    std::string member;
    codec::StateBox before;  ///< a row: its copy, or none where there was none
  };

  [[nodiscard]] Rows& rows(StateKind kind) { return rows_[static_cast<std::size_t>(kind)]; }
  void touch(StateKind kind, std::string_view key, const void* row);
  void forget_undo();

  static constexpr std::size_t kKinds = 64;
  Rows rows_[kKinds];
  std::optional<codec::LoggedDocuments> documents_;
  mutable std::mutex documents_mutex_;  ///< several threads may look while nobody folds
  std::map<RelationKey, Members, RelationKeyLess> relations_;
  Position position_ = 0;
  std::uint64_t generation_ = 1;
  bool in_transaction_ = false;
  std::vector<Undo> undo_;
  std::set<std::pair<StateKind, std::string>> edited_;  ///< rows whose copy the transaction has
  std::set<std::pair<StateKind, std::string>> changed_rows_;
  std::set<std::pair<RelationKey, std::string>> changed_members_;
  std::vector<std::pair<StateKind, std::string>> touched_rows_;
  Touched touched_;
};

}  // namespace daybook::engine
