#include <cstdio>

#include "cli/commands/asked.h"
#include "cli/commands/ledger_choice.h"
#include "cli/target.h"
#include "ledger/codec/json_writer.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/time.h"

namespace daybook::cli {
namespace {

const char* outcome_text(const std::string& becomes) {
  if (becomes == "CreditNote") return "a credit note";
  if (becomes == "Invoice") return "an invoice of its own";
  if (becomes == "Unlocking") return "waits until the invoice is unlocked";
  return "lines on the next invoice";
}

void print_line(const JsonValue& line) {
  std::string text = line["description"].text();
  if (!line["region"].is_null()) text += ", " + line["region"].text();
  if (!line["subscriptionId"].is_null()) text += ", " + line["subscriptionId"].text();
  std::printf("    %s  %s: %s to %s, %lld rows %s, %s to before %s\n", amount_of(line["amount"]).c_str(), text.c_str(),
              line["quantityThen"].text().c_str(), line["quantityNow"].text().c_str(),
              static_cast<long long>(line["rowCount"].integer()),
              line["chargeType"].text() == "Adjustment" ? "corrected" : "late", line["period"]["start"].text().c_str(),
              line["period"]["endExclusive"].text().c_str());
}

void print_preview(const JsonValue& view) {
  if (view["items"].items().empty()) std::printf("nothing that was invoiced has been corrected since\n");
  for (const JsonValue& item : view["items"].items()) {
    std::printf("%s  %s %s: %s, %s", item["invoiceId"].is_null() ? "no invoice" : item["invoiceId"].text().c_str(),
                item["accountId"].text().c_str(), item["scopeId"].text().c_str(), amount_of(item["charges"]).c_str(),
                outcome_text(item["becomes"].text()));
    if (!item["total"].is_null()) std::printf(" of %s with tax", amount_of(item["total"]).c_str());
    std::printf("\n");
    for (const JsonValue& line : item["lines"].items()) print_line(line);
  }
  for (const JsonValue& rebill : view["rebills"].items()) {
    if (rebill["rebilledTotal"].is_null()) {
      std::printf("%s  %s: %s\n", rebill["invoiceId"].text().c_str(), rebill["accountId"].text().c_str(), rebill["refusal"].text().c_str());
      continue;
    }
    std::printf("%s  %s: voided and billed again %s in place of %s, %s\n", rebill["invoiceId"].text().c_str(),
                rebill["accountId"].text().c_str(), amount_of(rebill["rebilledTotal"]).c_str(), amount_of(rebill["total"]).c_str(),
                amount_of(rebill["difference"]).c_str());
  }
  for (const JsonValue& total : view["totals"].items()) {
    std::printf("%s: %lld invoices corrected by %s; rebills %s\n", total["currency"].text().c_str(),
                static_cast<long long>(total["invoices"].integer()), amount_of(total["charges"]).c_str(),
                amount_of(total["rebilled"]).c_str());
  }
}

void print_issued(const JsonValue& answer) {
  for (const JsonValue& event : answer["events"].items()) {
    const JsonValue& data = event["data"];
    if (event["type"].text() == "daybook.CreditNoteIssued") {
      std::printf("%s  credit note over %s, %s\n", data["creditNoteId"].text().c_str(),
                  data["creditForInvoiceId"].text().c_str(), amount_of(data["amount"]).c_str());
    } else if (event["type"].text() == "daybook.InvoiceIssued") {
      std::printf("%s  invoice that corrects %s, %s\n", data["invoiceId"].text().c_str(),
                  data["correctedInvoiceId"].text().c_str(), amount_of(data["totals"]["total"]).c_str());
    }
  }
  const std::int64_t events = answer["eventCount"].integer();
  if (events == 0) {
    std::printf("nothing to issue; the ledger is at position %lld\n", static_cast<long long>(answer["position"].integer()));
  } else {
    std::printf("%lld events; the ledger is at position %lld\n", static_cast<long long>(events),
                static_cast<long long>(answer["position"].integer()));
  }
}

/// The day of the ledger's clock.
Outcome<Date> today_of(Target& target) {
  const Outcome<std::string> answer = target.question("/clock");
  if (!answer) return tl::unexpected(answer.error());
  const Result<JsonValue> clock = JsonValue::parse(*answer);
  const Result<Instant> now = Instant::parse(clock ? (*clock)["now"].text() : std::string());
  if (!now) return fail(ExitCode::Failed, "The ledger does not say what its clock shows.");
  return now->date();
}

Outcome<void> issue(const CorrectOptions& options) {
  const Outcome<ChosenLedger> ledger = choose_ledger(options.ledger, false);
  if (!ledger) return tl::unexpected(ledger.error());
  if (!options.account.empty()) {  // an account that is not there is the same for both: 3, and not a reference that the command refuses
    const Outcome<std::string> account = ledger->target->question("/accounts/" + options.account);
    if (!account) return named(tl::unexpected(account.error()), "account " + options.account);
  }
  const Outcome<Date> today = today_of(*ledger->target);
  if (!today) return tl::unexpected(today.error());
  std::string body;
  codec::JsonWriter json(body);
  json.begin_object().key("through").date(*today).key("corrections").boolean(true);
  if (!options.account.empty()) json.key("accountId").text(options.account);
  json.end_object();
  const Outcome<std::string> answer = ledger->target->command("RunInvoicing", body);
  return answer ? show(*answer, options.json, print_issued) : tl::unexpected(answer.error());
}

}  // namespace

Outcome<void> replay_correct(const CorrectOptions& options) {
  if (options.account.empty() && !options.all) return fail(ExitCode::Usage, "Say whose invoices: --account ID, or --all.");
  if (!options.account.empty() && !AccountId::parse(options.account))
    return fail(ExitCode::Usage, "\"" + options.account + "\" is no id of an account.");
  if (options.issue) return issue(options);
  const std::pair<std::string_view, std::string> query[] = {{"accountId", options.account}, {"rebills", options.rebills ? "true" : ""}};
  if (!options.all)
    return named(ask(options.ledger, with_query("/corrections", query), options.json, print_preview), "account " + options.account);
  const Outcome<ChosenLedger> ledger = choose_ledger(options.ledger, false);
  if (!ledger) return tl::unexpected(ledger.error());
  const Outcome<std::string> answer = ledger->target->long_question(with_query("/corrections", query));
  return answer ? show(*answer, options.json, print_preview) : tl::unexpected(answer.error());
}

}  // namespace daybook::cli
