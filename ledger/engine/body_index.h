#pragma once

#include <cstdint>
#include <vector>

#include "ledger/log/types.h"

namespace daybook::engine {

/// The identities of the body in hand: hash → positions, until they go to the index. Keeps its memory.
class BodyIndex {
 public:
  /// Begins a body of up to `facts` facts.
  void begin(std::size_t facts) {
    std::size_t wanted = 64;
    while (wanted < facts * 4) wanted *= 2;
    if (slots_.size() < wanted) slots_.assign(wanted, Slot{});
    ++body_;
  }

  void add(std::uint64_t key, log::Position position) {
    std::size_t slot = key & (slots_.size() - 1);
    while (slots_[slot].body == body_) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = Slot{key, position, body_};
  }

  template <class Each>
  void each(std::uint64_t key, Each&& found) const {
    for (std::size_t slot = key & (slots_.size() - 1); slots_[slot].body == body_;
         slot = (slot + 1) & (slots_.size() - 1)) {
      if (slots_[slot].key == key) found(slots_[slot].position);
    }
  }

 private:
  struct Slot {
    std::uint64_t key = 0;
    log::Position position = 0;
    std::uint64_t body = 0;
  };
  std::vector<Slot> slots_;
  std::uint64_t body_ = 0;
};

}  // namespace daybook::engine
