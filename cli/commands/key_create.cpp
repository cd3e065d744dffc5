#include <cstdio>
#include <string_view>
#include <vector>

#include "cli/commands/commands.h"
#include "cli/directory.h"
#include "ledger/domain/commands/administration.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/rules/try.h"
#include "ledger/engine/ledger.h"
#include "ledger/engine/uuid.h"
#include "ledger/log/clock.h"
#include "ledger/log/rng.h"
#include "server/auth/api_key.h"

namespace daybook::cli {
namespace {

constexpr Right kRights[] = {Right::Ingest, Right::Read, Right::Admin, Right::ActAs, Right::Import};

Outcome<std::vector<Right>> parse_rights(std::string_view text) {
  std::vector<Right> rights;
  while (true) {
    const std::size_t comma = text.find(',');
    const std::string_view word = text.substr(0, comma);
    bool known = false;
    for (const Right right : kRights) {
      if (word == wire_name(right)) {
        rights.push_back(right);
        known = true;
      }
    }
    if (!known) {
      return fail(ExitCode::Usage, "--rights has no right \"" + std::string(word) +
                                       "\"; there are ingest, read, admin, act-as, import, with commas between.");
    }
    if (comma == std::string_view::npos) return rights;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace

Outcome<void> create_key(const KeyCreateOptions& options) {
  Outcome<std::vector<Right>> rights = parse_rights(options.rights);
  if (!rights) return tl::unexpected(rights.error());
  CreateKey wish;
  wish.name = options.name;
  wish.rights = std::move(*rights);
  if (!options.tenant.empty()) {
    Result<TenantId> tenant = TenantId::parse(options.tenant);
    if (!tenant) return fail(ExitCode::Usage, "--tenant: " + tenant.error().detail);
    wish.tenant_id = std::move(*tenant);
  }

  LEDGER_CHECK(check_place_of_ledger(options.directory));
  log::SystemClock clock;
  log::SystemRng rng;
  engine::LedgerOptions ledger_options;
  ledger_options.log.directory = options.directory;
  // The directory has not said yet by which clock it will be served, and a key must not decide it: by the manual one
  // its record takes the time of the record before, 1970 for the first (docs/decisions/0010).
  ledger_options.clock = engine::ClockMode::Manual;
  engine::Ledger::Opened ledger = engine::Ledger::open(ledger_options, log::Seams{nullptr, &clock, &rng});
  if (!ledger) {
    if (ledger.error().exit_code == ExitCode::Locked) {
      return fail(ExitCode::Locked, ledger.error().detail +
                                        " While a server has the directory, make keys with its command CreateKey.");
    }
    return fail(ledger.error());
  }
  const server::NewApiKey key = server::make_api_key(rng);
  engine::CommandRequest request;
  request.command = CommandData(wish);
  request.caller.key_name = "command line";
  request.caller.viewer = Viewer::operating();
  request.new_key_id = key.key.key_id;
  request.new_secret_hash = key.key.secret_hash;
  const Result<engine::CommandAnswer> made = (*ledger)->execute(request);
  if (!made) return fail(made.error());
  std::printf("%s\n", key.text.c_str());
  return {};
}

}  // namespace daybook::cli
