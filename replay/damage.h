#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ledger/log/exit_code.h"
#include "ledger/log/types.h"

namespace daybook::replay {

/// What is wrong with a ledger's bytes, and where as far as it is known.
struct Damage {
  log::ExitCode exit_code = log::ExitCode::Corruption;
  std::optional<std::string> file;  ///< relative to the data directory
  std::optional<log::Position> from;
  std::optional<log::Position> to;  ///< inclusive
  std::string detail;               ///< a sentence
};

/// Damage as the log's sentence tells it: sentences of the log name the files and positions concerned, and this takes
/// them out again for programs. `directory` is the one that was opened.
[[nodiscard]] Damage locate(std::string_view directory, log::ExitCode exit_code, std::string detail);

}  // namespace daybook::replay
