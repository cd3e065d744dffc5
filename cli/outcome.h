#pragma once

#include <string>
#include <utility>

#include <tl/expected.hpp>

#include "ledger/domain/result.h"
#include "ledger/log/exit_code.h"
#include "ledger/log/open_error.h"

namespace daybook::cli {

using log::ExitCode;

/// Why a command of the command line ends without its result: the process's exit code, and a sentence for stderr.
struct Failure {
  ExitCode exit_code = ExitCode::Failed;
  std::string message;
  std::string problem{};  ///< the problem object (docs/reference/errors.md), JSON; empty: the ledger has not refused anything
};

template <class T>
using Outcome = tl::expected<T, Failure>;

[[nodiscard]] inline tl::unexpected<Failure> fail(ExitCode exit_code, std::string message) {
  return tl::unexpected(Failure{exit_code, std::move(message)});
}

/// A refusal of the ledger, as an exit code, a sentence that names the stable code, and the object that HTTP would answer.
[[nodiscard]] tl::unexpected<Failure> fail(const Error& error);
[[nodiscard]] tl::unexpected<Failure> fail(const log::OpenError& error);

/// The exit code for an answer over HTTP: 3 not found, 4 refused, 5 not allowed, 1 anything else.
[[nodiscard]] ExitCode exit_code_of_status(int status);

}  // namespace daybook::cli
