#include <cstdio>
#include <memory>

#include <spdlog/spdlog.h>

#include "cli/commands/commands.h"
#include "cli/directory.h"
#include "cli/serving.h"
#include "server/app/daemon.h"
#include "server/app/ledger_host.h"

namespace daybook::cli {
namespace {

/// The clock to serve with. A ledger that was moved by hand never goes over to the system's clock by an oversight:
/// that would perform years of billing runs at once.
Outcome<engine::ClockMode> clock_to_serve(const ServeOptions& options) {
  const std::optional<engine::ClockMode> wanted = clock_mode(options.clock);
  if (!options.clock.empty() && !wanted) {
    return fail(ExitCode::Usage, "--clock " + options.clock + " is neither system nor manual.");
  }
  if (wanted == engine::ClockMode::Manual) return *wanted;
  const Outcome<engine::ClockMode> has = clock_of(options.directory);
  if (!has) return has;
  if (wanted && *has != *wanted) {
    return fail(ExitCode::Format, "The clock of the ledger in " + options.directory +
                                      " is moved by hand (AdvanceClock); serve it with --clock manual.");
  }
  return has;
}

}  // namespace

Outcome<void> serve(const ServeOptions& options) {
  if (!options.config.empty()) {
    return fail(ExitCode::Format, "--config is not supported yet: everything is said by flags (daybook serve --help).");
  }
  const Outcome<server::Daemon::Options> listen = listen_options(options.listen);
  if (!listen) return tl::unexpected(listen.error());
  hold_signals();
  const Outcome<engine::ClockMode> clock = clock_to_serve(options);
  if (!clock) return tl::unexpected(clock.error());

  server::LedgerHost::Options host_options;
  host_options.ledger.log.directory = options.directory;
  host_options.ledger.clock = *clock;
  host_options.performs_due_work = *clock == engine::ClockMode::System;
  server::LedgerHost::Opened host = server::LedgerHost::open(host_options);
  if (!host) return fail(host.error());
  Result<std::unique_ptr<server::Daemon>> daemon = server::Daemon::start(**host, *listen);
  if (!daemon) return fail(ExitCode::Failed, daemon.error().detail);

  std::printf("listening on %s\n", (*daemon)->url().c_str());
  std::fflush(stdout);
  spdlog::info("serving {} at position {}", options.directory, (*host)->ledger().log().position());
  wait_for_signal();
  spdlog::info("finishing what is under way");
  (*daemon)->stop();
  return {};
}

}  // namespace daybook::cli
