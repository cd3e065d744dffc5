#include "cli/commands/ledger_choice.h"

#include <utility>

#include "cli/directory.h"
#include "cli/directory_target.h"
#include "cli/server_target.h"
#include "ledger/domain/time.h"

namespace daybook::cli {

Outcome<ChosenLedger> choose_ledger(const LedgerChoice& choice, bool create) {
  if (choice.directory.empty() == choice.url.empty()) {
    return fail(ExitCode::Usage, "Say which ledger: --data DIR for a directory that nothing serves, or --url URL for a server.");
  }
  ChosenLedger chosen;
  if (!choice.url.empty()) {
    Outcome<std::unique_ptr<ServerTarget>> server = ServerTarget::of(choice.url, choice.key_file);
    if (!server) return tl::unexpected(server.error());
    chosen.target = std::move(*server);
    return chosen;
  }
  Outcome<std::unique_ptr<server::LedgerHost>> host = open_directory(choice.directory, create);
  if (!host) return tl::unexpected(or_ask_its_server(host.error()));
  chosen.host = std::move(*host);
  chosen.target = std::make_unique<DirectoryTarget>(*chosen.host);
  return chosen;
}

Failure or_ask_its_server(Failure failure) {
  if (failure.exit_code != ExitCode::Locked || !failure.message.ends_with('.')) return failure;
  failure.message.pop_back();
  failure.message += ", or ask its server with --url.";
  return failure;
}

Outcome<void> check_as_of(const std::string& as_of) {
  const bool is_number = as_of.find_first_not_of("0123456789") == std::string::npos;
  if (is_number || Instant::parse(as_of)) return {};
  return fail(ExitCode::Usage, "\"" + as_of + "\" is no position and no instant; write 1234 or 2024-05-02T00:00:00Z.");
}

}  // namespace daybook::cli
