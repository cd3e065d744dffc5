#include <algorithm>
#include <cstdint>
#include <cstdio>

#include "cli/commands/asked.h"
#include "cli/commands/ledger_choice.h"
#include "ledger/codec/json_writer.h"
#include "ledger/domain/time.h"

namespace daybook::cli {
namespace {

void print_documents(const JsonValue& answer) {
  std::int64_t shown = 0;
  for (const JsonValue& event : answer["events"].items()) {
    if (event["type"].text() != "daybook.InvoiceIssued") continue;
    ++shown;
    const JsonValue& data = event["data"];
    std::printf("%s  %s  %s\n", data["invoiceId"].text().c_str(), data["issueDate"].text().c_str(),
                amount_of(data["totals"]["total"]).c_str());
  }
  for (const JsonValue& alarm : answer["alarms"].items()) {
    std::fprintf(stderr, "alarm: %s %s\n", alarm["code"].text().c_str(), alarm["invoiceId"].text().c_str());
  }
  const auto position = static_cast<long long>(answer["position"].integer());
  const std::int64_t events = answer["eventCount"].integer();
  if (events == 0) {
    std::printf("nothing was due that has not been billed; the ledger is at position %lld\n", position);
    return;
  }
  const JsonValue& issued = answer["eventCounts"]["daybook.InvoiceIssued"];
  const std::int64_t invoices = std::max(shown, issued.is_null() ? 0 : issued.integer());
  if (invoices > shown) std::printf("… and %lld invoices more\n", static_cast<long long>(invoices - shown));
  std::printf("%lld invoices, %lld events; the ledger is at position %lld\n", static_cast<long long>(invoices),
              static_cast<long long>(events), position);
}

}  // namespace

Outcome<void> run_invoicing(const RunInvoicingOptions& options) {
  const Result<Date> through = Date::parse(options.through);
  if (!through) return fail(ExitCode::Usage, "--through " + options.through + " is no date; write it as 2024-05-02.");
  const Outcome<ChosenLedger> ledger = choose_ledger(options.ledger, false);
  if (!ledger) return tl::unexpected(ledger.error());
  std::string body;
  codec::JsonWriter(body).begin_object().key("through").date(*through).end_object();
  const Outcome<std::string> answer = ledger->target->command("RunInvoicing", body);
  return answer ? show(*answer, options.json, print_documents) : tl::unexpected(answer.error());
}

}  // namespace daybook::cli
