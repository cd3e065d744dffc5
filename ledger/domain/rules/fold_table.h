#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "ledger/domain/event.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/state_reader.h"

/// How `fold()` knows what each event changes. Not for callers of fold.h.
namespace daybook {

/// What is done with an event of each type; nothing for those that change no state.
class FoldTable {
 public:
  using Function = void (*)(StateStore&, const EventData&, const Occurrence&);

  [[nodiscard]] Function of(EventType type) const { return functions_[place(type)]; }

  /// Each of `Events` is folded by `fold`, a lambda without captures that takes the store, the
  /// event and its occurrence.
  template <class... Events, class Fold>
  void add(Fold) {
    ((functions_[place(Events::kType)] = [](StateStore& store, const EventData& event,
                                            const Occurrence& at) {
      Fold()(store, event.get<Events>(), at);
    }), ...);
  }

  /// Each of `Events` changes the row of its stream (`apply`), and nothing beside it.
  template <class State, class... Events>
  void add_rows() {
    add<Events...>([](StateStore& store, const auto& event, const Occurrence& at) {
      apply(store.edit<State>(event.stream_id()), event, at);
    });
  }

 private:
  [[nodiscard]] static constexpr std::size_t place(EventType type) {
    return static_cast<std::uint8_t>(type);
  }

  std::array<Function, 256> functions_{};
};

// One function a file: it adds the events of some aggregates.
void add_parties(FoldTable& table);
void add_subscriptions(FoldTable& table);
void add_payment_methods(FoldTable& table);
void add_prices(FoldTable& table);
void add_documents(FoldTable& table);
void add_mail(FoldTable& table);
void add_access(FoldTable& table);
void add_agreements(FoldTable& table);
void add_moves(FoldTable& table);
void add_exports(FoldTable& table);
void add_charges(FoldTable& table);
void add_purchases(FoldTable& table);

}  // namespace daybook
