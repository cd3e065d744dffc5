#pragma once

#include <cstdint>
#include <cstdlib>

#include "tests/simulation/script.h"

/// What the sweeps over single operations have in common.
namespace daybook::simulation {

/// The full sweep instead of every few operations: with DAYBOOK_SIMULATION_ROUNDS.
[[nodiscard]] inline bool is_whole_sweep() { return std::getenv("DAYBOOK_SIMULATION_ROUNDS") != nullptr; }

[[nodiscard]] inline Step facts(std::uint64_t first, std::uint64_t count, std::uint64_t bodies = 1) {
  return {.kind = Step::Kind::Facts, .first = first, .count = count, .bodies = bodies};
}
[[nodiscard]] inline Step keep_all() { return {.kind = Step::Kind::KeepAll}; }
[[nodiscard]] inline Step command(std::uint64_t number) { return {.kind = Step::Kind::Command, .first = number}; }

/// A ledger that is made, used, opened again and used: some 300 operations in two lives. The rule comes into the first of
/// them or the second.
[[nodiscard]] inline Script short_life(const Rule& rule, bool first, Loss loss) {
  Script script;
  script.setup.tail_keys = 8;
  script.setup.padding = 1500;
  script.setup.raw = true;
  script.lives.resize(2);
  script.lives[0].steps = {facts(0, 12), facts(12, 40, 3), command(1), keep_all(), facts(52, 10)};
  script.lives[1].steps = {facts(62, 10), command(2), facts(72, 30, 2), keep_all(), facts(102, 5)};
  Life& struck = script.lives[first ? 0 : 1];
  struck.rule = rule;
  struck.loss = loss;
  return script;
}

}  // namespace daybook::simulation
