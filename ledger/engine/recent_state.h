#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ledger/codec/state_codec.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/engine/core.h"

namespace daybook::engine {

/// State at a position that the books have left not long ago: from the books where it has not changed since, else
/// from the views. Equal to what the views alone would give, and many times as fast.
///
/// For one question and one thread; the sequencer may go on beside it, for it waits no longer than one look-up takes.
/// What it hands out stays valid as long as the reader does. Throws what the views throw that cannot be read.
class RecentState final : public StateReader {
 public:
  /// `views` reads as of `position`, the end of a commit group of this process.
  RecentState(const Core& core, std::unique_ptr<StateReader> views, Position position)
      : core_(core), views_(std::move(views)), position_(position) {}

  [[nodiscard]] const void* row(StateKind kind, std::string_view key) const override;
  [[nodiscard]] std::vector<std::string> members(Relation relation, std::string_view parent) const override;
  [[nodiscard]] Position position() const override { return position_; }

 private:
  const Core& core_;
  std::unique_ptr<StateReader> views_;
  Position position_;
  mutable std::unordered_map<std::string, codec::StateBox> rows_;
};

}  // namespace daybook::engine
