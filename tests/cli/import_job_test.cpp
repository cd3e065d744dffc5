#include "cli/import/import_job.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "cli/json_value.h"
#include "ledger/codec/cloudevents.h"
#include "tests/cli/focus_export.h"

namespace daybook::cli {
namespace {

/// A ledger that knows nothing but identities: what was posted before with the same body is a duplicate.
class RememberingTarget final : public Target {
 public:
  Outcome<Posted> post(std::span<const std::string> events) override {
    EXPECT_LE(events.size(), 10'000u);
    ++bodies;
    Posted posted;
    for (const std::string& text : events) {
      const JsonValue event = JsonValue::parse(text).value();
      FactOutcome outcome;
      const auto refusal = refusals.find(event["id"].text());
      const auto [at, is_new] =
          refusal == refusals.end() ? known.try_emplace(event["source"].text() + " " + event["id"].text(), text)
                                    : std::pair(known.end(), false);
      if (refusal != refusals.end()) {
        outcome = refusal->second;
      } else if (!is_new) {
        outcome.status = at->second == text ? FactOutcome::Status::Duplicate : FactOutcome::Status::Rejected;
        outcome.code = at->second == text ? "" : "EVENT_ID_REUSED";
      } else {
        order.push_back(event["type"].text());
      }
      posted.facts.push_back(std::move(outcome));
    }
    posted.position = known.size();
    return posted;
  }
  Outcome<std::string> command(std::string_view, const std::string&) override { return std::string(); }
  Outcome<std::string> question(const std::string&) override { return fail(ExitCode::NotFound, "an import asks nothing"); }
  Outcome<std::string> question_with(const std::string&, std::string_view, std::string_view) override {
    return fail(ExitCode::NotFound, "an import asks nothing");
  }
  Outcome<std::uint64_t> read_log(std::span<const EventType> types, const TakeEvent& take) override {
    codec::Intake intake;
    intake.import = true;  // of any time
    codec::CloudEventStream stream;
    for (const auto& [identity, text] : known) {
      stream.open(codec::BodyForm::Single, text, intake);
      const Event event = stream.next()->event.value();
      if (std::find(types.begin(), types.end(), event.data.type()) == types.end()) continue;
      if (Outcome<void> taken = take(event, 1); !taken) return tl::unexpected(taken.error());
    }
    return known.size();
  }

  std::map<std::string, std::string> known;  ///< by source and id
  std::map<std::string, FactOutcome> refusals;
  std::vector<std::string> order;
  int bodies = 0;
};

Outcome<ImportReport> run(const std::string& text, RememberingTarget& target, ImportOptions options = {}) {
  Progress progress("importing", text.size());
  options.file = "export.csv";
  return import_export(text, options, target, progress);
}

TEST(Import, MakesWhatIsMissingFirstAndThenARowEach) {
  RememberingTarget target;
  const Outcome<ImportReport> report = run(ExportText().row().row({{"SubAccountId", "sub-2"}}).text(), target);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(target.order, (std::vector<std::string>{"daybook.BillingAccountOpened", "daybook.BillingProfileCreated",
                                                    "daybook.SubscriptionCreated", "daybook.SubscriptionCreated",
                                                    "daybook.UsageRecorded", "daybook.UsageRecorded"}));
  const JsonValue account = JsonValue::parse(target.known.at("import/acc-1 account:acc-1")).value();
  EXPECT_EQ(account["data"]["createdOn"].text(), "2024-09-01") << "the first billing period's start";
  EXPECT_EQ(account["data"]["type"].text(), "MCA");
  const JsonValue profile = JsonValue::parse(target.known.at("import/acc-1 profile:acc-1")).value();
  EXPECT_EQ(profile["data"]["displayName"].text(), "Contoso");
  const JsonValue subscription = JsonValue::parse(target.known.at("import/acc-1 subscription:sub-1")).value();
  EXPECT_EQ(subscription["data"]["invoiceSectionId"].text(), "acc-1");
  EXPECT_EQ(subscription["data"]["name"].text(), "Web");
}

TEST(Import, OfTheRealExportSumsToItsLastDigit) {
  RememberingTarget target;
  const Outcome<ImportReport> report = run(real_export(), target);
  ASSERT_TRUE(report) << report.error().message;
  const JsonValue json = JsonValue::parse(report->to_json()).value();
  EXPECT_EQ(json["rows"].integer(), 1000);
  EXPECT_EQ(json["accepted"].integer(), 1000);
  EXPECT_EQ(json["rejected"].integer(), 0);
  EXPECT_EQ(json["created"]["accounts"].integer(), 3);
  EXPECT_EQ(json["created"]["profiles"].integer(), 3);
  EXPECT_EQ(json["created"]["subscriptions"].integer(), 73);
  ASSERT_EQ(json["totals"].items().size(), 1u);
  EXPECT_EQ(json["totals"].items()[0]["currency"].text(), "USD");
  EXPECT_EQ(json["totals"].items()[0]["rows"].integer(), 1000);
  EXPECT_EQ(json["totals"].items()[0]["cost"].text(), "20.52022672899");
}

TEST(Import, OfTheSameFileTwiceAddsNothing) {
  RememberingTarget target;
  ASSERT_TRUE(run(real_export(), target));
  const std::size_t known = target.known.size();
  const Outcome<ImportReport> again = run(real_export(), target);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->accepted, 0u);
  EXPECT_EQ(again->duplicates, 1000u);
  EXPECT_EQ(again->created.accounts + again->created.profiles + again->created.subscriptions, 0u);
  EXPECT_EQ(again->totals.at("USD").cost.to_string(), "20.52022672899") << "the file's sum, not what is new of it";
  EXPECT_EQ(target.known.size(), known);
}

TEST(Import, OfALaterFileAddsItsNewRowsAlone) {
  RememberingTarget target;
  ASSERT_TRUE(run(ExportText().row().row({{"BilledCost", "2"}}).text(), target));
  const std::string later = ExportText()
                                .row({{"BilledCost", "2"}})
                                .row({{"BillingPeriodStart", "2024-08-01"}, {"BilledCost", "3"}})
                                .row()
                                .text();
  const Outcome<ImportReport> report = run(later, target);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->accepted, 1u);
  EXPECT_EQ(report->duplicates, 2u);
  EXPECT_EQ(report->created.accounts, 0u) << "an account that is there is used, also where this file would date it earlier";
}

TEST(Import, CountsEqualRowsAsOftenAsTheyStandInTheFile) {
  RememberingTarget target;
  const std::string text = ExportText().row().row({{"BilledCost", "2"}}).row().text();
  EXPECT_EQ(run(text, target)->accepted, 3u);
  EXPECT_EQ(run(text, target)->duplicates, 3u);
  EXPECT_EQ(run(ExportText().row().text(), target)->duplicates, 1u);
  EXPECT_EQ(run(ExportText().row().row().row().text(), target)->accepted, 1u) << "the third of them is new";
}

TEST(Import, KeepsDatasetsApart) {
  RememberingTarget target;
  ImportOptions restated;
  restated.dataset = "restated";
  ASSERT_TRUE(run(ExportText().row().text(), target));
  EXPECT_EQ(run(ExportText().row().text(), target, restated)->accepted, 1u);
  EXPECT_TRUE(target.known.contains("import/restated account:acc-1"));
}

TEST(Import, NamesBrokenRowsAndTakesTheOthers) {
  RememberingTarget target;
  const std::string text =
      ExportText().row().row({{"BilledCost", "x"}}).line("too,few").row({{"BilledCost", "7"}}).text();
  const Outcome<ImportReport> report = run(text, target);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->rows, 4u);
  EXPECT_EQ(report->accepted, 2u);
  ASSERT_EQ(report->rejects.size(), 2u);
  EXPECT_EQ(report->rejects[0].row, 2u);
  EXPECT_EQ(report->rejects[1].row, 3u);
  const std::string line = describe(report->rejects[0], "export.csv");
  EXPECT_TRUE(line.starts_with("export.csv:3:")) << line;
  EXPECT_NE(line.find("BilledCost \"x\""), std::string::npos) << line;
  EXPECT_EQ(report->totals.at("USD").cost.to_string(), "8.25");
}

TEST(Import, WithStrictTakesNothingOfAFileWithABrokenRow) {
  RememberingTarget target;
  ImportOptions strict;
  strict.strict = true;
  const Outcome<ImportReport> report = run(ExportText().row().row({{"BilledCost", "x"}}).text(), target, strict);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->is_refused);
  ASSERT_EQ(report->rejects.size(), 1U);
  EXPECT_EQ(report->rejects.front().name, "BilledCost");
  EXPECT_EQ(report->accepted, 0U);
  EXPECT_TRUE(target.known.empty());
  EXPECT_TRUE(run(ExportText().row().text(), target, strict));
}

TEST(Import, NamesTheCellThatTheLedgerRefuses) {
  RememberingTarget target;
  const std::string text = ExportText().row().row({{"BilledCost", "9"}}).text();
  ASSERT_TRUE(run(text, target));
  std::string id;
  for (const auto& [identity, event] : target.known) {
    if (event.find("\"cost\":\"9\"") != std::string::npos) id = identity.substr(identity.find(' ') + 1);
  }
  target.known.clear();
  target.refusals[id] = {FactOutcome::Status::Rejected, "INVALID_TIME", "/time", "is too late", ""};
  const Outcome<ImportReport> report = run(text, target);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->accepted, 1u);
  ASSERT_EQ(report->rejects.size(), 1u);
  EXPECT_EQ(report->rejects[0].row, 2u);
  EXPECT_EQ(report->rejects[0].name, "ChargePeriodStart");
  EXPECT_EQ(report->rejects[0].value, "2024-09-18 22:00:00");
  EXPECT_EQ(report->rejects[0].line, 3u);
}

TEST(Import, RejectsTheRowsOfAnAccountThatTheLedgerRefuses) {
  RememberingTarget target;
  target.refusals["account:acc-1"] = {FactOutcome::Status::Rejected, "INVALID_FIELD", "/data/country", "no country", ""};
  target.refusals["profile:acc-1"] = {FactOutcome::Status::Rejected, "UNKNOWN_REFERENCE", "/data/accountId", "", ""};
  const Outcome<ImportReport> report = run(ExportText().row().row({{"BillingAccountId", "acc-2"}}).text(), target);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->accepted, 1u);
  ASSERT_EQ(report->rejects.size(), 1u);
  EXPECT_EQ(report->rejects[0].row, 1u);
  EXPECT_EQ(report->rejects[0].code, "INVALID_FIELD");
  EXPECT_NE(report->rejects[0].reason.find("account acc-1"), std::string::npos);
}

TEST(Import, RefusesWhatIsNoExport) {
  for (const std::string text : {"", "\n\n", "no,such,columns\n1,2,3\n", "\"unclosed\n", "\xff\xfe\x00"}) {
    RememberingTarget target;
    const Outcome<ImportReport> report = run(text, target);
    ASSERT_FALSE(report) << text;
    EXPECT_EQ(report.error().exit_code, ExitCode::Conflict);
    EXPECT_TRUE(report.error().message.starts_with("export.csv: ")) << report.error().message;
    EXPECT_EQ(target.bodies, 0);
  }
}

TEST(Import, SendsBodiesThatServersTake) {
  RememberingTarget target;
  ExportText text;
  for (int row = 0; row < 4'500; ++row) text.row({{"BilledCost", std::to_string(row)}});
  const Outcome<ImportReport> report = run(text.text(), target);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->accepted, 4'500u);
  EXPECT_EQ(target.bodies, 4) << "one of what was missing, three of rows";
}

ImportOptions september() {
  ImportOptions options;
  options.replace = Period::of(Date::of(2024, 9, 1), Date::of(2024, 10, 1)).value();
  return options;
}

/// How many rows of September count: recorded and not void.
std::int64_t living(const RememberingTarget& target) {
  std::int64_t count = 0;
  for (const auto& [identity, text] : target.known) {
    if (text.find("daybook.UsageRecorded") != std::string::npos && text.find("2024-09") != std::string::npos) ++count;
    if (text.find("daybook.UsageVoided") != std::string::npos) --count;
  }
  return count;
}

ImportReport::Replaced replaced(const std::string& text, RememberingTarget& target) {
  const Outcome<ImportReport> report = run(text, target, september());
  EXPECT_TRUE(report) << report.error().message;
  return report ? *report->replaced : ImportReport::Replaced();
}

TEST(ImportReplace, TakesBackWhatTheFileNoLongerHas) {
  RememberingTarget target;
  ASSERT_TRUE(run(ExportText().row().row({{"BilledCost", "2"}}).row({{"BilledCost", "3"}}).text(), target));
  const std::string restated = ExportText().row().row({{"BilledCost", "2.50"}}).text();
  ImportReport::Replaced report = replaced(restated, target);
  EXPECT_EQ(report.month, "2024-09");
  EXPECT_EQ(report.kept, 1u);
  EXPECT_EQ(report.added, 1u);
  EXPECT_EQ(report.voided, 2u);
  EXPECT_EQ(living(target), 2);
  // Once more, either way: nothing.
  const std::size_t known = target.known.size();
  report = replaced(restated, target);
  EXPECT_EQ(report.kept, 2u);
  EXPECT_EQ(report.added + report.voided, 0u);
  ASSERT_TRUE(run(restated, target));
  EXPECT_EQ(target.known.size(), known);
}

TEST(ImportReplace, ARowThatComesBackCountsAgain) {
  RememberingTarget target;
  const std::string two = ExportText().row().row({{"BilledCost", "2"}}).text();
  const std::string one = ExportText().row().text();
  ASSERT_TRUE(run(two, target));
  static_cast<void>(replaced(one, target));
  EXPECT_EQ(living(target), 1);
  const ImportReport::Replaced report = replaced(two, target);
  EXPECT_EQ(report.added, 1u);
  EXPECT_EQ(living(target), 2);
  EXPECT_EQ(replaced(two, target).kept, 2u);
}

TEST(ImportReplace, OfEqualRowsAsManyCountAsTheFileHas) {
  RememberingTarget target;
  ASSERT_TRUE(run(ExportText().row().row().row().text(), target));
  EXPECT_EQ(replaced(ExportText().row().text(), target).voided, 2u);
  EXPECT_EQ(living(target), 1);
  EXPECT_EQ(replaced(ExportText().row().row().text(), target).added, 1u);
  EXPECT_EQ(living(target), 2);
}

TEST(ImportReplace, LeavesOtherMonthsAndDatasetsAlone) {
  RememberingTarget target;
  ASSERT_TRUE(run(ExportText().row().row({{"ChargePeriodStart", "2024-08-31 22:00:00"}}).text(), target));
  ASSERT_TRUE(run(ExportText().row({{"BillingAccountId", "acc-2"}, {"SubAccountId", "sub-2"}}).text(), target));
  const ImportReport::Replaced report = replaced(ExportText().row({{"BilledCost", "7"}}).text(), target);
  EXPECT_EQ(report.voided, 1u) << "the September row of acc-1 alone";
  EXPECT_EQ(living(target), 3) << "its successor, acc-2's, and August's, which has September's billing period";
}

TEST(ImportReplace, RefusesAFileWithoutTheMonth) {
  RememberingTarget target;
  ASSERT_TRUE(run(ExportText().row().text(), target));
  const std::size_t known = target.known.size();
  const Outcome<ImportReport> report =
      run(ExportText().row({{"ChargePeriodStart", "2024-10-01 00:00:00"}}).text(), target, september());
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().message,
            "export.csv: It has no row of 2024-09, so --replace 2024-09 would take all of that month back.");
  EXPECT_EQ(target.known.size(), known);
}

TEST(ImportReplace, RefusesABrokenRow) {
  RememberingTarget target;
  ASSERT_TRUE(run(ExportText().row().text(), target));
  const std::size_t known = target.known.size();
  const Outcome<ImportReport> report = run(ExportText().row().row({{"BilledCost", "x"}}).text(), target, september());
  ASSERT_FALSE(report);
  EXPECT_NE(report.error().message.find("a broken row would count as gone from 2024-09"), std::string::npos);
  EXPECT_EQ(target.known.size(), known);
}

TEST(ImportReplace, TakesNothingBackWhereTheLedgerRefusesARow) {
  RememberingTarget target;
  ASSERT_TRUE(run(ExportText().row().text(), target));
  RememberingTarget other;
  ASSERT_TRUE(run(ExportText().row({{"BilledCost", "5"}}).text(), other));
  for (const auto& [identity, text] : other.known) {
    if (text.find("UsageRecorded") != std::string::npos)
      target.refusals[identity.substr(identity.find(' ') + 1)] = {FactOutcome::Status::Rejected, "INVALID_TIME", "/time", "no", ""};
  }
  const Outcome<ImportReport> report = run(ExportText().row({{"BilledCost", "5"}}).text(), target, september());
  ASSERT_TRUE(report);
  EXPECT_EQ(report->rejects.size(), 1u);
  EXPECT_EQ(living(target), 1);
}

TEST(ImportReplace, ADryRunSaysWhatWouldBe) {
  RememberingTarget target;
  ASSERT_TRUE(run(ExportText().row().text(), target));
  const std::size_t known = target.known.size();
  ImportOptions options = september();
  options.dry_run = true;
  const Outcome<ImportReport> report = run(ExportText().row({{"BilledCost", "5"}}).text(), target, options);
  ASSERT_TRUE(report);
  EXPECT_NE(report->to_text().find("2024-09 would be replaced: 0 kept, 1 added, 1 void\n"), std::string::npos);
  EXPECT_EQ(target.known.size(), known);
}

}  // namespace
}  // namespace daybook::cli
