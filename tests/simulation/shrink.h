#pragma once

#include <cstdint>
#include <functional>

#include "tests/simulation/script.h"

namespace daybook::simulation {

/// A shorter script that still `fails`, found by leaving things out: lives after the one that fails, steps, misfortunes,
/// then sizes. At most `plays` scripts are tried.
[[nodiscard]] Script shrink(Script script, const std::function<bool(const Script&)>& fails, std::uint64_t plays = 600);

}  // namespace daybook::simulation
