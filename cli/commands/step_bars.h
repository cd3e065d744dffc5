#pragma once

#include "replay/backup.h"

namespace daybook::cli {

/// A bar on stderr for each step of what `replay` does.
[[nodiscard]] replay::StepProgress step_bars();

}  // namespace daybook::cli
