#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "ledger/domain/answers/explain_answer.h"
#include "ledger/domain/commands/invoice.h"
#include "ledger/domain/rules/rule_versions.h"
#include "tests/domain/answers_support.h"

/// A program with a new version of the rules takes over a ledger. This program brings rule_versions.cpp's functions itself, so that
/// the linker leaves ours out: version 2 rounds sums and tax down.
namespace daybook {
namespace {

constexpr RuleVersion kRules2{2,
                              {"BilledOfDocument", Rounding::Down, Rounding::Down},
                              {"CreditsOfDocument", Rounding::Down, Rounding::Down},
                              {"TaxOfDocument", Rounding::Down, Rounding::Down}};
bool is_upgraded = false;

}  // namespace

const RuleVersion* rule_version(std::int32_t number) {
  if (number <= 1) return &kRules1;
  return is_upgraded && number == 2 ? &kRules2 : nullptr;
}

const RuleVersion& rules_in_force() { return is_upgraded ? kRules2 : kRules1; }

namespace testing {
namespace {

/// The newest state in place of an earlier one.
class Newest final : public StateReader {
 public:
  explicit Newest(const StateReader& state) : state_(state) {}
  [[nodiscard]] const void* row(StateKind kind, std::string_view key) const override { return state_.row(kind, key); }
  [[nodiscard]] std::vector<std::string> members(Relation relation, std::string_view parent) const override {
    return state_.members(relation, parent);
  }
  [[nodiscard]] Position position() const override { return state_.position(); }

 private:
  const StateReader& state_;
};

class RulesUpgrade : public ::testing::Test {
 protected:
  RulesUpgrade() { is_upgraded = false; }
  ~RulesUpgrade() override { is_upgraded = false; }

  Result<ExplainView> explain(const InvoiceId& id) const {
    const ExplainSources sources{ledger_.state(), [&](Position) { return std::make_unique<Newest>(ledger_.state()); },
                                 ledger_.usage(), ledger_.records()};
    return explain_answer(sources, Viewer::operating(), id, std::nullopt);
  }
  const InvoiceIssued& issued(const InvoiceId& id) const { return ledger_.state().invoice_document(id)->issued; }

  InvoiceId next_invoice(std::string_view date) {
    run(ledger_, date);
    const auto made = ledger_.outcome<InvoiceIssued>();
    EXPECT_EQ(made.size(), 1u);
    return made.at(0).invoice_id;
  }

  InMemoryLedger ledger_ = example();
};

TEST_F(RulesUpgrade, OldInvoicesAreUnchangedAndStillExplainedByTheRulesTheyWereMadeBy) {
  const InvoiceId first = next_invoice("2024-05-02");
  const InvoiceIssued before = issued(first);
  const std::string told = json_of(explain(first));
  EXPECT_EQ(before.manifest.rule_version, 1);
  EXPECT_EQ(before.totals.tax, money("0.77")) << "21 % of 3.66 is 0.7686";

  is_upgraded = true;
  EXPECT_EQ(issued(first), before);
  EXPECT_EQ(json_of(explain(first)), told) << "to the byte";

  ledger_.at("2024-05-05").given({b1s_usage("130.5", "2024-05-04")});
  const InvoiceId second = next_invoice("2024-06-02");
  EXPECT_EQ(issued(second).manifest.rule_version, 2);
  EXPECT_EQ(issued(second).totals.billed, money("3.66"));
  EXPECT_EQ(issued(second).totals.tax, money("0.76"));
  const Result<ExplainView> explained = explain(second);
  ASSERT_TRUE(explained) << explained.error().detail;
  EXPECT_EQ(explained->manifest.rule_version, 2);
  EXPECT_EQ(explained->rounding.back().mode, "Down");
  EXPECT_EQ(explained->rounding.back().exact, "0.7686");
  EXPECT_EQ(issued(first), before);
  EXPECT_EQ(json_of(explain(first)), told);
}

TEST_F(RulesUpgrade, ACreditNoteTaxesAsItsInvoiceDid) {
  const InvoiceId first = next_invoice("2024-05-02");
  is_upgraded = true;
  // All of it: by the new rules 0.76 of tax would be given back, a cent less than was charged.
  ledger_.when(IssueCreditNote{first, money("4.43"), "outage"});
  ASSERT_EQ(ledger_.outcome<CreditNoteIssued>().size(), 1u);
  EXPECT_EQ(ledger_.outcome<CreditNoteIssued>()[0].totals.tax, money("0.77"));
}

TEST_F(RulesUpgrade, WhatANewerProgramMadeIsNotExplainedByGuessing) {
  const InvoiceId first = next_invoice("2024-05-02");
  is_upgraded = true;
  ledger_.at("2024-05-05").given({b1s_usage("130.5", "2024-05-04")});
  const InvoiceId second = next_invoice("2024-06-02");
  is_upgraded = false;  // the old program again
  const Result<ExplainView> refused = explain(second);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "NOT_SUPPORTED");
  EXPECT_EQ(refused.error().detail, "It was made by version 2 of the rules; this program knows up to version 1. Ask a newer one.");
  EXPECT_TRUE(explain(first));
}

}  // namespace
}  // namespace testing
}  // namespace daybook
