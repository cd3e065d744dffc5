#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/domain/rules/fold.h"

namespace daybook::testing {

/// State in memory.
class MemoryStore : public StateStore {
 public:
  MemoryStore();
  MemoryStore(MemoryStore&&) noexcept;
  MemoryStore& operator=(MemoryStore&&) noexcept;
  ~MemoryStore() override;

  [[nodiscard]] const void* row(StateKind kind, std::string_view key) const override;
  [[nodiscard]] std::vector<std::string> members(Relation relation, std::string_view parent) const override;
  [[nodiscard]] Position position() const override { return position_; }
  [[nodiscard]] void* edit_row(StateKind kind, std::string_view key) override;
  void link(Relation relation, std::string_view parent, std::string_view member) override;
  void unlink(Relation relation, std::string_view parent, std::string_view member) override;
  void set_position(Position position) { position_ = position; }

 private:
  std::map<std::pair<StateKind, std::string>, std::shared_ptr<void>> rows_;
  std::map<std::pair<Relation, std::string>, std::set<std::string>> relations_;
  Position position_ = 0;
};

}  // namespace daybook::testing
