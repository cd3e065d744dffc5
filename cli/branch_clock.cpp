#include "cli/branch_clock.h"

#include <algorithm>
#include <string>

#include "cli/directory_target.h"
#include "ledger/codec/json_writer.h"

namespace daybook::cli {

Outcome<void> advance_clock(server::LedgerHost& host, Instant to, bool run) {
  std::string body;
  codec::JsonWriter json(body);
  json.begin_object().key("to").instant(to).key("run").boolean(run).end_object();
  DirectoryTarget target(host);
  const Outcome<std::string> done = target.command("AdvanceClock", body);
  return done ? Outcome<void>() : tl::unexpected(done.error());
}

Outcome<void> begin_branch(server::LedgerHost& host) {
  const engine::Ledger& ledger = host.ledger();
  const log::Position left_at = ledger.log().lineage().branched_at();
  if (left_at == 0 || left_at != ledger.log().position() || ledger.now().micros > 0) return {};
  constexpr std::int64_t kSecond = 1'000'000;
  return advance_clock(host, Instant{std::max(ledger.log().head().recorded_at, kSecond)}, false);
}

}  // namespace daybook::cli
