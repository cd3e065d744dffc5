#include <cstdio>

#include "cli/commands/commands.h"
#include "cli/directory.h"
#include "cli/progress.h"
#include "replay/rebuild.h"
#include "replay/verify.h"

namespace daybook::cli {

Outcome<void> replay_rebuild(const std::string& directory) {
  const Outcome<std::unique_ptr<server::LedgerHost>> host = open_directory(directory, false);
  if (!host) return tl::unexpected(host.error());
  Progress progress("rebuilding", 0);
  const Result<replay::Rebuild> rebuilt =
      replay::rebuild((*host)->views(), (*host)->ledger().log().position(),
                      [&](std::uint64_t done, std::uint64_t total) { progress.show(done, total); });
  progress.clear();
  if (!rebuilt) return fail(rebuilt.error());
  std::printf("%s\n", rebuilt->to_json().c_str());
  if (!rebuilt->equal()) {
    return fail(ExitCode::IntegrityFailed,
                "A view differs from what the log says. Delete " + directory +
                    "/views while nothing runs, and it is made again; then report what differed.");
  }
  return {};
}

Outcome<void> replay_verify(const std::string& directory) {
  Progress progress("verifying", 0);
  const replay::Verdict verdict = replay::verify(
      directory, [&](std::uint64_t done, std::uint64_t total) { progress.show(done, total); });
  progress.clear();
  if (verdict.looked) std::printf("%s\n", verdict.to_json().c_str());
  if (verdict.damage) return fail(exit_code_at(directory, verdict.exit_code()), verdict.damage->detail);
  return {};
}

}  // namespace daybook::cli
