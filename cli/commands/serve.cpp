#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include <spdlog/spdlog.h>

#include "cli/branch_clock.h"
#include "cli/commands/commands.h"
#include "cli/commands/standing.h"
#include "cli/config/configuration.h"
#include "cli/config/server_settings.h"
#include "cli/directory.h"
#include "cli/serving.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/try.h"
#include "ledger/engine/memory_share.h"
#include "ledger/log/bytes.h"
#include "server/app/daemon.h"
#include "server/app/disk_room.h"
#include "server/app/ledger_host.h"
#include "server/app/memory_watch.h"

namespace daybook::cli {
namespace {

/// The configuration, with what the flags say.
Outcome<Configuration> configured(const ServeOptions& options) {
  ConfigSources sources;
  sources.file = options.config;
  sources.environment = process_environment();
  const auto flag = [&](const char* name, const char* setting, const std::string& value) {
    if (!value.empty()) sources.flags.push_back({setting, json_text(value), name, 0, 0});
  };
  flag("--data", "server.data", options.directory);
  flag("--listen", "server.listen", options.listen);
  flag("--clock", "server.clock", options.clock);
  return Configuration::load(sources);
}

/// What the configuration says of policies, provider and terms becomes events where it differs from what it last said.
Outcome<void> record(const Configuration& configuration, engine::Ledger& ledger) {
  if (!configuration.concerns_the_ledger()) return {};
  engine::CommandRequest request;
  request.command = CommandData(configuration.wish(ledger.now().date()));
  request.caller.key_name = "configuration";
  request.caller.viewer = Viewer::operating();
  const Result<engine::CommandAnswer> done = ledger.execute(request);
  if (!done && done.error().code == "INSUFFICIENT_STORAGE") {
    spdlog::warn("what the configuration newly says is recorded by the next start that has room for it");
    return {};
  }
  if (!done) {
    return fail(ExitCode::Format, "The configuration cannot be applied to this ledger. " + std::string(done.error().code) +
                                      ": " + done.error().detail + " (" + done.error().pointer + ")");
  }
  if (done->count > 0) {
    spdlog::info("the configuration says something new: recorded in {} events up to position {}", done->count, done->last);
  }
  return {};
}

/// What whoever runs the ledger should know.
void tell_standing(const Configuration& configuration, const engine::Ledger& ledger) {
  const Date today = ledger.now().date();
  ledger.read_books([&](const StateReader& state) {
    for (const std::string& difference : policy_differences(configuration, state)) spdlog::info("{}", difference);
    const std::string gap = provider_gap(state, today);
    if (!gap.empty()) spdlog::warn("{}", gap);
  });
}

/// That the system would end the process before it knows that memory is short.
void tell_memory(std::uint64_t wanted) {
  const std::uint64_t allowed = server::allowed_bytes();
  if (allowed == 0 || wanted <= allowed) return;
  spdlog::warn("the system lets this process have {} MiB of memory, less than server.memoryMegabytes ({}): set that below it, or it is ended "
               "when it takes more", allowed >> 20, wanted >> 20);
}

/// The clock to serve with. A ledger that was moved by hand never goes over to the system's clock by an oversight:
/// that would perform years of billing runs at once.
Outcome<engine::ClockMode> clock_to_serve(const std::string& clock, const std::string& directory, bool writes_nothing) {
  const std::optional<engine::ClockMode> wanted = clock_mode(clock);
  if (wanted == engine::ClockMode::Manual) return *wanted;
  const Outcome<engine::ClockMode> has = writes_nothing ? clock_read_of(directory) : clock_of(directory);
  if (!has) return has;
  if (wanted && *has != *wanted) {
    return fail(ExitCode::Format, "The clock of the ledger in " + directory +
                                      " is moved by hand (AdvanceClock); serve it with --clock manual.");
  }
  return has;
}

}  // namespace

Outcome<void> serve(const ServeOptions& options) {
  if (!options.clock.empty() && !clock_mode(options.clock))
    return fail(ExitCode::Usage, "--clock " + options.clock + " is neither system nor manual.");
  LEDGER_TRY(const Configuration configuration, configured(options));
  LEDGER_CHECK(configuration.check());
  LEDGER_TRY(const server::Daemon::Options listen, daemon_options(configuration));
  const std::string directory = configuration.server_text("data");
  if (directory.empty()) return fail(ExitCode::Usage, "Say which ledger: --data DIR, or `data` in [server] of the configuration.");
  LEDGER_CHECK(check_place_of_ledger(directory));
  hold_signals();
  const auto room = std::make_shared<server::DiskRoom>(directory, disk_floor(configuration), options.read_only,
                                                       [directory] { return server::space_of(directory); });
  if (const log::Opening<void> enough = room->before_opening(); !enough) return fail(enough.error());
  LEDGER_TRY(const engine::ClockMode clock, clock_to_serve(configuration.server_text("clock"), directory, room->writes_nothing()));

  server::LedgerHost::Options host_options;
  host_options.ledger.log.directory = directory;
  host_options.ledger.clock = clock;
  host_options.ledger.queue_bytes = queue_bytes(configuration);
  engine::share_memory(memory_bytes(configuration), host_options.ledger);
  host_options.room = room;
  if (room->writes_nothing()) {
    spdlog::warn("nothing is written to {}: it is read where it lies, and its views are made in memory", directory);
    host_options.ledger.log.create = false;
    host_options.ledger.log.read_only = host_options.ledger.log.keep_others_out = true;
  }
  server::LedgerHost::Opened host = open_host(std::move(host_options));
  if (!host) return fail(host.error());
  room->tend();
  if (!options.read_only) {
    LEDGER_CHECK(begin_branch(**host));
    LEDGER_CHECK(record(configuration, (*host)->ledger()));
  }
  tell_standing(configuration, (*host)->ledger());
  tell_memory(memory_bytes(configuration));
  if (clock == engine::ClockMode::System && !options.read_only) (*host)->perform_due_work();
  if (const std::chrono::hours every = scrub_every(configuration); every.count() > 0) (*host)->scrub(every);
  (*host)->watch_memory(memory_bytes(configuration));
  Result<std::unique_ptr<server::Daemon>> daemon = server::Daemon::start(**host, listen);
  if (!daemon) return fail(ExitCode::Failed, why_not_listening(daemon.error().detail));

  std::printf("listening on %s\n", (*daemon)->url().c_str());
  std::fflush(stdout);
  const log::Log& served = (*host)->ledger().log();
  spdlog::info("serving {} at position {}", directory, served.position());
  if (const log::Position at = served.lineage().branched_at(); at > 0) {
    spdlog::info("this is a branch: ledger {} goes on from position {} of {}", log::hex(served.ledger_id()), at,
                 log::hex(served.lineage().origins.back().ledger));
  }
  wait_for_signal();
  spdlog::info("finishing what is under way");
  (*daemon)->stop();
  return {};
}

}  // namespace daybook::cli
