#include "cli/import/export_row.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "cli/import/cell_values.h"
#include "cli/json_value.h"
#include "ledger/domain/exact.h"
#include "tests/cli/focus_export.h"

namespace daybook::cli {
namespace {

struct Reading {
  std::vector<ExportRow> rows;
  std::vector<RowFault> faults;
};

Reading read(const std::string& text) {
  Reading reading;
  CsvReader reader(text);
  CsvRecord record;
  EXPECT_TRUE(reader.next(record));
  const Result<ExportColumns> columns = ExportColumns::of(ExportFormat::Focus, record);
  if (!columns) {
    ADD_FAILURE() << columns.error().detail;
    return reading;
  }
  while (reader.next(record)) {
    tl::expected<ExportRow, RowFault> row = read_export_row(*columns, record);
    row ? reading.rows.push_back(std::move(*row)) : reading.faults.push_back(std::move(row.error()));
  }
  return reading;
}

JsonValue data_of(const ExportRow& row) { return JsonValue::parse(row.data).value(); }

TEST(ExportValues, ReadsTheDatesThatExportsHave) {
  for (const auto& [text, wanted] : std::map<std::string, std::string>{
           {"2024-09-18 22:00:00", "2024-09-18T22:00:00Z"}, {"2024-09-18", "2024-09-18T00:00:00Z"},
           {"2024-09-18T22:00:00Z", "2024-09-18T22:00:00Z"}, {"2024-09-18T22:00:00+02:00", "2024-09-18T20:00:00Z"},
           {"2024-09-18T22:00", "2024-09-18T22:00:00Z"},     {"09/18/2024", "2024-09-18T00:00:00Z"},
           {"9/8/2024", "2024-09-08T00:00:00Z"},             {"12/31/2024 23:59:59", "2024-12-31T23:59:59Z"}}) {
    const Result<Instant> instant = export_instant(text);
    ASSERT_TRUE(instant) << text;
    EXPECT_EQ(instant->text(), wanted) << text;
  }
  for (const char* text : {"2024-13-01 00:00:00", "2024-02-30", "18/09/2024", "9/8/24", "noon", "2024-09-18x22:00:00", "//"}) {
    EXPECT_FALSE(export_instant(text)) << text;
  }
}

TEST(ExportValues, CutsIdentifiersToTheLedgersAlphabet) {
  EXPECT_EQ(export_identifier("/providers/Microsoft.Billing/billingAccounts/8611537"), "8611537");
  EXPECT_EQ(export_identifier("/subscriptions/64e355d7/"), "64e355d7");
  EXPECT_EQ(export_identifier("a b\xC3\xA9"), "a-b--");
  EXPECT_EQ(export_identifier(std::string(200, 'x'))->size(), 128u);
  EXPECT_EQ(export_identifier("///"), std::nullopt);
}

TEST(ExportValues, TakesTheLiteralNullForNothing) {
  EXPECT_TRUE(is_missing("NULL"));
  EXPECT_TRUE(is_missing(""));
  EXPECT_FALSE(is_missing("null"));
  EXPECT_FALSE(is_missing("0"));
}

TEST(ExportColumns, GoByNameAndRefuseWhatIsNoExport) {
  const auto refusal = [](std::string_view text) {
    CsvReader reader(text);
    CsvRecord record;
    EXPECT_TRUE(reader.next(record));
    const Result<ExportColumns> columns = ExportColumns::of(ExportFormat::Focus, record);
    return columns ? std::string() : columns.error().detail;
  };
  EXPECT_NE(refusal("no,such,columns\n").find("BillingAccountId"), std::string::npos);
  EXPECT_NE(refusal("\"unclosed\n").find("never closed"), std::string::npos);
  EXPECT_NE(refusal("a,A\n").find("twice"), std::string::npos);
  EXPECT_NE(refusal("\xff\xfe\n").find("UTF-8"), std::string::npos);
}

TEST(ExportRow, ReadsEveryRowOfTheRealExport) {
  const Reading reading = read(real_export());
  for (const RowFault& fault : reading.faults) ADD_FAILURE() << fault.line << " " << fault.name << ": " << fault.reason;
  ASSERT_EQ(reading.rows.size(), 1000u);
  Exact sum;
  std::set<std::string> accounts;
  std::set<std::string> subscriptions;
  std::set<std::string> digests;
  for (const ExportRow& row : reading.rows) {
    sum = add(sum, Exact::from(row.cost).value()).value();
    accounts.insert(row.account_id);
    subscriptions.insert(row.subscription_id);
    digests.insert(row.digest);
    EXPECT_EQ(row.currency.text(), "USD");
  }
  EXPECT_EQ(sum.to_string(), "20.52022672899");
  EXPECT_EQ(accounts, (std::set<std::string>{"1234567890123", "20209880", "8611537"}));
  EXPECT_EQ(subscriptions.size(), 73u);
  EXPECT_EQ(digests.size(), 1000u) << "no two rows of the file are equal";
}

TEST(ExportRow, KeepsTheDefectiveZoneAndTheTagsWithBlanks) {
  int zones = 0;
  int blanks = 0;
  for (const ExportRow& row : read(real_export()).rows) {
    const JsonValue data = data_of(row);
    if (row.account_id == "8611537") zones += data["additionalInfo"]["AvailabilityZone"].text().empty() ? 0 : 1;
    for (const auto& [name, value] : data["tags"].members()) blanks += name.starts_with(' ') ? 1 : 0;
  }
  EXPECT_EQ(zones, 51);
  EXPECT_EQ(blanks, 23);
}

TEST(ExportRow, NeverTurnsAnAmountIntoADouble) {
  const Reading reading = read(ExportText()
                                   .row({{"BilledCost", "5.64902E-05"}, {"ConsumedQuantity", "0.002007490000000"}})
                                   .row({{"BilledCost", "0.1234567890123456789012345678"}})
                                   .row({{"BilledCost", "-2.61370000000"}, {"ChargeCategory", "Credit"}, {"ConsumedQuantity", "NULL"}})
                                   .text());
  ASSERT_EQ(reading.rows.size(), 3u);
  EXPECT_EQ(data_of(reading.rows[0])["cost"].text(), "0.0000564902");
  EXPECT_EQ(data_of(reading.rows[0])["quantity"].text(), "0.00200749");
  EXPECT_EQ(data_of(reading.rows[1])["cost"].text(), "0.1234567890123456789012345678");
  EXPECT_EQ(data_of(reading.rows[2])["cost"].text(), "-2.6137");
  EXPECT_EQ(data_of(reading.rows[2])["chargeType"].text(), "Credit");
  EXPECT_EQ(data_of(reading.rows[2])["quantity"].text(), "0");
}

TEST(ExportRow, HoldsInFieldsWhatTheyHoldAndKeepsTheRest) {
  const Reading reading = read(ExportText()
                                   .row({{"SubAccountId", "/subscriptions/64e355d7"},
                                         {"SkuId", "NULL"},
                                         {"Tags", "\"{\"\" env\"\": \"\"prod\"\", \"\"org\"\": \"\"\"\"}\""},
                                         {"AvailabilityZone", "9.28"}})
                                   .row({{"Tags", "\"{\"\"deep\"\": {}}\""}})
                                   .text());
  ASSERT_EQ(reading.rows.size(), 2u);
  const JsonValue data = data_of(reading.rows[0]);
  EXPECT_EQ(data["subscriptionId"].text(), "64e355d7");
  EXPECT_EQ(data["meterId"].text(), "unknown");
  EXPECT_EQ(data["usageDate"].text(), "2024-09-18");
  EXPECT_EQ(data["tags"][" env"].text(), "prod");
  EXPECT_EQ(data["tags"].members().size(), 2u) << "an empty tag is a tag";
  const JsonValue& kept = data["additionalInfo"];
  EXPECT_EQ(kept["SubAccountId"].text(), "/subscriptions/64e355d7") << "what was cut is kept as it was";
  EXPECT_EQ(kept["ChargePeriodStart"].text(), "2024-09-18 22:00:00") << "the hour is in no field";
  EXPECT_EQ(kept["AvailabilityZone"].text(), "9.28");
  EXPECT_TRUE(kept["BilledCost"].is_null()) << "the cost is in its field, exactly";
  EXPECT_EQ(data_of(reading.rows[1])["additionalInfo"]["Tags"].text(), "{\"deep\": {}}") << "no tags, but not lost";
}

TEST(ExportRow, IsTheSameRowWhateverTheOrderOfItsColumns) {
  const std::string one =
      "BillingAccountId,BillingCurrency,BillingPeriodStart,ChargePeriodStart,ChargeCategory,BilledCost,Extra\n"
      "a,USD,2024-09-01,2024-09-02,Usage,1.50,x\n";
  const std::string other =
      "\xEF\xBB\xBF" "Extra,BilledCost,ChargeCategory,ChargePeriodStart,BillingPeriodStart,BillingCurrency,BillingAccountId\r\n"
      "\"x\",\"1.50\",Usage,2024-09-02,2024-09-01,USD,a\r\n";
  const Reading first = read(one);
  const Reading second = read(other);
  ASSERT_EQ(first.rows.size(), 1u);
  ASSERT_EQ(second.rows.size(), 1u);
  EXPECT_EQ(first.rows[0].digest, second.rows[0].digest);
  EXPECT_EQ(first.rows[0].data, second.rows[0].data);
  EXPECT_NE(first.rows[0].digest, read(ExportText().row().text()).rows[0].digest);
}

TEST(ExportRow, BeginsWhereTheChargeDoesWhenThatIsBeforeItsPeriod) {
  const Reading reading = read(ExportText()
                                   .row({{"BillingPeriodStart", "2024-10-01 00:00:00"}, {"ChargePeriodStart", "2024-09-30 22:00:00"}})
                                   .text());
  ASSERT_EQ(reading.rows.size(), 1u);
  EXPECT_EQ(reading.rows[0].first_day.text(), "2024-09-30");
}

TEST(ExportRow, NamesLineColumnValueAndReasonOfWhatIsWrong) {
  struct Case {
    std::string column, value, code;
  };
  for (const Case& wrong : std::vector<Case>{{"BilledCost", "12x", "INVALID_AMOUNT"},
                                             {"BilledCost", "NaN", "INVALID_AMOUNT"},
                                             {"BilledCost", "NULL", "INVALID_FIELD"},
                                             {"ConsumedQuantity", "1.2.3", "INVALID_AMOUNT"},
                                             {"ChargePeriodStart", "2024-13-01 00:00:00", "INVALID_TIME"},
                                             {"BillingPeriodStart", "soon", "INVALID_TIME"},
                                             {"BillingCurrency", "usd", "INVALID_CURRENCY"},
                                             {"ChargeCategory", "Gift", "INVALID_FIELD"},
                                             {"BillingAccountId", "NULL", "INVALID_FIELD"},
                                             {"SkuId", "a\x01", "INVALID_STRING"},
                                             {"SkuId", "a\xff", "INVALID_STRING"}}) {
    const Reading reading = read(ExportText().row().row({{wrong.column, wrong.value}}).row().text());
    EXPECT_EQ(reading.rows.size(), 2u) << wrong.column;
    ASSERT_EQ(reading.faults.size(), 1u) << wrong.column << " " << wrong.value;
    const RowFault& fault = reading.faults[0];
    EXPECT_EQ(fault.name, wrong.column);
    EXPECT_EQ(fault.value, wrong.value);
    EXPECT_EQ(fault.code, wrong.code) << wrong.column;
    EXPECT_EQ(fault.line, 3u);
    EXPECT_GT(fault.column, 0u);
    EXPECT_FALSE(fault.reason.empty());
  }
}

TEST(ExportRow, RefusesARowWithMoreOrFewerCells) {
  const Reading reading = read(ExportText().row().line("a,b,c").line("\"x\"y").row().text());
  EXPECT_EQ(reading.rows.size(), 2u);
  ASSERT_EQ(reading.faults.size(), 2u);
  EXPECT_EQ(reading.faults[0].line, 3u);
  EXPECT_EQ(reading.faults[1].line, 4u);
}

}  // namespace
}  // namespace daybook::cli
