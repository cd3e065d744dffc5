#include <cstdio>

#include "cli/commands/commands.h"
#include "cli/commands/ledger_choice.h"
#include "cli/commands/step_bars.h"
#include "cli/directory.h"
#include "cli/progress.h"
#include "cli/server_target.h"
#include "ledger/codec/json_writer.h"
#include "ledger/domain/rules/try.h"
#include "replay/backup.h"

namespace daybook::cli {
namespace {

/// `directory` is what was read.
Outcome<void> told(const Result<replay::Verdict>& verdict, const std::string& directory) {
  if (!verdict) return fail(verdict.error());
  if (verdict->looked) std::printf("%s\n", verdict->to_json().c_str());
  if (verdict->damage) return fail(exit_code_at(directory, verdict->exit_code()), verdict->damage->detail);
  return {};
}

Outcome<void> backup_at_server(const BackupCreateOptions& options) {
  const Outcome<std::unique_ptr<ServerTarget>> server = ServerTarget::of(options.ledger.url, options.ledger.key_file);
  if (!server) return tl::unexpected(server.error());
  std::string body;
  codec::JsonWriter json(body);
  json.begin_object();
  if (!options.backup.empty()) json.key("name").text(options.backup);
  json.end_object();
  Progress progress("copying and verifying", 0);
  const Outcome<std::string> made =
      (*server)->job("/backups", body, [&](std::uint64_t done, std::uint64_t total) { progress.show(done, total); });
  progress.clear();
  if (!made) return tl::unexpected(made.error());
  std::printf("%s\n", made->c_str());
  return {};
}

}  // namespace

Outcome<void> backup_create(const BackupCreateOptions& options) {
  if (options.ledger.directory.empty() == options.ledger.url.empty())
    return fail(ExitCode::Usage, "Say which ledger: --data DIR for a directory that nothing serves, or --url URL for a server.");
  if (!options.ledger.url.empty()) return backup_at_server(options);
  if (options.backup.empty()) return fail(ExitCode::Usage, "Say where: BACKUP, a new directory.");
  LEDGER_CHECK(check_parent(options.backup));
  if (has_ledger(options.ledger.directory)) LEDGER_CHECK(check_outside(options.backup, options.ledger.directory));
  const Outcome<void> done = told(replay::create_backup(options.ledger.directory, options.backup, step_bars()), options.ledger.directory);
  return done ? done : tl::unexpected(or_ask_its_server(done.error()));
}

Outcome<void> backup_verify(const std::string& backup) {
  const replay::StepProgress show = step_bars();
  return told(replay::verify_copy(backup, [&](std::uint64_t done, std::uint64_t total) { show("verifying", done, total); }), backup);
}

Outcome<void> backup_restore(const std::string& backup, const std::string& directory) {
  LEDGER_CHECK(check_parent(directory));
  return told(replay::restore_backup(backup, directory, step_bars()), backup);
}

}  // namespace daybook::cli
