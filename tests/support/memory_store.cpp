#include "tests/support/memory_store.h"

namespace daybook::testing {
namespace {

template <class... Ts>
std::shared_ptr<void> make(StateKind kind, TypeList<Ts...>) {
  std::shared_ptr<void> made;
  static_cast<void>(((Ts::kState == kind ? (made = std::make_shared<Ts>(), true) : false) || ...));
  return made;
}

}  // namespace

MemoryStore::MemoryStore() = default;
MemoryStore::MemoryStore(MemoryStore&&) noexcept = default;
MemoryStore& MemoryStore::operator=(MemoryStore&&) noexcept = default;
MemoryStore::~MemoryStore() = default;

const void* MemoryStore::row(StateKind kind, std::string_view key) const {
  const auto found = rows_.find({kind, std::string(key)});
  return found == rows_.end() ? nullptr : found->second.get();
}

std::vector<std::string> MemoryStore::members(Relation relation, std::string_view parent) const {
  const auto found = relations_.find({relation, std::string(parent)});
  if (found == relations_.end()) return {};
  return {found->second.begin(), found->second.end()};
}

void* MemoryStore::edit_row(StateKind kind, std::string_view key) {
  std::shared_ptr<void>& row = rows_[{kind, std::string(key)}];
  if (!row) row = make(kind, States());
  return row.get();
}

void MemoryStore::link(Relation relation, std::string_view parent, std::string_view member) {
  relations_[{relation, std::string(parent)}].insert(std::string(member));
}

void MemoryStore::unlink(Relation relation, std::string_view parent, std::string_view member) {
  relations_[{relation, std::string(parent)}].erase(std::string(member));
}

}  // namespace daybook::testing
