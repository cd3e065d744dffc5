#include "projections/entities/state_codec.h"

#include <array>

#include "ledger/codec/value_codec.h"
#include "ledger/domain/invariant.h"
#include "ledger/domain/rules/state_reader.h"

namespace daybook::projections {
namespace {

template <class State>
StateBox box(State* state) {
  return {state, [](void* owned) { delete static_cast<State*>(owned); }};
}

template <class State>
constexpr StateCodec make_codec() {
  return {
      [] { return box(new State{}); },
      [](const void* state, std::string& out) {
        thread_local codec::Buffer buffer;
        buffer.clear();
        codec::to_bytes(*static_cast<const State*>(state), buffer);
        out.assign(buffer.view());
      },
      [](std::string_view bytes) {
        // Rows lie anywhere in memory, FlatBuffers at multiples of 8.
        codec::Buffer aligned;
        aligned.append(bytes);
        auto state = codec::from_bytes<State>(aligned.bytes());
        if (!state)
          throw InvariantBroken("a state of the view cannot be read: " + state.error().detail);
        return box(new State(std::move(*state)));
      },
      [](void* state, const codec::Sealer& sealer) {
        const Result<void> opened = codec::open_personal(*static_cast<State*>(state), sealer);
        if (!opened)
          throw InvariantBroken("a personal value cannot be opened: " + opened.error().detail);
      },
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

const StateCodec& state_codec(StateKind kind) {
  const StateCodec& codec = kCodecs[static_cast<std::uint8_t>(kind)];
  LEDGER_INVARIANT(codec.make != nullptr);
  return codec;
}

}  // namespace daybook::projections
