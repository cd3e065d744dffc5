#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "ledger/codec/seal.h"
#include "ledger/domain/rules/state_kind.h"

namespace daybook::projections {

/// A state of any kind, owned: the struct whose `kState` is `kind`.
class StateBox {
 public:
  StateBox() = default;
  StateBox(void* state, void (*destroy)(void*)) : state_(state, destroy) {}

  [[nodiscard]] void* get() const { return state_.get(); }
  explicit operator bool() const { return state_ != nullptr; }

 private:
  static void nothing(void*) {}
  std::unique_ptr<void, void (*)(void*)> state_{nullptr, nothing};
};

/// How a state of one kind is made, written and read. Canonical: equal states give equal bytes.
/// Personal values are written as they are sealed; a view holds no plain text of them.
struct StateCodec {
  StateBox (*make)();
  void (*encode)(const void* state, std::string& out);
  /// Throws InvariantBroken for bytes that are no state of this kind.
  StateBox (*decode)(std::string_view bytes);
  /// Opens the personal values in `state`. Throws InvariantBroken for damaged ones.
  void (*open)(void* state, const codec::Sealer& sealer);
};

[[nodiscard]] const StateCodec& state_codec(StateKind kind);

}  // namespace daybook::projections
