#pragma once

#include <memory>

#include "cli/commands/commands.h"
#include "cli/target.h"
#include "server/app/ledger_host.h"

namespace daybook::cli {

/// The ledger of a command, opened; a directory stays open with it.
struct ChosenLedger {
  std::unique_ptr<server::LedgerHost> host;
  std::unique_ptr<Target> target;
};

/// Errors: Usage unless exactly one of --data and --url is given; those of opening.
[[nodiscard]] Outcome<ChosenLedger> choose_ledger(const LedgerChoice& choice, bool create);

/// What keeps the ledger in a directory from opening, for commands that can ask its server instead.
[[nodiscard]] Failure or_ask_its_server(Failure failure);

/// Errors: Usage for what can be neither position nor instant.
[[nodiscard]] Outcome<void> check_as_of(const std::string& as_of);

}  // namespace daybook::cli
