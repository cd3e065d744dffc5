#pragma once

#include <string>
#include <utility>

#include <tl/expected.hpp>

#include "ledger/log/exit_code.h"

namespace daybook::log {

/// Why a ledger does not open, and how the process ends for it. `detail` names the file and positions and
/// says what to do.
struct OpenError {
  ExitCode exit_code = ExitCode::Failed;
  std::string detail;
};

template <class T>
using Opening = tl::expected<T, OpenError>;

[[nodiscard]] inline tl::unexpected<OpenError> refuse(ExitCode exit_code, std::string detail) {
  return tl::unexpected(OpenError{exit_code, std::move(detail)});
}

}  // namespace daybook::log
