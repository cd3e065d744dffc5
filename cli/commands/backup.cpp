#include <cstdio>
#include <memory>

#include "cli/commands/commands.h"
#include "cli/progress.h"
#include "replay/backup.h"

namespace daybook::cli {
namespace {

/// A bar for each step of it.
replay::StepProgress bars() {
  struct Bar {
    std::string step;
    std::unique_ptr<Progress> progress;
  };
  return [bar = std::make_shared<Bar>()](std::string_view step, std::uint64_t done, std::uint64_t total) {
    if (bar->step != step) {
      if (bar->progress) bar->progress->clear();
      bar->step = step;
      bar->progress = std::make_unique<Progress>(bar->step, 0);
    }
    bar->progress->show(done, total);
    if (done == total) bar->progress->clear();
  };
}

Outcome<void> told(const Result<replay::Verdict>& verdict) {
  if (!verdict) return fail(verdict.error());
  if (verdict->looked) std::printf("%s\n", verdict->to_json().c_str());
  if (verdict->damage) return fail(verdict->exit_code(), verdict->damage->detail);
  return {};
}

}  // namespace

Outcome<void> backup_create(const std::string& directory, const std::string& backup) {
  return told(replay::create_backup(directory, backup, bars()));
}

Outcome<void> backup_verify(const std::string& backup) {
  const replay::StepProgress show = bars();
  return told(replay::verify_copy(backup, [&](std::uint64_t done, std::uint64_t total) { show("verifying", done, total); }));
}

Outcome<void> backup_restore(const std::string& backup, const std::string& directory) {
  return told(replay::restore_backup(backup, directory, bars()));
}

}  // namespace daybook::cli
