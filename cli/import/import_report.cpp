#include "cli/import/import_report.h"

#include "ledger/codec/json_writer.h"
#include "replay/json_place.h"

namespace daybook::cli {
namespace {

std::string counted(std::uint64_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

/// Whether a member of an event is named; else it is a column, or nothing.
bool is_member(const RowFault& fault) { return fault.name.starts_with('/'); }

/// JSON has no value without a character.
bool is_missing(const RowFault& fault) { return is_member(fault) && fault.value.empty(); }

std::string told(const ImportReport::Replaced& replaced, bool is_done) {
  return replaced.month + (is_done ? " replaced: " : " would be replaced: ") + std::to_string(replaced.kept) + " kept, " +
         std::to_string(replaced.added) + " added, " + std::to_string(replaced.voided) + " void\n";
}

}  // namespace

std::string ImportReport::to_json() const {
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object().key("format").text(format).key("rows").number(rows).key("accepted").number(accepted);
  json.key("duplicates").number(duplicates).key("rejected").number(rejects.size()).key("rejects").begin_array();
  for (const RowFault& fault : rejects) {
    json.begin_object().key("row").number(fault.row).key("code").text(fault.code).key("line").number(fault.line);
    json.key("column");
    fault.name.empty() ? json.null() : json.text(fault.name);
    json.key("value");
    fault.name.empty() || is_missing(fault) ? json.null() : json.text(fault.value);
    json.key("detail").text(fault.reason).end_object();
  }
  json.end_array().key("created").begin_object().key("accounts").number(created.accounts);
  json.key("profiles").number(created.profiles).key("enrollments").number(created.enrollments);
  json.key("subscriptions").number(created.subscriptions).end_object().key("totals").begin_array();
  for (const auto& [currency, total] : totals) {
    json.begin_object().key("currency").text(currency).key("rows").number(total.rows);
    json.key("cost").text(total.cost.to_string()).end_object();
  }
  json.end_array().key("unmatched").begin_object();
  for (const auto& [reason, count] : unmatched) json.key(reason).number(count);
  json.end_object().key("position").number(position);
  if (replaced) {
    json.key("replaced").begin_object().key("month").text(replaced->month).key("kept").number(replaced->kept);
    json.key("added").number(replaced->added).key("voided").number(replaced->voided).end_object();
  }
  if (dry_run) json.key("dryRun").boolean(true);
  json.end_object();
  return text;
}

std::string ImportReport::to_text() const {
  const std::string what = format == "cloudevents" ? "event" : "row";
  if (dry_run) {
    std::string text = counted(rows, what) + " read, " + std::to_string(rejects.size()) + " of them broken\n";
    for (const auto& [currency, total] : totals) {
      text += "cost of " + counted(total.rows, what) + ": " + total.cost.to_string() + " " + currency + "\n";
    }
    if (replaced) text += told(*replaced, false);
    return text + "nothing was recorded (--dry-run)\n";
  }
  std::string text = counted(rows, what) + " read: " + std::to_string(accepted) + " accepted, " +
                     std::to_string(duplicates) + " recorded before, " + std::to_string(rejects.size()) + " rejected\n";
  if (format != "cloudevents") {
    text += "made: " + counted(created.accounts, "account") + ", ";
    text += created.enrollments != 0 ? counted(created.enrollments, "enrollment") : counted(created.profiles, "profile");
    text += ", " + counted(created.subscriptions, "subscription") + "\n";
  }
  for (const auto& [currency, total] : totals) {
    text += "cost of " + counted(total.rows, what) + ": " + total.cost.to_string() + " " + currency + "\n";
  }
  for (const auto& [reason, count] : unmatched) {
    text += counted(count, what) + " kept but not billed yet: " + reason + "\n";
  }
  if (replaced) text += told(*replaced, rejects.empty());
  if (position > 0) text += "the ledger is at position " + std::to_string(position) + "\n";
  return text;
}

std::string describe(const RowFault& fault, const std::string& file) {
  std::string text = file + ":" + std::to_string(fault.line);
  if (fault.column != 0) text += ":" + std::to_string(fault.column);
  text += ": ";
  if (is_member(fault)) {
    text += fault.name + (is_missing(fault) ? "" : " " + fault.value);
    text += replay::lacks_a_subject(fault.reason) ? " " : ": ";
  } else if (!fault.name.empty()) {
    text += fault.name + " \"" + fault.value + "\": ";
  }
  return text + fault.reason + " (" + fault.code + ")";
}

}  // namespace daybook::cli
