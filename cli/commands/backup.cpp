#include <cstdio>

#include "cli/commands/commands.h"
#include "cli/commands/step_bars.h"
#include "replay/backup.h"

namespace daybook::cli {
namespace {

Outcome<void> told(const Result<replay::Verdict>& verdict) {
  if (!verdict) return fail(verdict.error());
  if (verdict->looked) std::printf("%s\n", verdict->to_json().c_str());
  if (verdict->damage) return fail(verdict->exit_code(), verdict->damage->detail);
  return {};
}

}  // namespace

Outcome<void> backup_create(const std::string& directory, const std::string& backup) {
  return told(replay::create_backup(directory, backup, step_bars()));
}

Outcome<void> backup_verify(const std::string& backup) {
  const replay::StepProgress show = step_bars();
  return told(replay::verify_copy(backup, [&](std::uint64_t done, std::uint64_t total) { show("verifying", done, total); }));
}

Outcome<void> backup_restore(const std::string& backup, const std::string& directory) {
  return told(replay::restore_backup(backup, directory, step_bars()));
}

}  // namespace daybook::cli
