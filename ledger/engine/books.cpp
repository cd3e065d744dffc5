#include "ledger/engine/books.h"

#include "ledger/domain/invariant.h"
#include "ledger/domain/rules/access_rules.h"

namespace daybook::engine {
namespace {

// Stored rows: 'r' ‖ kind ‖ key → state bytes, and 'm' ‖ relation ‖ parent ‖ 0x00 ‖ member → nothing.
// Parents and members are identifiers or scope texts: no zero byte is in them.
constexpr char kRowTag = 'r';
constexpr char kMemberTag = 'm';

std::string stored_key(Relation relation, std::string_view parent, std::string_view member) {
  std::string stored{kMemberTag, static_cast<char>(relation)};
  stored.append(parent);
  stored.push_back('\0');
  stored.append(member);
  return stored;
}

}  // namespace

std::string Books::stored_key(StateKind kind, std::string_view key) {
  std::string stored{kRowTag, static_cast<char>(kind)};
  stored.append(key);
  return stored;
}

const void* Books::row(StateKind kind, std::string_view key) const {
  const Rows& rows = rows_[static_cast<std::size_t>(kind)];
  const auto found = rows.find(key);
  if (found != rows.end()) return found->second.state.get();
  if (!codec::is_logged(kind) || !documents_) return nullptr;
  const std::lock_guard lock(documents_mutex_);
  const Result<const void*> document = documents_->find(kind, find<Invoice>(key), ~Position{0});
  if (!document) throw InvariantBroken("a document cannot be read: " + document.error().detail);
  return *document;
}

std::optional<codec::StateBox> Books::row_at(StateKind kind, std::string_view key, Position position) const {
  if (codec::is_logged(kind)) return std::nullopt;
  const Rows& rows = rows_[static_cast<std::size_t>(kind)];
  const auto found = rows.find(key);
  if (found == rows.end()) return codec::StateBox();  // rows are never taken away
  if (found->second.changed > position) return std::nullopt;
  return codec::state_codec(kind).copy(found->second.state.get());
}

std::optional<std::vector<std::string>> Books::members_at(Relation relation, std::string_view parent,
                                                          Position position) const {
  const auto found = relations_.find(std::pair<Relation, std::string_view>(relation, parent));
  if (found == relations_.end()) return std::vector<std::string>();
  if (found->second.changed > position) return std::nullopt;
  return std::vector<std::string>(found->second.texts.begin(), found->second.texts.end());
}

std::vector<std::string> Books::members(Relation relation, std::string_view parent) const {
  const auto found = relations_.find(std::pair<Relation, std::string_view>(relation, parent));
  if (found == relations_.end()) return {};
  return {found->second.texts.begin(), found->second.texts.end()};
}

void* Books::edit_row(StateKind kind, std::string_view key) {
  ++generation_;
  const codec::StateCodec& codec = codec::state_codec(kind);
  Rows& rows = this->rows(kind);
  auto found = rows.find(key);
  const bool is_new = found == rows.end();
  if (in_transaction_ && edited_.emplace(kind, key).second) {
    undo_.push_back(Undo{true, kind, {}, false, std::string(key), {}, is_new ? codec::StateBox() : codec.copy(found->second.state.get())});
  }
  if (is_new) found = rows.emplace(std::string(key), Row{codec.make()}).first;
  found->second.changed = position_ + 1;
  changed_rows_.emplace(kind, key);
  touched_rows_.emplace_back(kind, key);
  return found->second.state.get();
}

void Books::link(Relation relation, std::string_view parent, std::string_view member) {
  ++generation_;
  Members& members = relations_[RelationKey(relation, std::string(parent))];
  if (!members.texts.emplace(member).second) return;
  members.changed = position_ + 1;
  if (in_transaction_) {
    undo_.push_back(Undo{false, {}, relation, true, std::string(parent), std::string(member), {}});
  }
  changed_members_.emplace(RelationKey(relation, std::string(parent)), member);
}

void Books::unlink(Relation relation, std::string_view parent, std::string_view member) {
  ++generation_;
  const auto found = relations_.find(std::pair<Relation, std::string_view>(relation, parent));
  if (found == relations_.end()) return;
  Members& members = found->second;
  const auto place = members.texts.find(member);
  if (place == members.texts.end()) return;
  members.texts.erase(place);
  members.changed = position_ + 1;
  if (in_transaction_) {
    undo_.push_back(Undo{false, {}, relation, false, std::string(parent), std::string(member), {}});
  }
  changed_members_.emplace(RelationKey(relation, std::string(parent)), member);
}

void Books::begin() {
  LEDGER_INVARIANT(!in_transaction_);
  if (documents_) documents_->forget();
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
      if (undo->before) {
        found->second.state = std::move(undo->before);
      } else {
        rows.erase(found);
      }
    } else {
      Members& members = relations_[RelationKey(undo->relation, undo->key)];
      if (undo->linked) {
        members.texts.erase(undo->member);
      } else {
        members.texts.insert(undo->member);
      }
    }
  }
  touched_rows_.clear();
  forget_undo();
}

void Books::forget_undo() {
  undo_.clear();
  edited_.clear();
}

void Books::touch(StateKind kind, std::string_view key, const void* row) {
  if (row == nullptr) return;
  switch (kind) {
    case StateKind::Account:
      touched_.accounts.emplace(key);
      break;
    case StateKind::Subscription: {
      const Subscription& subscription = *static_cast<const Subscription*>(row);
      touched_.accounts.insert(subscription.account_id.text());
      for (const EarlierPlace& place : subscription.earlier) touched_.accounts.insert(place.account_id.text());
      break;
    }
    case StateKind::Profile:
      touched_.accounts.insert(static_cast<const Profile*>(row)->account_id.text());
      break;
    case StateKind::SupportPlan:
      touched_.accounts.insert(static_cast<const SupportPlan*>(row)->account_id.text());
      break;
    case StateKind::CreditLot: {
      const Account* account = account_of(*this, static_cast<const CreditLot*>(row)->scope);
      if (account != nullptr) touched_.accounts.insert(account->account_id.text());
      break;
    }
    case StateKind::Purchase:
      touched_.accounts.insert(static_cast<const Purchase*>(row)->account_id.text());
      break;
    case StateKind::Reservation:
      touched_.accounts.insert(static_cast<const Reservation*>(row)->account_id.text());
      break;
    case StateKind::Invoice:
      touched_.accounts.insert(static_cast<const Invoice*>(row)->account_id.text());
      break;
    case StateKind::Access: {
      const Access& access = *static_cast<const Access*>(row);
      const Account* account = access.invitations.empty() ? nullptr : account_of(*this, access.scope);
      if (account != nullptr) touched_.accounts.insert(account->account_id.text());
      break;
    }
    case StateKind::Enrollment:
      touched_.accounts.insert(static_cast<const Enrollment*>(row)->account_id.text());
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
    if (row != nullptr) codec::state_codec(kind).encode(row, change.value);
  }
  for (const auto& [relation, member] : changed_members_) {
    Change& change = changes.emplace_back();
    change.key = daybook::engine::stored_key(relation.first, relation.second, member);
    const auto found = relations_.find(relation);
    change.erased = found == relations_.end() || !found->second.texts.contains(member);
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
    const codec::StateCodec* codec = codec::find_state_codec(kind);
    if (codec == nullptr) return false;
    if (codec::is_logged(kind)) return false;  // of an earlier version, which kept them
    Result<codec::StateBox> row = codec->decode(value);
    if (!row) return tl::unexpected(row.error());
    if (Result<void> opened = codec->open(row->get(), sealer); !opened) return tl::unexpected(opened.error());
    touch(kind, rest, row->get());
    rows(kind).insert_or_assign(std::string(rest), Row{std::move(*row)});
    return true;
  }
  const std::size_t zero = rest.find('\0');
  if (key[0] != kMemberTag || zero == std::string_view::npos) return false;
  relations_[RelationKey(static_cast<Relation>(key[1]), std::string(rest.substr(0, zero)))].texts.emplace(
      rest.substr(zero + 1));
  return true;
}

void Books::forget_erased(const codec::Sealer& sealer) {
  ++generation_;
  if (documents_) documents_->forget();
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    const codec::StateCodec* codec = codec::find_state_codec(static_cast<StateKind>(kind));
    if (codec == nullptr || !codec->has_personal()) continue;
    for (auto& [key, row] : rows_[kind]) {
      if (Result<void> opened = codec->open(row.state.get(), sealer); !opened) {
        throw InvariantBroken("a personal value of the books cannot be opened: " + opened.error().detail);
      }
    }
  }
}

}  // namespace daybook::engine
