#pragma once

#include <charconv>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "projections/engine.h"

/// Shared by engine.cpp and rebuild.cpp alone.
namespace daybook::projections {

struct Projections::Entry {
  Projection projection;
  std::mutex folding;  ///< held while `live` is folded or replaced
  std::unique_ptr<Instance> live;

  // What is published, under the mutex of all:
  std::shared_ptr<const LiveRows> rows;
  Checkpoint checkpoint;
  std::optional<Halt> halt;
  Position from_nothing_to = 0;  ///< began from nothing when the log ended there
  bool rebuilding = false;
};

/// `projection.usage.v1.7` → `projection.usage.v1.8`
[[nodiscard]] inline std::string next_generation(std::string_view family) {
  const std::size_t dot = family.rfind('.') + 1;
  unsigned generation = 0;
  std::from_chars(family.data() + dot, family.data() + family.size(), generation);
  return std::string(family.substr(0, dot)) + std::to_string(generation + 1);
}

}  // namespace daybook::projections
