#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "ledger/domain/result.h"
#include "ledger/log/run.h"

namespace daybook::log {

/// The row that says which runs count; written after their pages. Key FF FF FF FF, so that it is the last of
/// its family; value
///   version:u8 = 1 ‖ secret[16] ‖ covered:u64 ‖ made:u64 ‖ next_id:u32 ‖ runs:u32
///   ‖ runs × { id:u32, tier:u32, pages:u32, filters:u32, entries:u64, made:u64, first:u64, last:u64 }
struct RunManifest {
  std::array<std::byte, 16> secret{};  ///< of the keyed hash
  Position covered = 0;                ///< every event up to here is in the runs
  std::uint64_t made = 0;              ///< freezes so far
  std::uint32_t next_id = 1;
  std::vector<RunFacts> runs;          ///< oldest first
};

/// None in a new family.
[[nodiscard]] Result<std::optional<RunManifest>> read_manifest(const Family& family);

/// Durable when it returns.
[[nodiscard]] Result<void> write_manifest(Family family, const RunManifest& manifest);

}  // namespace daybook::log
