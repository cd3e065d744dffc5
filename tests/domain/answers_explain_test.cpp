#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "ledger/domain/answers/explain_answer.h"
#include "ledger/domain/commands/invoice.h"
#include "ledger/domain/facts/discount.h"
#include "tests/domain/answers_support.h"

/// How an invoice came about, told by the computation that made it. Over whole ledgers, with what came late and was corrected:
/// tests/end_to_end/explain_test.py.
namespace daybook::testing {
namespace {

/// The newest state in place of an earlier one: enough where nothing has come since.
class Newest final : public StateReader {
 public:
  explicit Newest(const StateReader& state) : state_(state) {}
  [[nodiscard]] const void* row(StateKind kind, std::string_view key) const override {
    return state_.row(kind, key);
  }
  [[nodiscard]] std::vector<std::string> members(Relation relation,
                                                 std::string_view parent) const override {
    return state_.members(relation, parent);
  }
  [[nodiscard]] Position position() const override { return state_.position(); }

 private:
  const StateReader& state_;
};

/// Usage of which one row is gone.
class WithoutARow final : public UsageSource {
 public:
  WithoutARow(const UsageSource& usage, Position gone) : usage_(usage), gone_(gone) {}
  Result<void> rows(const SubscriptionId& subscription, Date from, Date to, Position upto,
                    const RowVisitor& visit) const override {
    return usage_.rows(subscription, from, to, upto, [&](const UsageRow& row) {
      if (row.position != gone_) visit(row);
    });
  }
  Result<void> late_rows(const SubscriptionId& subscription, Date before, Position after,
                         Position upto, const RowVisitor& visit) const override {
    return usage_.late_rows(subscription, before, after, upto, visit);
  }
  Result<void> unmatched_rows(const SubscriptionId& subscription, Date before, Position upto,
                              const RowVisitor& visit) const override {
    return usage_.unmatched_rows(subscription, before, upto, visit);
  }
  Result<void> corrections(const SubscriptionId& subscription, Date before, Position after,
                           Position upto, std::span<const Position> deferred,
                           const CorrectionVisitor& visit) const override {
    return usage_.corrections(subscription, before, after, upto, deferred, visit);
  }
  Result<void> cells(const SubscriptionId& subscription, Date from, Date to, Position upto,
                     const CellVisitor& visit) const override {
    return usage_.cells(subscription, from, to, upto, visit);
  }

 private:
  const UsageSource& usage_;
  Position gone_;
};

Result<ExplainView> explain(const InMemoryLedger& ledger, const UsageSource& usage,
                            const InvoiceId& id, const Viewer& viewer = Viewer::operating(),
                            const std::optional<std::string>& line = std::nullopt) {
  const ExplainSources sources{ledger.state(),
                               [&](Position) { return std::make_unique<Newest>(ledger.state()); },
                               usage, ledger.records()};
  return explain_answer(sources, viewer, id, line);
}
Result<ExplainView> explain(const InMemoryLedger& ledger, const InvoiceId& id,
                            const Viewer& viewer = Viewer::operating(),
                            const std::optional<std::string>& line = std::nullopt) {
  return explain(ledger, ledger.usage(), id, viewer, line);
}

/// `Tier 0 30.5 0.12 3.66`, one a step.
std::vector<std::string> steps_of(const ExplainedLineView& line) {
  const auto text = [](const std::optional<Decimal>& value) {
    return value ? " " + value->to_string() : " -";
  };
  std::vector<std::string> steps;
  for (const ExplainedStepView& step : line.steps) {
    steps.push_back(std::string(wire_name(step.kind)) + text(step.from) + text(step.quantity) +
                    text(step.unit_price) + text(step.value));
  }
  return steps;
}

std::vector<std::string> values_of(const ExplainedLineView& line) {
  std::vector<std::string> values;
  for (const ExplainedUsageView& row : line.usage) values.push_back(row.value.to_string());
  return values;
}

const InvoiceId& only_invoice(const InMemoryLedger& ledger) {
  return ledger.invoices().at(0)->invoice_id;
}

TEST(Explain, SC_39_TheIncludedQuantityAndWhatIsBeyondIt) {
  InMemoryLedger ledger = example();
  run(ledger, "2024-05-02");
  const Result<ExplainView> view = explain(ledger, only_invoice(ledger));
  ASSERT_TRUE(view) << view.error().detail;
  ASSERT_EQ(view->lines.size(), 1u);
  const ExplainedLineView& line = view->lines[0];
  EXPECT_EQ(steps_of(line), (std::vector<std::string>{"Included - 100 - 0", "Tier 0 30.5 0.12 3.66"}));
  EXPECT_EQ(values_of(line), (std::vector<std::string>{"0", "0", "0", "0", "2.4", "1.26"}));
  EXPECT_EQ(line.price->meter_id, MeterId("vm-b1s"));
  EXPECT_EQ(line.usage[0].source, "//test");
  EXPECT_EQ(view->manifest.row_count, 6);
  ASSERT_EQ(view->rounding.size(), 2u);
  EXPECT_EQ(view->rounding[0].exact, "3.66");
  EXPECT_EQ(view->rounding[1].exact, "0.7686");
  EXPECT_EQ(view->rounding[1].rounded, money("0.77"));
}

TEST(Explain, PartsOfManyPlacesMakeTheWhole) {
  // A third of a cent and its like: each value has 40 places, what is shown 28, and they still sum.
  InMemoryLedger ledger;
  ledger.at("2024-03-05").given(jeroens_account());
  ledger.given({price("gb", "0.0000000000033333333333"),
                usage("sub-01", "gb", "333333333.3333333333", "2024-03-07"),
                usage("sub-01", "gb", "666666666.6666666666777", "2024-03-08"),
                usage("sub-01", "gb", "123456789.1234567891234", "2024-03-09"),
                cost("sub-01", "1.00", "2024-03-10")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  const Result<ExplainView> view = explain(ledger, only_invoice(ledger));
  ASSERT_TRUE(view) << view.error().detail;
  const ExplainedLineView& line = view->lines[0];
  Exact sum;
  for (const ExplainedUsageView& row : line.usage)
    sum = add(sum, Exact::from(row.value).value()).value();
  EXPECT_EQ(line.usage.size(), 3u);
  EXPECT_EQ(sum, Exact::from(line.value).value());
}

TEST(Explain, ADiscountIsTakenOffTheRowsThatItLowers) {
  InMemoryLedger ledger;
  DiscountGranted discount;
  discount.discount_id = DiscountId("d-1");
  discount.percent = decimal("10");
  discount.start_on = day("2024-03-08");
  ledger.at("2024-03-05").given(jeroens_account()).given({price("gb", "2.00"), discount});
  ledger.given({usage("sub-01", "gb", "5", "2024-03-07"), usage("sub-01", "gb", "3", "2024-03-08"),
                usage("sub-01", "gb", "4", "2024-03-09")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  const Result<ExplainView> view = explain(ledger, only_invoice(ledger));
  ASSERT_TRUE(view) << view.error().detail;
  ASSERT_EQ(view->lines.size(), 2u);
  EXPECT_EQ(values_of(view->lines[0]), (std::vector<std::string>{"10", "6", "8"}));
  EXPECT_EQ(steps_of(view->lines[1]), std::vector<std::string>{"Discount - - - -1.4"});
  EXPECT_EQ(values_of(view->lines[1]), (std::vector<std::string>{"-0.6", "-0.8"}));
  EXPECT_EQ(view->lines[1].discount->percent, decimal("10"));
  EXPECT_EQ(view->manifest.row_count, 3);
}

TEST(Explain, AChargeNamesTheEventItComesFrom) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05").given(jeroens_account());
  const Position posted = ledger.head() + 1;
  ledger.given({support_plan("plan-1", "sub-01", "29.00", "2024-03-05")});
  ledger.when(AdvanceClock{midnight("2024-03-06"), true});
  const Result<ExplainView> view = explain(ledger, only_invoice(ledger));
  ASSERT_TRUE(view) << view.error().detail;
  EXPECT_EQ(steps_of(view->lines[0]), std::vector<std::string>{"Charge - 1 29 29"});
  EXPECT_EQ(view->lines[0].charge_position, posted);
  EXPECT_TRUE(view->lines[0].usage.empty());
}

TEST(Explain, WhatDoesNotLeadToTheInvoiceIsNotTold) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05").given(jeroens_account()).given({price("gb", "2.00")});
  ledger.given({usage("sub-01", "gb", "5", "2024-03-07"), usage("sub-01", "gb", "0", "2024-03-08")});
  const Position nothing = ledger.head();
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  const InvoiceId& id = only_invoice(ledger);
  EXPECT_EQ(code_of(explain(ledger, id)), "");
  EXPECT_EQ(code_of(explain(ledger, WithoutARow(ledger.usage(), nothing - 1), id)), "CORRUPTION");
  // A row that is worth nothing changes no line, and is missed all the same: the root names it.
  EXPECT_EQ(code_of(explain(ledger, WithoutARow(ledger.usage(), nothing), id)), "CORRUPTION");
}

TEST(Explain, IsForWhoSeesTheInvoice) {
  InMemoryLedger ledger = example();
  run(ledger, "2024-05-02");
  const InvoiceId id = only_invoice(ledger);
  EXPECT_EQ(code_of(explain(ledger, id, as("jeroen"))), "");
  EXPECT_EQ(code_of(explain(ledger, id, as("mallory"))), "NOT_FOUND");
  EXPECT_EQ(code_of(explain(ledger, InvoiceId("E0000000000"))), "NOT_FOUND");
  EXPECT_EQ(code_of(explain(ledger, id, Viewer::operating(), "1")), "");
  EXPECT_EQ(code_of(explain(ledger, id, Viewer::operating(), "2")), "NOT_FOUND");
  ledger.when(IssueCreditNote{id, money("1.00"), "outage"});
  ASSERT_FALSE(ledger.outcome<CreditNoteIssued>().empty());
  const InvoiceId note(ledger.outcome<CreditNoteIssued>()[0].credit_note_id.text());
  EXPECT_EQ(code_of(explain(ledger, note)), "");
  EXPECT_EQ(code_of(explain(ledger, note, as("jeroen"))), "");
  EXPECT_EQ(code_of(explain(ledger, note, as("mallory"))), "NOT_FOUND");
}

TEST(Explain, NotesShareTheTaxOfTheirInvoiceOneAfterAnother) {
  InMemoryLedger ledger = example();
  run(ledger, "2024-05-02");
  const InvoiceId id = only_invoice(ledger);  // 3.66 and 0.77 of tax
  std::int64_t tax = 0;
  std::int64_t amount = 0;
  for (const char* part : {"1.00", "2.50", "0.93"}) {
    ledger.when(IssueCreditNote{id, money(part), "outage"});
    ASSERT_FALSE(ledger.outcome<CreditNoteIssued>().empty());
    const auto view = explain(ledger, InvoiceId(ledger.outcome<CreditNoteIssued>()[0].credit_note_id.text()));
    ASSERT_TRUE(view) << view.error().detail;
    ASSERT_TRUE(view->note.has_value());
    EXPECT_EQ(view->note->credited_before.minor_units, amount);
    EXPECT_EQ(view->note->tax_before.minor_units, tax);
    EXPECT_EQ(view->note->invoice_total, money("4.43"));
    EXPECT_EQ(view->note->amount, money(part));
    EXPECT_TRUE(view->lines.empty());
    amount += view->note->amount.minor_units;
    tax += view->note->tax.minor_units;
  }
  EXPECT_EQ(amount, 443);
  EXPECT_EQ(tax, 77);
}

/// TC-9: the run of 30 April bills two periods; what had no room on the first stands on the second.
TEST(Explain, WhatAnEarlierDocumentOfTheRunLeftOver) {
  const auto until = [](std::string_view day_before) {
    InMemoryLedger ledger;
    ledger.at("2023-01-31")
        .given({account("acc-1", AccountType::MOSP, "2023-01-30"), subscription("sub-01", "acc-1", "2023-01-31")})
        .given({cost("sub-01", "3.00", "2023-03-04"), cost("sub-01", "-5.00", "2023-03-05", ChargeType::Refund),
                cost("sub-01", "12.00", "2023-04-05")});
    run(ledger, day_before);
    return ledger;
  };
  const InMemoryLedger before = until("2023-04-29");
  InMemoryLedger ledger = until("2023-04-29");
  run(ledger, "2023-04-30");
  ASSERT_EQ(ledger.invoices().size(), 2u);
  const ExplainSources sources{ledger.state(),
                               [&](Position) { return std::make_unique<Newest>(before.state()); },
                               ledger.usage(), ledger.records()};
  for (const Invoice* invoice : ledger.invoices()) {
    const Result<ExplainView> view =
        explain_answer(sources, Viewer::operating(), invoice->invoice_id, std::nullopt);
    ASSERT_TRUE(view) << view.error().detail;
    EXPECT_EQ(view->lines.size(), invoice == ledger.invoices()[0] ? 1u : 2u);
  }
}

}  // namespace
}  // namespace daybook::testing
