#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "ledger/domain/rules/billed_row.h"
#include "ledger/domain/sha256.h"
#include "tests/support/billing_facts.h"
#include "tests/support/correction_facts.h"

/// What a manifest commits to: exactly the rows that were billed (docs/reference/manifest.md).
namespace daybook::testing {
namespace {

std::string bytes_of(std::uint64_t value) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes.push_back(static_cast<char>((value >> (8 * i)) & 0xFF));
  return bytes;
}
std::string hash_of(const std::string& bytes) {
  const auto hash = sha256_of(bytes);
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

/// RFC 9162, 2.1.1, as it is written there.
std::string tree_hash(std::span<const BilledRow> rows) {
  if (rows.empty()) return hash_of("");
  if (rows.size() == 1) {
    return hash_of(std::string(1, '\0') + bytes_of(rows[0].position) +
                   bytes_of(rows[0].corrected_by));
  }
  std::size_t k = 1;
  while (k * 2 < rows.size()) k *= 2;
  return hash_of("\x01" + tree_hash(rows.first(k)) + tree_hash(rows.subspan(k)));
}

std::string text_of(const std::vector<std::byte>& root) {
  return {reinterpret_cast<const char*>(root.data()), root.size()};
}

/// Rows as they were recorded.
std::vector<BilledRow> rows_at(std::initializer_list<Position> positions) {
  std::vector<BilledRow> rows;
  for (const Position position : positions) rows.push_back({position, 0});
  return rows;
}

const Manifest& manifest_of(const InMemoryLedger& ledger, std::size_t n) {
  return ledger.document(*ledger.invoices().at(n)).issued.manifest;
}

TEST(RowsRoot, IsTheTreeOfRfc9162OverTheRowsInOrderOfTheirPositions) {
  std::vector<BilledRow> rows;
  for (std::size_t n = 0; n < 70; ++n) {
    EXPECT_EQ(text_of(rows_root(rows)), tree_hash(rows)) << n << " rows";
    rows.push_back({n * n + 3, n % 3 == 0 ? n * n + 5 : 0});
  }
  std::vector<BilledRow> other = rows;
  std::reverse(other.begin(), other.end());
  EXPECT_EQ(rows_root(other), rows_root(rows));
  other.pop_back();
  EXPECT_NE(rows_root(other), rows_root(rows));
}

TEST(Sha256, OfEveryLengthAroundItsBlocks) {
  // FIPS 180-4's examples, and the longest message of one block and of two.
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256_hex(std::string(55, 'a')),
            "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318");
  EXPECT_EQ(sha256_hex(std::string(64, 'a')),
            "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb");
  EXPECT_EQ(sha256_hex(std::string(119, 'a')),
            "31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb");
}

TEST(Manifest, NamesTheRowsOfTheInvoiceAndNoOthers) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05").given(jeroens_account());
  const Position before = ledger.head();
  ledger.given({cost("sub-01", "10.00", "2024-03-19"),           // + 1
                usage("sub-01", "no-price", "1", "2024-03-19"),  // + 2: nothing is billed of it
                cost("sub-02", "5.00", "2024-03-19"),            // + 3: another invoice
                cost("sub-01", "1.00", "2024-03-07"),            // + 4
                cost("sub-01", "9.00", "2024-04-05")});          // + 5: another period
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  const Manifest& first = manifest_of(ledger, 0);
  EXPECT_EQ(first.row_count, 2);
  EXPECT_EQ(first.rows_root, rows_root(rows_at({before + 1, before + 4})));
  const Manifest& second = manifest_of(ledger, 1);
  EXPECT_EQ(second.row_count, 1);
  EXPECT_EQ(second.rows_root, rows_root(rows_at({before + 3})));
}

TEST(Manifest, NamesWhatCorrectedARow) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05").given(jeroens_account());
  ledger.given({named(cost("sub-01", "10.00", "2024-03-19"), "row")});
  const Position recorded = ledger.head();
  UsageAmended correction = amended("sub-01", "row", "1");
  correction.cost = decimal("12.00");
  ledger.given({correction});
  const Position first = ledger.head();
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  EXPECT_EQ(manifest_of(ledger, 0).rows_root, rows_root({{recorded, first}}));
  // The correction of a row that was billed is a row of the next document.
  correction.cost = decimal("15.00");
  ledger.given({correction});
  const Position second = ledger.head();
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(manifest_of(ledger, 1).row_count, 1);
  EXPECT_EQ(manifest_of(ledger, 1).rows_root, rows_root({{recorded, second}}));
}

TEST(Manifest, LateUnitsThatFindNoPriceAreNotAmongTheRows) {
  // The tiers hold from 10 March on: what came late of the 7th has no price and is not billed.
  InMemoryLedger ledger;
  PriceChanged price = tiers("storage", {{"0", "1.84"}, {"50", "1.77"}});
  price.effective_on = day("2024-03-10");
  ledger.at("2024-03-05").given(jeroens_account()).given({price, usage("sub-01", "storage", "60", "2024-03-19")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  const Position before = ledger.head();
  ledger.given({usage("sub-01", "storage", "10", "2024-03-07"), usage("sub-01", "storage", "10", "2024-03-11")});
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(ledger.lines(*ledger.invoices()[1])[0].row_count, 1);
  EXPECT_EQ(manifest_of(ledger, 1).row_count, 1);
  EXPECT_EQ(manifest_of(ledger, 1).rows_root, rows_root(rows_at({before + 2})));
}

TEST(Manifest, OfADocumentWithoutUsageIsTheRootOfNothing) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05").given(jeroens_account()).given({support_plan("plan-1", "sub-01", "29.00", "2024-03-05")});
  ledger.when(AdvanceClock{midnight("2024-03-06"), true});
  ASSERT_FALSE(ledger.invoices().empty());
  EXPECT_EQ(manifest_of(ledger, 0).row_count, 0);
  EXPECT_EQ(manifest_of(ledger, 0).rows_root, rows_root({}));
}

}  // namespace
}  // namespace daybook::testing
