#include "ledger/codec/csv_writer.h"

#include <array>

#include <gtest/gtest.h>

/// CSV that a spreadsheet opens without running anything.
namespace daybook::codec {
namespace {

std::string csv_of(std::string_view text) {
  std::string out;
  put_csv_text(text, out);
  return out;
}

TEST(Csv, QuotesWhatRfc4180AsksFor) {
  EXPECT_EQ(csv_of("plain text"), "plain text");
  EXPECT_EQ(csv_of("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_of("say \"yes\""), "\"say \"\"yes\"\"\"");
  EXPECT_EQ(csv_of("two\nlines"), "\"two\nlines\"");
  EXPECT_EQ(csv_of(""), "");
}

TEST(Csv, WhatWouldBeAFormulaIsText) {
  EXPECT_EQ(csv_of("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
  EXPECT_EQ(csv_of("@SUM(A1)"), "'@SUM(A1)");
  EXPECT_EQ(csv_of("-2+3"), "'-2+3");
  EXPECT_EQ(csv_of("+1"), "'+1");
  EXPECT_EQ(csv_of("\t=1"), "'\t=1");
  EXPECT_EQ(csv_of("\r=1"), "\"'\r=1\"");
  EXPECT_EQ(csv_of(std::string_view("\0x", 2)), std::string_view("'\0x", 3));
  EXPECT_EQ(csv_of("\uFF1D1"), "'\uFF1D1");
  EXPECT_EQ(csv_of("1-2"), "1-2");
}

TEST(Csv, NumbersAreNeverGuarded) {
  std::string out;
  const std::array<Cell, 7> cells = {Cell(Decimal::parse("-2.50").value()),
                                     Cell(),
                                     Cell(Date::of(2024, 3, 5)),
                                     Cell(DayStart{Date::of(2024, 3, 5), false}),
                                     Cell(DayStart{Date::of(2024, 3, 5), true}),
                                     Cell(true),
                                     Cell(std::string("-2.50"))};
  CsvWriter(out).row(cells);
  EXPECT_EQ(out, "-2.5,,2024-03-05,2024-03-05T00:00Z,2024-03-05T00:00:00Z,True,'-2.50\r\n");
}

TEST(Csv, TablesHaveTitlesAndAnEmptyLineBetweenThem) {
  const auto nothing = [](const FileRow&, const FileSubject&) { return Cell(); };
  const std::array<Column, 2> columns = {Column{"Name", nothing}, Column{"A, B", nothing}};
  std::string out;
  CsvWriter csv(out);
  csv.begin({"Statement", columns, true});
  csv.begin({"Daily Usage", columns, false});
  EXPECT_EQ(out, "Statement\r\nName,\"A, B\"\r\n\r\nDaily Usage\r\nName,\"A, B\"\r\n");
  out.clear();
  CsvWriter(out).begin({{}, columns, false});
  EXPECT_EQ(out, "Name,\"A, B\"\r\n");
}

}  // namespace
}  // namespace daybook::codec
