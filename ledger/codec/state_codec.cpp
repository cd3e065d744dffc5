#include "ledger/codec/state_codec.h"

#include <array>
#include <cstdint>
#include <utility>

#include "ledger/codec/buffer.h"
#include "ledger/codec/type_info.h"
#include "ledger/codec/value_codec.h"
#include "ledger/domain/invariant.h"
#include "ledger/domain/rules/state_reader.h"

namespace daybook::codec {
namespace {

template <class State>
StateBox box(State* state) {
  return {state, [](void* owned) { delete static_cast<State*>(owned); }};
}

template <class State>
constexpr StateCodec make_codec() {
  return {
      [] { return box(new State{}); },
      [](const void* state) { return box(new State(*static_cast<const State*>(state))); },
      [](const void* state, std::string& out) {
        thread_local Buffer buffer;
        buffer.clear();
        to_bytes(*static_cast<const State*>(state), buffer);
        out.assign(buffer.view());
      },
      [](std::string_view bytes) -> Result<StateBox> {
        // Rows lie anywhere in memory, FlatBuffers at multiples of 8.
        Buffer aligned;
        aligned.append(bytes);
        Result<State> state = from_bytes<State>(aligned.bytes());
        if (!state) return tl::unexpected(std::move(state.error()));
        return box(new State(std::move(*state)));
      },
      [](void* state, const Sealer& sealer) {
        return open_personal(*static_cast<State*>(state), sealer);
      },
      [] { return value_type<State>().has_personal; },
  };
}

template <class... Ts>
constexpr std::array<StateCodec, 256> make_codecs(TypeList<Ts...>) {
  std::array<StateCodec, 256> codecs{};
  ((codecs[static_cast<std::uint8_t>(Ts::kState)] = make_codec<Ts>()), ...);
  return codecs;
}

constexpr std::array<StateCodec, 256> kCodecs = make_codecs(States());

}  // namespace

const StateCodec* find_state_codec(StateKind kind) {
  const StateCodec& codec = kCodecs[static_cast<std::uint8_t>(kind)];
  return codec.make == nullptr ? nullptr : &codec;
}

const StateCodec& state_codec(StateKind kind) {
  const StateCodec* codec = find_state_codec(kind);
  LEDGER_INVARIANT(codec != nullptr);
  return *codec;
}

}  // namespace daybook::codec
