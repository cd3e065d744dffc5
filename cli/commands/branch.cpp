#include <algorithm>
#include <cstdio>
#include <memory>
#include <variant>

#include "cli/commands/commands.h"
#include "cli/directory.h"
#include "cli/directory_target.h"
#include "ledger/codec/json_writer.h"
#include "ledger/domain/rules/try.h"
#include "ledger/domain/time.h"
#include "ledger/log/bytes.h"
#include "replay/branch.h"

namespace daybook::cli {
namespace {

Outcome<void> advance(DirectoryTarget& target, Instant to, bool run) {
  std::string body;
  codec::JsonWriter json(body);
  json.begin_object().key("to").instant(to).key("run").boolean(run).end_object();
  const Outcome<std::string> done = target.command("AdvanceClock", body);
  return done ? Outcome<void>() : tl::unexpected(done.error());
}

/// From its first event of its own on, a branch is moved by hand: else the first that serves it would perform all that is due today.
Outcome<void> move_clock(DirectoryTarget& target, engine::Ledger& ledger) {
  if (ledger.now().micros > 0) return {};
  constexpr std::int64_t kSecond = 1'000'000;
  return advance(target, Instant{std::max(ledger.log().head().recorded_at, kSecond)}, false);
}

Outcome<void> run_to(DirectoryTarget& target, const engine::Ledger& ledger, Date day) {
  const Instant to = Instant::start_of(day);
  if (to > ledger.now()) return advance(target, to, true);
  return fail(ExitCode::Usage, "--run-to " + day.text() + " is not after the branch's clock, " + ledger.now().text() + ".");
}

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

}  // namespace

Outcome<void> replay_branch(const BranchOptions& options) {
  const Result<replay::BranchPoint> at = replay::branch_point(options.at);
  if (!at) return fail(ExitCode::Usage, "--at: " + at.error().detail);
  const Result<Date> day = options.run_to.empty() ? Result<Date>(Date{}) : Date::parse(options.run_to);
  if (!day) return fail(ExitCode::Usage, "--run-to " + options.run_to + " is no day; write 2025-05-02.");
  const auto made = replay::branch(options.directory, *at, options.to);
  if (!made) return std::visit([](const auto& error) -> Outcome<void> { return fail(error); }, made.error());
  const Outcome<std::unique_ptr<server::LedgerHost>> host = open_with_clock(options.to, engine::ClockMode::Manual);
  if (!host) return tl::unexpected(host.error());
  DirectoryTarget target(**host);
  engine::Ledger& ledger = (*host)->ledger();
  LEDGER_CHECK(move_clock(target, ledger));
  if (!options.run_to.empty()) LEDGER_CHECK(run_to(target, ledger, *day));
  print(*made, ledger);
  return {};
}

}  // namespace daybook::cli
