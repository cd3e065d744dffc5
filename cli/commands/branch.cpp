#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>
#include <variant>

#include "cli/branch_clock.h"
#include "cli/commands/commands.h"
#include "cli/commands/ledger_choice.h"
#include "cli/directory.h"
#include "cli/progress.h"
#include "cli/server_target.h"
#include "ledger/codec/json_writer.h"
#include "ledger/domain/rules/try.h"
#include "ledger/domain/time.h"
#include "ledger/log/bytes.h"
#include "replay/branch.h"

namespace daybook::cli {
namespace {

void print(const log::Branched& made, const engine::Ledger& ledger) {
  std::string text;
  codec::JsonWriter json(text);
  const log::Origin& origin = made.lineage.origins.back();
  json.begin_object().key("ledgerId").text(log::hex(made.lineage.ledger_id)).key("position").number(ledger.log().position());
  json.key("now").instant(ledger.now()).key("branchOf").begin_object().key("ledgerId").text(log::hex(origin.ledger));
  json.key("position").number(origin.position).end_object();
  json.key("linkedBytes").number(made.linked).key("copiedBytes").number(made.copied).end_object();
  std::printf("%s\n", text.c_str());
}

/// Made by the server, beside its ledger: in the directory that its operator chose, under a name and no path.
Outcome<void> branch_at_server(const BranchOptions& options) {
  if (!options.run_to.empty()) {
    return fail(ExitCode::Usage, "--run-to works on a directory: a server only makes the branch. Serve it, daybook serve --data ITS_DIRECTORY, and move its "
                                 "clock with AdvanceClock.");
  }
  if (options.to.find('/') != std::string::npos) {
    return fail(ExitCode::Usage, "With --url, --to is a name and no path: the server makes branches in the directory that its configuration names, "
                                 "`replays` in [server].");
  }
  LEDGER_TRY(const std::unique_ptr<ServerTarget> server, ServerTarget::of(options.ledger.url, options.ledger.key_file));
  std::string body;
  codec::JsonWriter(body).begin_object().key("name").text(options.to).key("at").text(options.at).end_object();
  Progress progress("copying", 0);
  const Outcome<std::string> made =
      server->job("/replay/branches", body, [&](std::uint64_t done, std::uint64_t total) { progress.show(done, total); });
  progress.clear();
  if (!made) return tl::unexpected(made.error());
  std::printf("%s\n", made->c_str());
  return {};
}

}  // namespace

Outcome<void> replay_branch(const BranchOptions& options) {
  const std::string& directory = options.ledger.directory;
  if (directory.empty() == options.ledger.url.empty())
    return fail(ExitCode::Usage, "Say which ledger: --data DIR for a directory that nothing serves, or --url URL for a server.");
  const Result<replay::BranchPoint> at = replay::branch_point(options.at);
  if (!at) return fail(ExitCode::Usage, "--at: " + at.error().detail);
  const Result<Date> day = options.run_to.empty() ? Result<Date>(Date{}) : Date::parse(options.run_to);
  if (!day) return fail(ExitCode::Usage, "--run-to " + options.run_to + " is no day; write 2025-05-02.");
  if (!options.ledger.url.empty()) return branch_at_server(options);
  LEDGER_CHECK(check_parent(options.to));
  if (has_ledger(directory)) LEDGER_CHECK(check_outside(options.to, directory));
  const auto made = replay::branch(directory, *at, options.to);
  if (!made) {
    Outcome<void> failed = std::visit([](const auto& error) -> Outcome<void> { return fail(error); }, made.error());
    failed.error().exit_code = exit_code_at(directory, failed.error().exit_code);
    return tl::unexpected(or_ask_its_server(failed.error()));
  }
  Outcome<std::unique_ptr<server::LedgerHost>> host = open_with_clock(options.to, engine::ClockMode::Manual);
  if (!host) return tl::unexpected(host.error());
  if (!options.run_to.empty() && Instant::start_of(*day) <= (*host)->ledger().now()) {
    const std::string now = (*host)->ledger().now().text();
    host->reset();
    std::error_code ignored;
    std::filesystem::remove_all(options.to, ignored);  // what was made a moment ago, in a directory that was new or empty
    return fail(ExitCode::Usage, "--run-to " + options.run_to + " is not after the branch's clock, " + now + "; no branch was left.");
  }
  if (!options.run_to.empty()) LEDGER_CHECK(advance_clock(**host, Instant::start_of(*day), true));
  print(*made, (*host)->ledger());
  return {};
}

}  // namespace daybook::cli
