#pragma once

#include <string_view>
#include <utility>

#include "ledger/codec/logged_documents.h"
#include "ledger/codec/state_codec.h"
#include "ledger/domain/invariant.h"
#include "ledger/log/log.h"
#include "projections/row_reader.h"

/// The states of the view: a row that cannot be read stops the projection.
namespace daybook::projections {

using codec::state_codec;
using codec::StateBox;

/// Throws InvariantBroken for bytes that are no state of this kind.
[[nodiscard]] inline StateBox decode_state(StateKind kind, std::string_view bytes) {
  Result<StateBox> state = state_codec(kind).decode(bytes);
  if (!state)
    throw InvariantBroken("a state of the view cannot be read: " + state.error().detail);
  return std::move(*state);
}

/// Where documents are read, which the view leaves to the log.
[[nodiscard]] inline codec::EventsFrom events_of(const log::Log& log) {
  return [&log](Position from, const codec::LookAtEvent& look) {
    return log.read_while(from, [&](const log::RecordView& record) {
      return look(static_cast<EventType>(record.type), record.event);
    });
  };
}

/// Opens the personal values in `state`. Throws InvariantBroken for damaged ones.
inline void open_state(StateKind kind, void* state, const codec::Sealer& sealer) {
  const Result<void> opened = state_codec(kind).open(state, sealer);
  if (!opened)
    throw InvariantBroken("a personal value cannot be opened: " + opened.error().detail);
}

}  // namespace daybook::projections
