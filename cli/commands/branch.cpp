#include <cstdio>
#include <memory>
#include <variant>

#include "cli/branch_clock.h"
#include "cli/commands/commands.h"
#include "cli/directory.h"
#include "ledger/codec/json_writer.h"
#include "ledger/domain/rules/try.h"
#include "ledger/domain/time.h"
#include "ledger/log/bytes.h"
#include "replay/branch.h"

namespace daybook::cli {
namespace {

Outcome<void> run_to(server::LedgerHost& host, Date day) {
  const Instant to = Instant::start_of(day);
  const engine::Ledger& ledger = host.ledger();
  if (to > ledger.now()) return advance_clock(host, to, true);
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
  LEDGER_CHECK(check_parent(options.to));
  if (has_ledger(options.directory)) LEDGER_CHECK(check_outside(options.to, options.directory));
  const auto made = replay::branch(options.directory, *at, options.to);
  if (!made) {
    Outcome<void> failed = std::visit([](const auto& error) -> Outcome<void> { return fail(error); }, made.error());
    failed.error().exit_code = exit_code_at(options.directory, failed.error().exit_code);
    return failed;
  }
  const Outcome<std::unique_ptr<server::LedgerHost>> host = open_with_clock(options.to, engine::ClockMode::Manual);
  if (!host) return tl::unexpected(host.error());
  if (!options.run_to.empty()) LEDGER_CHECK(run_to(**host, *day));
  print(*made, (*host)->ledger());
  return {};
}

}  // namespace daybook::cli
