#include "cli/directory.h"

#include <chrono>
#include <filesystem>
#include <system_error>

#include "cli/branch_clock.h"
#include "ledger/log/clock.h"
#include "ledger/log/rng.h"

namespace daybook::cli {
namespace {

/// Views that were deleted are folded anew first.
constexpr std::chrono::hours kViewsPatience{1};

}  // namespace

std::optional<engine::ClockMode> clock_mode(std::string_view text) {
  if (text == "system") return engine::ClockMode::System;
  if (text == "manual") return engine::ClockMode::Manual;
  return std::nullopt;
}

bool has_ledger(const std::string& directory) {
  std::error_code ignored;
  return std::filesystem::exists(directory + "/FORMAT", ignored);
}

Outcome<engine::ClockMode> clock_of(const std::string& directory) {
  if (!has_ledger(directory)) return engine::ClockMode::System;
  log::SystemClock clock;
  log::SystemRng rng;
  engine::LedgerOptions options;
  options.log.directory = directory;
  options.clock = engine::ClockMode::Manual;
  engine::Ledger::Opened ledger = engine::Ledger::open(options, log::Seams{nullptr, &clock, &rng});
  if (!ledger) return fail(ledger.error());
  const log::Log& log = (*ledger)->log();
  const log::Position left_at = log.lineage().branched_at();
  if (left_at > 0 && left_at == log.position()) return engine::ClockMode::Manual;
  return (*ledger)->now().micros > 0 ? engine::ClockMode::Manual : engine::ClockMode::System;
}

Outcome<std::unique_ptr<server::LedgerHost>> open_directory(const std::string& directory, bool create) {
  if (!create && !has_ledger(directory)) {
    return fail(ExitCode::NotFound, "There is no ledger in " + directory + ". `daybook key create` makes one.");
  }
  const Outcome<engine::ClockMode> clock = clock_of(directory);
  if (!clock) return tl::unexpected(clock.error());
  return open_with_clock(directory, *clock);
}

Outcome<std::unique_ptr<server::LedgerHost>> open_with_clock(const std::string& directory, engine::ClockMode clock) {
  server::LedgerHost::Options options;
  options.ledger.log.directory = directory;
  options.ledger.clock = clock;
  server::LedgerHost::Opened host = server::LedgerHost::open(options);
  if (!host) return fail(host.error());
  if (Outcome<void> begun = begin_branch(**host); !begun) return tl::unexpected(begun.error());
  return std::move(*host);
}

Outcome<void> wait_for_views(server::LedgerHost& host) {
  const log::Position position = host.ledger().log().position();
  if (host.views().wait_for(position, kViewsPatience)) return {};
  return fail(ExitCode::Failed, "The views do not come to position " + std::to_string(position) +
                                    ". `daybook replay rebuild` says what is wrong with them.");
}

}  // namespace daybook::cli
