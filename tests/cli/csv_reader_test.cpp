#include "cli/import/csv_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace daybook::cli {
namespace {

using Rows = std::vector<std::vector<std::string>>;

/// The whole rows of `text`; a broken one as {"!", where, why it is broken}.
Rows rows_of(std::string_view text) {
  Rows rows;
  CsvReader reader(text);
  CsvRecord record;
  while (reader.next(record)) {
    std::vector<std::string>& row = rows.emplace_back();
    if (record.broken) {
      row = {"!", std::to_string(record.fault_line) + ":" + std::to_string(record.fault_column), record.reason};
      continue;
    }
    for (const CsvCell& cell : record.cells) row.push_back(cell.text);
  }
  return rows;
}

TEST(CsvReader, TakesCellsApartAtCommasAndRowsAtLineBreaks) {
  EXPECT_EQ(rows_of("a,b\r\n1,2\n"), (Rows{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(rows_of("a,b\n1,2"), (Rows{{"a", "b"}, {"1", "2"}})) << "the last line needs no break";
  EXPECT_EQ(rows_of(",\n"), (Rows{{"", ""}}));
  EXPECT_EQ(rows_of(""), Rows{});
}

TEST(CsvReader, PassesEmptyLinesOver) { EXPECT_EQ(rows_of("\n\na\r\n\n\nb\n\n"), (Rows{{"a"}, {"b"}})); }

TEST(CsvReader, KeepsEverythingBetweenQuotes) {
  EXPECT_EQ(rows_of("\"a,b\",\"line\r\nbreak\",\"say \"\"hi\"\"\",\"\"\n"), (Rows{{"a,b", "line\r\nbreak", "say \"hi\"", ""}}));
  EXPECT_EQ(rows_of(" a ,b "), (Rows{{" a ", "b "}})) << "blanks are part of a cell";
}

TEST(CsvReader, PassesAByteOrderMarkOver) { EXPECT_EQ(rows_of("\xEF\xBB\xBF" "a\n"), (Rows{{"a"}})); }

TEST(CsvReader, SaysWhereCellsBegin) {
  CsvReader reader("a,bc\n\"x\ny\",z\nlast\n");
  CsvRecord record;
  ASSERT_TRUE(reader.next(record));
  EXPECT_EQ(record.cells[1].line, 1u);
  EXPECT_EQ(record.cells[1].column, 3u);
  ASSERT_TRUE(reader.next(record));
  EXPECT_EQ(record.line, 2u);
  EXPECT_EQ(record.cells[1].line, 3u) << "a break inside quotes counts as a line";
  EXPECT_EQ(record.cells[1].column, 4u);
  ASSERT_TRUE(reader.next(record));
  EXPECT_EQ(record.line, 4u);
  EXPECT_FALSE(reader.next(record));
}

TEST(CsvReader, BreaksARowOffAndGoesOnWithTheNextLine) {
  const auto broken = [](std::string_view middle) { return rows_of("a,b\n" + std::string(middle) + "\nc,d\n"); };
  for (const auto& [text, where] : std::vector<std::pair<std::string, std::string>>{
           {"x\"y,1", "2:2"}, {"\"x\"y,1", "2:4"}, {"1,\"x\" ", "2:6"}, {"1\r2,3", "2:2"}}) {
    const Rows rows = broken(text);
    ASSERT_EQ(rows.size(), 3u) << text;
    EXPECT_EQ(rows[1][0], "!") << text;
    EXPECT_EQ(rows[1][1], where) << text;
    EXPECT_EQ(rows[2], (std::vector<std::string>{"c", "d"})) << text;
  }
}

TEST(CsvReader, NamesTheQuoteThatIsNeverClosed) {
  const Rows rows = rows_of("a,b\n1,\"never\nc,d\n");
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[1][1], "2:3");
  EXPECT_EQ(rows[2], (std::vector<std::string>{"c", "d"}));
}

TEST(CsvReader, EndsOnAnyText) {
  const std::string alphabet = "a,\"\n\r";
  std::string text(6, 'a');
  for (int number = 0; number < 15'625; ++number) {
    int rest = number;
    for (char& c : text) {
      c = alphabet[static_cast<std::size_t>(rest % 5)];
      rest /= 5;
    }
    CsvReader reader(text);
    CsvRecord record;
    int records = 0;
    while (reader.next(record)) ASSERT_LT(++records, 10) << testing::PrintToString(text);
  }
}

}  // namespace
}  // namespace daybook::cli
