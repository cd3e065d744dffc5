#include <cstdio>

#include "cli/commands/asked.h"
#include "cli/commands/ledger_choice.h"
#include "cli/target.h"
#include "ledger/domain/identifiers.h"

namespace daybook::cli {
namespace {

std::string number_of(const JsonValue& value) { return std::to_string(value.integer()); }

/// `2024-03-05 to before 2024-04-05`.
std::string days_of(const JsonValue& period) {
  return period["start"].text() + " to before " + period["endExclusive"].text();
}

void print_step(const JsonValue& step, const std::string& currency) {
  const std::string& kind = step["kind"].text();
  const std::string& quantity = step["quantity"].text();
  std::string text = kind;
  if (!step["from"].is_null()) text += " from " + step["from"].text();
  if (!quantity.empty()) text += ": " + quantity;
  if (!step["unitPrice"].is_null()) text += " x " + step["unitPrice"].text();
  std::printf("    %s = %s %s\n", text.c_str(), step["value"].text().c_str(), currency.c_str());
}

void print_usage(const JsonValue& row, const std::string& currency) {
  std::string text = "position " + number_of(row["position"]) + "  " + row["usageDate"].text() + "  " +
                     row["quantity"].text() + "  " + row["value"].text() + " " + currency + "  " + row["source"].text() +
                     " " + row["id"].text();
  if (!row["amendedBy"].is_null()) text += "  corrected at position " + number_of(row["amendedBy"]);
  std::printf("      %s\n", text.c_str());
}

void print_line(const JsonValue& line, const std::string& currency) {
  std::printf("line %s  %s  %s  %s\n  %s %s exactly, %s on the invoice", line["lineId"].text().c_str(),
              line["chargeType"].text().c_str(), line["description"].text().c_str(), days_of(line["period"]).c_str(),
              line["value"].text().c_str(), currency.c_str(), amount_of(line["amount"]).c_str());
  const std::string credit = line["credit"]["amount"].text();
  if (credit.find_first_not_of("-0.") != std::string::npos) std::printf(", %s of it covered by credit", credit.c_str());
  std::printf("\n");
  const JsonValue& price = line["price"];
  if (!price.is_null()) {
    const std::string scope = price["scope"].is_null() ? "everybody" : price["scope"].text();
    std::printf("  price of position %s: %s, from %s, for %s, in %s\n", number_of(price["position"]).c_str(),
                price["meterId"].text().c_str(), price["effectiveOn"].text().c_str(), scope.c_str(),
                price["currency"].text().c_str());
  }
  if (const JsonValue& exchange = line["exchange"]; !exchange.is_null()) {
    std::printf("  exchange rate of position %s: %s, from %s\n", number_of(exchange["position"]).c_str(),
                exchange["rate"].text().c_str(), exchange["effectiveOn"].text().c_str());
  }
  if (const JsonValue& discount = line["discount"]; !discount.is_null()) {
    std::printf("  discount of position %s: %s %% off, %s\n", number_of(discount["position"]).c_str(),
                discount["percent"].text().c_str(), discount["discountId"].text().c_str());
  }
  if (const JsonValue& charge = line["chargePosition"]; !charge.is_null())
    std::printf("  charge of position %s\n", number_of(charge).c_str());
  for (const JsonValue& step : line["steps"].items()) print_step(step, currency);
  const std::vector<JsonValue>& usage = line["usage"].items();
  if (!usage.empty()) std::printf("    made of %zu rows:\n", usage.size());
  for (const JsonValue& row : usage) print_usage(row, currency);
}

void print_note(const JsonValue& id, const JsonValue& note) {
  std::printf("credit note %s, %s of invoice %s over %s: %s\n", id.text().c_str(), amount_of(note["amount"]).c_str(),
              note["creditedInvoiceId"].text().c_str(), amount_of(note["invoiceTotal"]).c_str(), note["reason"].text().c_str());
  std::printf("tax %s, in the proportion of the invoice's %s; earlier notes: %s, of it tax %s\n", amount_of(note["tax"]).c_str(),
              amount_of(note["invoiceTax"]).c_str(), amount_of(note["creditedBefore"]).c_str(), amount_of(note["taxBefore"]).c_str());
  for (const JsonValue& correction : note["corrections"].items()) {
    std::printf("usage was corrected: charges lower by %s, of it %s back to credit\n", amount_of(correction["charges"]).c_str(),
                amount_of(correction["credit"]).c_str());
  }
}

void print_explanation(const JsonValue& explained) {
  const std::string& currency = explained["currency"].text();
  const JsonValue& manifest = explained["manifest"];
  if (!explained["note"].is_null()) print_note(explained["invoiceId"], explained["note"]);
  if (explained["note"].is_null())
    std::printf("invoice %s, %s: made at position %s of %s rows\n", explained["invoiceId"].text().c_str(),
              amount_of(explained["totals"]["total"]).c_str(), number_of(manifest["position"]).c_str(),
              number_of(manifest["rowCount"]).c_str());
  if (!explained["derivedFrom"].is_null())
    std::printf("its lines repeat those of %s\n", explained["derivedFrom"].text().c_str());
  if (!manifest["rowsRoot"].is_null()) std::printf("root of the rows %s\n", manifest["rowsRoot"].text().c_str());
  for (const JsonValue& line : explained["lines"].items()) print_line(line, currency);
  for (const JsonValue& rounding : explained["rounding"].items()) {
    std::printf("rounded once, %s %s: %s to %s\n", rounding["point"].text().c_str(), rounding["mode"].text().c_str(),
                rounding["exact"].text().c_str(), amount_of(rounding["rounded"]).c_str());
  }
  const JsonValue& totals = explained["totals"];
  std::printf("billed %s, refunds %s, credit %s, tax %s, total %s\n", amount_of(totals["billed"]).c_str(),
              amount_of(totals["credits"]).c_str(), amount_of(totals["creditApplied"]).c_str(),
              amount_of(totals["tax"]).c_str(), amount_of(totals["total"]).c_str());
}

}  // namespace

Outcome<void> replay_explain(const ExplainOptions& options) {
  if (Outcome<void> checked = check_invoice(options.invoice); !checked) return checked;
  if (!options.line.empty() && !InvoiceId::parse(options.line))
    return fail(ExitCode::Usage, "\"" + options.line + "\" is no number of a line; lines count from 1.");
  if (options.proof && !options.line.empty())
    return fail(ExitCode::Usage, "--proof is of the whole invoice; leave LINE out.");
  if (Outcome<void> checked = check_as_of(options.as_of); !checked) return checked;
  const std::pair<std::string_view, std::string> query[] = {{"line", options.line}, {"asOf", options.as_of}};
  const std::string path = "/invoices/" + options.invoice + (options.proof ? "/proof" : "/explain");
  return named(ask(options.ledger, with_query(path, query), options.json || options.proof, print_explanation), "invoice " + options.invoice);
}

}  // namespace daybook::cli
