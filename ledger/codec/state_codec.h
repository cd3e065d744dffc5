#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "ledger/codec/seal.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/state_kind.h"

namespace daybook::codec {

/// A state of any kind, owned: the struct whose `kState` is the kind.
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

/// How states of one kind are made, copied, written and read, whatever their type: for those who
/// keep rows of all kinds. Canonical: equal states give equal bytes. Personal values are written as
/// they are sealed, and stay so when they are read, until they are opened.
struct StateCodec {
  StateBox (*make)();
  StateBox (*copy)(const void* state);
  void (*encode)(const void* state, std::string& out);
  /// `bytes` may lie anywhere in memory. Errors: MALFORMED_FLATBUFFER, INVALID_….
  Result<StateBox> (*decode)(std::string_view bytes);
  /// Opens the personal values in `state`; those of erased subjects become absent. Errors:
  /// CORRUPTION.
  Result<void> (*open)(void* state, const Sealer& sealer);
  bool (*has_personal)();  ///< may a personal value be anywhere inside?
};

/// Null for a number that names no kind.
[[nodiscard]] const StateCodec* find_state_codec(StateKind kind);
/// Of a kind that is one.
[[nodiscard]] const StateCodec& state_codec(StateKind kind);

}  // namespace daybook::codec
