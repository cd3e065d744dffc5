#include <sys/resource.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/commands/standing.h"
#include "cli/config/config_entry.h"
#include "cli/config/configuration.h"
#include "cli/config/server_settings.h"
#include "cli/directory.h"
#include "ledger/log/clock.h"
#include "server/app/memory_watch.h"

namespace daybook::cli {
namespace {

/// What is wanted of a machine before a ledger is served on it.
constexpr rlim_t kOpenFiles = 4'096;
constexpr std::int64_t kClockSlackMicros = 60'000'000;

enum class Finding { Fine, Advice, Fault };

/// The findings, told one by one; the first fault decides how the command ends.
class Report {
 public:
  explicit Report(bool json) : json_(json) {}

  void fine(std::string_view subject, const std::string& text) { tell(Finding::Fine, subject, text); }
  void advise(std::string_view subject, const std::string& text) { tell(Finding::Advice, subject, text); }
  void fault(std::string_view subject, const Failure& failure) {
    tell(Finding::Fault, subject, failure.message);
    if (faults_++ == 0) exit_code_ = failure.exit_code;
  }

  [[nodiscard]] Outcome<void> end() const {
    if (json_) std::printf("{\"findings\":[%s],\"faults\":%d}\n", members_.c_str(), faults_);
    if (faults_ == 0) return {};
    return fail(exit_code_, json_ ? "" : fmt::format("{} of these must be mended before the ledger is served.", faults_));
  }

 private:
  void tell(Finding finding, std::string_view subject, const std::string& text) {
    const char* word = finding == Finding::Fine ? "fine" : finding == Finding::Advice ? "advice" : "fault";
    if (!json_) {
      std::printf("%-7s %-14s %s\n", word, std::string(subject).c_str(), text.c_str());
      return;
    }
    if (!members_.empty()) members_ += ',';
    members_ += fmt::format(R"({{"finding":"{}","subject":"{}","text":{}}})", word, subject, json_text(text));
  }

  bool json_;
  std::string members_;
  int faults_ = 0;
  ExitCode exit_code_ = ExitCode::Clean;
};

void look_at_machine(Report& report, const std::string& directory, const server::DiskFloor& floor) {
  const server::DiskSpace disk = server::space_of(directory);
  const std::string free = fmt::format("{} MiB are free where the ledger lies", disk.free >> 20);
  if (disk.free < floor.of(disk)) {
    report.advise("disk", free + fmt::format("; below {} MiB writes are answered 507", floor.of(disk) >> 20));
  } else {
    report.fine("disk", free);
  }
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    const std::string text = fmt::format("{} files and connections may be open at once", files.rlim_cur);
    if (files.rlim_cur < kOpenFiles) {
      report.advise("open files", text + fmt::format("; `ulimit -n {}` before it is served", kOpenFiles));
    } else {
      report.fine("open files", text);
    }
  }
}

void look_at_memory(Report& report, std::uint64_t wanted) {
  const std::uint64_t allowed = server::allowed_bytes();
  const std::string text = fmt::format("the server is to stay below {} MiB", wanted >> 20);
  if (allowed == 0 || wanted <= allowed) {
    report.fine("memory", text);
  } else {
    report.advise("memory", text + fmt::format(", and the system lets it have {}: set server.memoryMegabytes below that", allowed >> 20));
  }
}

void look_at_clock(Report& report, std::int64_t last_micros) {
  const std::int64_t now = log::SystemClock().wall_micros();
  if (last_micros <= now + kClockSlackMicros) {
    report.fine("clock", "it is not behind the last event");
  } else {
    report.advise("clock", fmt::format("the last event was recorded at {}, and this machine's clock says {}: set the clock",
                                       Instant{last_micros}.text(), Instant{now}.text()));
  }
}

void look_at_views(Report& report, server::LedgerHost& host) {
  if (const Outcome<void> there = wait_for_views(host); !there) {
    report.fault("views", there.error());
    return;
  }
  std::uint64_t rows = 0;
  for (const projections::ProjectionStatus& view : host.views().status()) {
    rows += view.logical_rows;
    if (!view.error) continue;
    report.fault("views", {ExitCode::Failed, fmt::format("view {} stopped at position {}: {}", view.name, view.error->position,
                                                         view.error->reason)});
    return;
  }
  report.fine("views", fmt::format("{} rows, up to position {}", rows, host.views().position()));
}

void look_at_ledger(Report& report, const std::string& directory, const Configuration& configuration) {
  const Outcome<std::unique_ptr<server::LedgerHost>> opened = open_directory(directory, false);
  if (!opened) {
    if (opened.error().exit_code == ExitCode::Locked) {
      report.advise("ledger", opened.error().message + " Stop it to have the rest looked at.");
    } else {
      report.fault("ledger", opened.error());
    }
    return;
  }
  server::LedgerHost& host = **opened;
  const log::Head head = host.ledger().log().head();
  report.fine("ledger", fmt::format("it opens; {} events, the log reaches its witness", head.position));
  look_at_views(report, host);
  const Date today = host.ledger().now().date();
  host.ledger().read_books([&](const StateReader& state) {
    if (state.clock().now.micros == 0) look_at_clock(report, head.recorded_at);  // else it is moved by hand
    const std::string gap = provider_gap(state, today);
    if (gap.empty()) {
      report.fine("provider", "its details are complete");
    } else {
      report.advise("provider", gap);
    }
    for (const std::string& difference : policy_differences(configuration, state)) report.advise("policies", difference);
  });
}

}  // namespace

Outcome<void> doctor(const DoctorOptions& options) {
  Report report(options.json);
  ConfigSources sources;
  sources.file = options.config;
  sources.environment = process_environment();
  if (!options.directory.empty()) sources.flags.push_back({"server.data", json_text(options.directory), "--data", 0, 0});
  const Outcome<Configuration> configuration = Configuration::load(sources);
  if (!configuration) {
    report.fault("configuration", configuration.error());
    return report.end();
  }
  const Outcome<void> checked = configuration->check();
  if (!checked) {
    report.fault("configuration", checked.error());
  } else {
    report.fine("configuration", configuration->file().empty() ? "there is no file; all settings have their defaults"
                                                               : configuration->file() + " has no mistake");
  }
  const std::string directory = configuration->server_text("data");
  if (directory.empty() && !checked) return report.end();
  if (directory.empty()) return fail(ExitCode::Usage, "Say which ledger: --data DIR, or `data` in [server] of the configuration.");
  look_at_machine(report, directory, disk_floor(*configuration));
  look_at_memory(report, memory_bytes(*configuration));
  look_at_ledger(report, directory, *configuration);
  return report.end();
}

}  // namespace daybook::cli
