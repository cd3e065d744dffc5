#include <cstdio>
#include <exception>
#include <memory>
#include <utility>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "cli/command_line.h"
#include "ledger/domain/invariant.h"
#include "projections/row_reader.h"

/// The one binary: words in, a sub-command's outcome out as an exit code. What each of them does is in `commands/`.
namespace {

using daybook::cli::CommandLine;
using daybook::cli::ExitCode;
using daybook::cli::Failure;
using daybook::cli::Outcome;

int code_of(ExitCode exit_code) { return static_cast<int>(exit_code); }

/// Logs go to stderr, a line each; stdout is for results.
void set_up_logs(const CommandLine& line) {
  auto logger = std::make_shared<spdlog::logger>("daybook", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  logger->set_level(line.quiet ? spdlog::level::warn : line.verbose ? spdlog::level::debug : spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
}

int perform(const CommandLine& line) {
  try {
    const Outcome<void> outcome = line.run();
    if (outcome) return 0;
    const Failure& failure = outcome.error();
    if (line.json && !failure.problem.empty()) {
      std::fprintf(stderr, "%s\n", failure.problem.c_str());
    } else if (!failure.message.empty()) {
      std::fprintf(stderr, "daybook: %s\n", failure.message.c_str());
    }
    return code_of(failure.exit_code);
  } catch (const daybook::InvariantBroken& broken) {
    std::fprintf(stderr, "daybook: an invariant is broken: %s\nNothing wrong was written. Please report this.\n", broken.what());
    return code_of(ExitCode::InvariantBroken);
  } catch (const daybook::projections::UnreadableView& unreadable) {
    std::fprintf(stderr, "daybook: %s\n", unreadable.what());
    return code_of(ExitCode::Corruption);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "daybook: %s\n", error.what());
    return code_of(ExitCode::Failed);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const tl::expected<CommandLine, int> line = daybook::cli::read_command_line(argc, argv, DAYBOOK_VERSION);
  if (!line) return line.error();
  set_up_logs(*line);
  return perform(*line);
}
