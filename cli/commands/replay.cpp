#include <cstdio>

#include "cli/commands/commands.h"
#include "cli/directory.h"
#include "cli/progress.h"
#include "ledger/log/bytes.h"
#include "ledger/log/segment.h"
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
  if (verdict.damage) return fail(verdict.exit_code(), verdict.damage->detail);
  return {};
}

Outcome<void> replay_export(const std::string& directory, const std::string& file) {
  const Outcome<std::unique_ptr<server::LedgerHost>> host = open_directory(directory, false);
  if (!host) return tl::unexpected(host.error());
  const std::string path = file.find('/') == std::string::npos ? "./" + file : file;
  const Result<log::Head> head = log::export_segment((*host)->ledger().log(), path);
  if (!head) return fail(head.error());
  std::printf("{\"position\":%llu,\"root\":\"%s\"}\n", static_cast<unsigned long long>(head->position),
              log::hex(head->root).c_str());
  return {};
}

}  // namespace daybook::cli
