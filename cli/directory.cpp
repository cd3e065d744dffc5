#include "cli/directory.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <span>
#include <system_error>
#include <utility>

#include "cli/branch_clock.h"
#include "cli/progress.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/rules/try.h"
#include "ledger/log/clock.h"
#include "ledger/log/offline.h"
#include "ledger/log/rng.h"

namespace daybook::cli {
namespace {

/// Views that were deleted are folded anew first.
constexpr std::chrono::hours kViewsPatience{1};

namespace fs = std::filesystem;

/// What the making of a ledger has made before its FORMAT, which comes last; and what a file system puts in its root.
constexpr std::array<std::string_view, 8> kBegun = {"LOCK", "OWNER", "keys", "log", "witness", "views", "ballast", "lost+found"};

bool may_be_there(std::string_view name) {
  return name.starts_with('.') || name == "FORMAT.new" || std::find(kBegun.begin(), kBegun.end(), name) != kBegun.end();
}

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

ExitCode exit_code_at(const std::string& directory, ExitCode exit_code) {
  return exit_code == ExitCode::Format && !has_ledger(directory) ? ExitCode::NotFound : exit_code;
}

Outcome<void> check_parent(const std::string& path) {
  if (path.empty()) return fail(ExitCode::Usage, "A name is empty; say what to make.");
  std::error_code error;
  const fs::path parent = fs::absolute(path, error).lexically_normal();
  const fs::path folder = parent.has_filename() ? parent.parent_path() : parent.parent_path().parent_path();
  if (error || fs::is_directory(folder, error)) return {};
  return fail(ExitCode::NotFound, path + " cannot be made: there is no directory " + folder.string() + "; make it first.");
}

Outcome<void> check_place_of_ledger(const std::string& directory) {
  if (has_ledger(directory)) return {};
  std::error_code error;
  if (!fs::exists(directory, error)) return check_parent(directory);
  for (fs::directory_iterator each(directory, error), end; !error && each != end; each.increment(error)) {
    const std::string name = each->path().filename().string();
    if (!may_be_there(name))
      return fail(ExitCode::Conflict, directory + " holds no ledger and has something in it (" + name + "); name a new directory.");
  }
  return {};  // what cannot be read is told by what opens it
}

Outcome<void> check_outside(const std::string& path, const std::string& directory) {
  std::error_code error;
  const fs::path inner = fs::weakly_canonical(fs::absolute(path, error), error);
  const fs::path outer = fs::weakly_canonical(fs::absolute(directory + "/.", error), error);
  if (error || outer.empty()) return {};
  const fs::path from_there = inner.lexically_relative(outer.has_filename() ? outer : outer.parent_path());
  if (from_there.empty() || *from_there.begin() == "..") return {};
  return fail(ExitCode::Conflict, path + " lies inside of the ledger " + directory + "; name a directory outside of it.");
}

Outcome<void> check_new_file(const std::string& file, const std::string& directory) {
  LEDGER_CHECK(check_parent(file));
  if (!directory.empty()) LEDGER_CHECK(check_outside(file, directory));
  std::error_code error;
  const fs::file_status there = fs::symlink_status(file, error);
  if (!fs::exists(there) || fs::is_regular_file(there)) return {};
  return fail(ExitCode::Conflict, file + " is there and is no plain file; name a new file.");
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

Outcome<engine::ClockMode> clock_read_of(const std::string& directory) {
  const log::Log::Opened log = log::open_offline(directory, log::Held::ToReadAlone);
  if (!log) return fail(log.error());
  const log::Position head = (*log)->position();
  const log::Position left_at = (*log)->lineage().branched_at();
  bool by_hand = left_at > 0 && left_at == head;
  const auto type = static_cast<std::uint16_t>(EventType::ClockAdvanced);
  const auto look = [&](std::span<const log::RecordView> records) {
    by_hand = by_hand || std::any_of(records.begin(), records.end(), [&](const log::RecordView& record) { return record.type == type; });
    return !by_hand;
  };
  if (head > 0) {
    if (const Result<void> scanned = (*log)->scan_frames(1, head, look, log::type_bit(type)); !scanned) return fail(scanned.error());
  }
  return by_hand ? engine::ClockMode::Manual : engine::ClockMode::System;
}

Outcome<std::unique_ptr<server::LedgerHost>> open_directory(const std::string& directory, bool create) {
  std::error_code error;
  if (!fs::exists(directory + "/FORMAT", error) && error == std::errc::permission_denied)
    return fail(ExitCode::Permissions, directory + " cannot be entered: " + error.message() + ". Run as the user that it belongs to.");
  if (!create && !has_ledger(directory)) {
    return fail(ExitCode::NotFound, "There is no ledger in " + directory + ". `daybook key create` makes one.");
  }
  const Outcome<engine::ClockMode> clock = clock_of(directory);
  if (!clock) return tl::unexpected(clock.error());
  return open_with_clock(directory, *clock);
}

server::LedgerHost::Opened open_host(server::LedgerHost::Options options) {
  Progress progress("opening " + options.ledger.log.directory, 0);
  options.ledger.opening_progress = [&](std::uint64_t done, std::uint64_t total) { progress.show(done, total); };
  return server::LedgerHost::open(options);
}

Outcome<std::unique_ptr<server::LedgerHost>> open_with_clock(const std::string& directory, engine::ClockMode clock) {
  server::LedgerHost::Options options;
  options.ledger.log.directory = directory;
  options.ledger.clock = clock;
  server::LedgerHost::Opened host = open_host(std::move(options));
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
