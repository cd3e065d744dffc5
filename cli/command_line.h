#pragma once

#include <functional>

#include <tl/expected.hpp>

#include "cli/outcome.h"

namespace daybook::cli {

/// What the words of a command line ask for.
struct CommandLine {
  std::function<Outcome<void>()> run;
  bool quiet = false;    ///< only warnings and errors on stderr
  bool verbose = false;  ///< more on stderr
  bool json = false;     ///< a program reads what it prints
};

/// Reads them. Errors: the exit code to end with where there is nothing to run (--help) or they are wrong; all is said.
[[nodiscard]] tl::expected<CommandLine, int> read_command_line(int argc, const char* const* argv, const char* version);

}  // namespace daybook::cli
