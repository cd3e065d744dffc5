#include "ledger/engine/books.h"

#include "ledger/codec/value_codec.h"
#include "ledger/domain/invariant.h"

namespace daybook::engine {
namespace {

// Stored rows: 'r' ‖ kind ‖ key → state bytes, and 'm' ‖ relation ‖ parent ‖ 0x00 ‖ member → nothing.
// Parents and members are identifiers or scope texts: no zero byte is in them.
constexpr char kRowTag = 'r';
constexpr char kMemberTag = 'm';

template <class State>
constexpr StateOperations operations_of() {
  return StateOperations{
      []() -> void* { return new State(); },
      [](const void* state) -> void* { return new State(*static_cast<const State*>(state)); },
      [](void* state) { delete static_cast<State*>(state); },
      [](const void* state, std::string& out) {
        codec::Buffer buffer;
        codec::to_bytes(*static_cast<const State*>(state), buffer);
        out.assign(buffer.view());
      },
      [](std::string_view bytes, const codec::Sealer& sealer) -> Result<void*> {
        codec::Buffer aligned;  // rows lie anywhere in memory, FlatBuffers at multiples of 8
        aligned.append(bytes);
        Result<State> state = codec::from_bytes<State>(aligned.bytes());
        if (!state) return tl::unexpected(state.error());
        if (Result<void> opened = codec::open_personal(*state, sealer); !opened) return tl::unexpected(opened.error());
        return static_cast<void*>(new State(std::move(*state)));
      },
  };
}

struct OperationsTable {
  StateOperations operations[32] = {};
  bool known[32] = {};

  template <class... Kinds>
  constexpr explicit OperationsTable(TypeList<Kinds...>) {
    ((operations[static_cast<std::size_t>(Kinds::kState)] = operations_of<Kinds>(),
      known[static_cast<std::size_t>(Kinds::kState)] = true),
     ...);
  }
};
const OperationsTable kOperations{States{}};

const StateOperations& operations(StateKind kind) {
  const StateOperations* found = state_operations(kind);
  LEDGER_INVARIANT(found != nullptr);
  return *found;
}

std::string stored_key(StateKind kind, std::string_view key) {
  std::string stored{kRowTag, static_cast<char>(kind)};
  stored.append(key);
  return stored;
}

std::string stored_key(Relation relation, std::string_view parent, std::string_view member) {
  std::string stored{kMemberTag, static_cast<char>(relation)};
  stored.append(parent);
  stored.push_back('\0');
  stored.append(member);
  return stored;
}

}  // namespace

const StateOperations* state_operations(StateKind kind) {
  const auto number = static_cast<std::size_t>(kind);
  return number < 32 && kOperations.known[number] ? &kOperations.operations[number] : nullptr;
}

Books::~Books() {
  forget_undo();
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    for (auto& [key, row] : rows_[kind]) operations(static_cast<StateKind>(kind)).destroy(row);
  }
}

const void* Books::row(StateKind kind, std::string_view key) const {
  const Rows& rows = rows_[static_cast<std::size_t>(kind)];
  const auto found = rows.find(key);
  return found == rows.end() ? nullptr : found->second;
}

std::vector<std::string> Books::members(Relation relation, std::string_view parent) const {
  const auto found = relations_.find(std::pair<Relation, std::string_view>(relation, parent));
  if (found == relations_.end()) return {};
  return {found->second.begin(), found->second.end()};
}

void* Books::edit_row(StateKind kind, std::string_view key) {
  ++generation_;
  const StateOperations& ops = operations(kind);
  Rows& rows = this->rows(kind);
  auto found = rows.find(key);
  const bool is_new = found == rows.end();
  if (in_transaction_ && edited_.emplace(kind, key).second) {
    undo_.push_back(Undo{true, kind, {}, false, std::string(key), {}, is_new ? nullptr : ops.copy(found->second)});
  }
  if (is_new) found = rows.emplace(std::string(key), ops.make()).first;
  changed_rows_.emplace(kind, key);
  touched_rows_.emplace_back(kind, key);
  return found->second;
}

void Books::link(Relation relation, std::string_view parent, std::string_view member) {
  ++generation_;
  Members& members = relations_[RelationKey(relation, std::string(parent))];
  if (!members.emplace(member).second) return;
  if (in_transaction_) {
    undo_.push_back(Undo{false, {}, relation, true, std::string(parent), std::string(member), nullptr});
  }
  changed_members_.emplace(RelationKey(relation, std::string(parent)), member);
}

void Books::unlink(Relation relation, std::string_view parent, std::string_view member) {
  ++generation_;
  const auto found = relations_.find(std::pair<Relation, std::string_view>(relation, parent));
  if (found == relations_.end()) return;
  const auto place = found->second.find(member);
  if (place == found->second.end()) return;
  found->second.erase(place);
  if (in_transaction_) {
    undo_.push_back(Undo{false, {}, relation, false, std::string(parent), std::string(member), nullptr});
  }
  changed_members_.emplace(RelationKey(relation, std::string(parent)), member);
}

void Books::begin() {
  LEDGER_INVARIANT(!in_transaction_);
  in_transaction_ = true;
}

void Books::commit() {
  in_transaction_ = false;
  for (const auto& [kind, key] : touched_rows_) touch(kind, key, row(kind, key));
  touched_rows_.clear();
  forget_undo();
}

void Books::roll_back() {
  in_transaction_ = false;
  ++generation_;
  for (auto undo = undo_.rbegin(); undo != undo_.rend(); ++undo) {
    if (undo->is_row) {
      Rows& rows = this->rows(undo->kind);
      const auto found = rows.find(undo->key);
      LEDGER_INVARIANT(found != rows.end());
      operations(undo->kind).destroy(found->second);
      if (undo->before != nullptr) {
        found->second = std::exchange(undo->before, nullptr);
      } else {
        rows.erase(found);
      }
    } else {
      Members& members = relations_[RelationKey(undo->relation, undo->key)];
      if (undo->linked) {
        members.erase(undo->member);
      } else {
        members.insert(undo->member);
      }
    }
  }
  touched_rows_.clear();
  forget_undo();
}

void Books::forget_undo() {
  for (Undo& undo : undo_) {
    if (undo.before != nullptr) operations(undo.kind).destroy(undo.before);
  }
  undo_.clear();
  edited_.clear();
}

void Books::touch(StateKind kind, std::string_view key, const void* row) {
  if (row == nullptr) return;
  switch (kind) {
    case StateKind::Account:
      touched_.accounts.emplace(key);
      break;
    case StateKind::Subscription:
      touched_.accounts.insert(static_cast<const Subscription*>(row)->account_id.text());
      break;
    case StateKind::Profile:
      touched_.accounts.insert(static_cast<const Profile*>(row)->account_id.text());
      break;
    case StateKind::SupportPlan:
      touched_.accounts.insert(static_cast<const SupportPlan*>(row)->account_id.text());
      break;
    case StateKind::Invoice:
      touched_.accounts.insert(static_cast<const Invoice*>(row)->account_id.text());
      break;
    case StateKind::Policies:
      touched_.all = true;
      break;
    default:
      break;
  }
}

std::vector<Books::Change> Books::take_changes() {
  std::vector<Change> changes;
  changes.reserve(changed_rows_.size() + changed_members_.size());
  for (const auto& [kind, key] : changed_rows_) {
    Change& change = changes.emplace_back();
    change.key = stored_key(kind, key);
    const void* row = this->row(kind, key);
    change.erased = row == nullptr;
    if (row != nullptr) operations(kind).to_bytes(row, change.value);
  }
  for (const auto& [relation, member] : changed_members_) {
    Change& change = changes.emplace_back();
    change.key = stored_key(relation.first, relation.second, member);
    const auto found = relations_.find(relation);
    change.erased = found == relations_.end() || !found->second.contains(member);
  }
  changed_rows_.clear();
  changed_members_.clear();
  return changes;
}

Result<bool> Books::restore(std::string_view key, std::string_view value, const codec::Sealer& sealer) {
  if (key.size() < 2) return false;
  const std::string_view rest = key.substr(2);
  if (key[0] == kRowTag) {
    const auto kind = static_cast<StateKind>(key[1]);
    const StateOperations* ops = state_operations(kind);
    if (ops == nullptr) return false;
    Result<void*> row = ops->from_bytes(value, sealer);
    if (!row) return tl::unexpected(row.error());
    const auto [place, added] = rows(kind).emplace(std::string(rest), *row);
    if (!added) {
      ops->destroy(place->second);
      place->second = *row;
    }
    touch(kind, rest, *row);
    return true;
  }
  const std::size_t zero = rest.find('\0');
  if (key[0] != kMemberTag || zero == std::string_view::npos) return false;
  relations_[RelationKey(static_cast<Relation>(key[1]), std::string(rest.substr(0, zero)))].emplace(
      rest.substr(zero + 1));
  return true;
}

void Books::forget_erased(const codec::Sealer& sealer) {
  ++generation_;
  constexpr StateKind kPersonal[] = {StateKind::Account,         StateKind::Profile,      StateKind::Identity,
                                     StateKind::EmailPreference, StateKind::InvoiceMails, StateKind::InvoiceDocument};
  std::string bytes;
  for (const StateKind kind : kPersonal) {
    const StateOperations& ops = operations(kind);
    for (auto& [key, row] : rows(kind)) {
      ops.to_bytes(row, bytes);
      Result<void*> opened = ops.from_bytes(bytes, sealer);
      if (!opened) throw InvariantBroken("a state cannot be read back: " + opened.error().detail);
      ops.destroy(row);
      row = *opened;
    }
  }
}

}  // namespace daybook::engine
