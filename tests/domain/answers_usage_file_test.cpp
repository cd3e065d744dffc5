#include "ledger/domain/commands/administration.h"
#include "tests/domain/file_support.h"

/// Usage files of invoices: their columns, rows and sums (domain.md 4.7).
namespace daybook::testing {
namespace {


std::string sum_of_amounts(const InMemoryLedger& ledger, const Invoice& invoice) {
  const InvoiceTotals& totals = ledger.document(invoice).issued.totals;
  return Exact::from_minor(totals.billed.minor_units - totals.credits.minor_units, 2).to_string();
}

/// A profile with two subscriptions in sections A and B.
InMemoryLedger profile_ledger() {
  InMemoryLedger ledger;
  ledger.at("2024-03-01").given({account("mca", AccountType::MCA, "2024-03-01"), profile("P1", "mca"),
                                 section("A", "P1"), section("B", "P1"),
                                 in_section(subscription("sub-01", "mca", "2024-03-05"), "A"),
                                 in_section(subscription("sub-02", "mca", "2024-03-10"), "B"),
                                 vat()});
  return ledger;
}

TEST(UsageFile, SC_93_CostsSumToTheInvoiceAndNothingIsTax) {
  InMemoryLedger ledger = example();
  run(ledger, "2024-05-02");
  const Invoice& invoice = *ledger.invoices().front();
  for (const ExportKind kind : {ExportKind::Payg, ExportKind::Focus1_0, ExportKind::Focus1_2}) {
    const ReadFile file = file_of(ledger, invoice, kind);
    const std::string cost = kind == ExportKind::Payg ? "PreTaxCost" : "BilledCost";
    EXPECT_EQ(file.sum(cost), "3.66");
    EXPECT_EQ(file.tables.front().rows.size(), 6U);
    EXPECT_EQ(file.summary.sum, money("3.66"));
  }
  const ReadFile payg = file_of(ledger, invoice, ExportKind::Payg);
  EXPECT_EQ(payg.column("UsageDateTime"),
            "2024-03-07 2024-03-08 2024-03-09 2024-03-10 2024-03-11 2024-04-04 ");
  EXPECT_EQ(payg.column("PreTaxCost"), "0 0 0 0 2.4 1.26 ");
  EXPECT_EQ(payg.column("UsageQuantity"), "24 24 24 24 24 10.5 ");
  EXPECT_EQ(payg.column("ResourceRate"), "0 0 0 0 0.1 0.12 ");
}

TEST(UsageFile, SC_92_TheSecondVersionIsOfferedFirst) {
  EXPECT_EQ(usage_kinds(AccountType::MOSP).front(), ExportKind::UsageV2);
  InMemoryLedger ledger = example();
  run(ledger, "2024-05-02");
  const Invoice& invoice = *ledger.invoices().front();
  const ReadFile file = file_of(ledger, invoice);
  ASSERT_EQ(file.tables.size(), 2U);
  EXPECT_EQ(file.tables[0].title, "Statement");
  EXPECT_EQ(file.tables[0].columns.size(), 16U);
  const std::map<std::string, std::string> line = {
      {"Billing Period", "2024-03-05 - 2024-04-04"}, {"Meter Category", "Virtual Machines"},
      {"Meter Sub-Category", ""}, {"Meter Name", "B1s"}, {"Meter Region", "EU West"}, {"SKU", ""},
      {"Unit", "1 Hour"}, {"Consumed Quantity", "130.5"}, {"Included Quantity", "100"},
      {"Overage Quantity", "30.5"}, {"Within Commitment", "0"}, {"Currency", "EUR"},
      {"Overage", "30.5"}, {"Commitment Rate", ""}, {"Rate", "0.12"}, {"Value", "3.66"}};
  ASSERT_EQ(file.tables[0].rows.size(), 1U);
  EXPECT_EQ(file.tables[0].rows.front(), line);
  EXPECT_EQ(file.tables[1].title, "Daily Usage");
  EXPECT_EQ(file.sum("Consumed Quantity", 1), "130.5");

  const ReadFile first = file_of(ledger, invoice, ExportKind::UsageV1);
  EXPECT_EQ(first.column("Name"), "Virtual Machines ");
  EXPECT_EQ(first.tables[1].columns.size(), 14U);
  EXPECT_EQ(first.sum("Consumed", 1), "130.5");
}

TEST(UsageFile, AnInvoiceOfCorrectionsHasTheirRowsAlone) {
  InMemoryLedger ledger = example();
  ledger.when(SetPolicy{"corrections", {R"("note")"}, {}});
  run(ledger, "2024-05-02");
  ledger.given({b1s_usage("10", "2024-04-04")});
  run(ledger, "2024-06-02");
  ASSERT_EQ(ledger.invoices().size(), 2u);
  const ReadFile file = file_of(ledger, *ledger.invoices()[1], ExportKind::Payg);
  EXPECT_EQ(file.column("UsageDateTime"), "2024-04-04 ");
  EXPECT_EQ(file.column("UsageQuantity"), "10 ");
  EXPECT_EQ(file.sum("PreTaxCost"), "1.2");
  EXPECT_EQ(file_of(ledger, *ledger.invoices()[0], ExportKind::Payg).sum("PreTaxCost"), "3.66");
}

TEST(UsageFile, WhatRoundingAddsIsARowOfItsOwn) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05").given(jeroens_account());
  ledger.at("2024-04-05").given({cost("sub-01", "0.333", "2024-03-07"),
                                 cost("sub-01", "0.333", "2024-03-08"),
                                 cost("sub-01", "0.333", "2024-03-09")});
  run(ledger, "2024-05-02");
  const Invoice& invoice = *ledger.invoices().front();
  const ReadFile payg = file_of(ledger, invoice, ExportKind::Payg);
  EXPECT_EQ(payg.column("PreTaxCost"), "0.333 0.333 0.333 0.001 ");
  EXPECT_EQ(payg.sum("PreTaxCost"), "1");
  EXPECT_EQ(payg.tables[0].rows.back().at("MeterCategory"), "RoundingAdjustment");
  EXPECT_EQ(payg.tables[0].rows.back().at("SubscriptionGuid"), "");
  const ReadFile v2 = file_of(ledger, invoice);
  EXPECT_EQ(v2.column("Value"), "0.999 0.001 ");
  EXPECT_EQ(v2.tables[1].rows.size(), 3U);
  EXPECT_EQ(file_of(ledger, invoice, ExportKind::Focus1_0).tables[0].rows.back().at("ChargeCategory"),
            "Adjustment");
}

TEST(UsageFile, SC_97_FocusOfAProfileSumsToWhatItsInvoiceBills) {
  InMemoryLedger ledger = profile_ledger();
  SubscriptionCreated plans_own = in_section(subscription("sub-03", "mca", "2024-03-28"), "A");
  plans_own.offer_id = OfferId("MS-AZR-0041P");
  ledger.at("2024-03-28").given({plans_own, support_plan("plan-1", "sub-03", "100.00", "2024-03-28")});
  ledger.at("2024-04-02").given({cost("sub-01", "120.005", "2024-03-12"),
                                 cost("sub-02", "80.00", "2024-03-12"),
                                 cost("sub-02", "-5.00", "2024-03-13", ChargeType::Refund)});
  run(ledger, "2024-04-05");
  const Invoice& invoice = *ledger.invoices().front();
  EXPECT_EQ(sum_of_amounts(ledger, invoice), "295.01");
  for (const ExportKind kind : {ExportKind::Mca, ExportKind::Focus1_0, ExportKind::Focus1_2}) {
    const ReadFile file = file_of(ledger, invoice, kind);
    const std::string cost = kind == ExportKind::Mca ? "costInBillingCurrency" : "BilledCost";
    EXPECT_EQ(file.sum(cost), "295.01");
    EXPECT_EQ(file.tables[0].rows.size(), 5U);
  }
  const ReadFile focus = file_of(ledger, invoice, ExportKind::Focus1_0);
  EXPECT_EQ(focus.tables[0].columns.size(), 96U);
  EXPECT_EQ(focus.column("BillingAccountId"), "P1 P1 P1 P1 P1 ");
  EXPECT_EQ(focus.column("x_BillingAccountId"), "mca mca mca mca mca ");
  EXPECT_EQ(focus.column("BilledCost"), "120.005 80 -5 100 0.005 ");
  EXPECT_EQ(focus.column("ChargeCategory"), "Usage Usage Purchase Purchase Adjustment ");
  EXPECT_EQ(focus.column("ChargePeriodStart"),
            "2024-03-12T00:00Z 2024-03-12T00:00Z 2024-03-13T00:00Z 2024-03-28T00:00Z "
            "2024-03-01T00:00Z ");
  EXPECT_EQ(focus.tables[0].rows[0].at("BillingPeriodEnd"), "2024-04-01T00:00Z");
  EXPECT_EQ(file_of(ledger, invoice, ExportKind::Focus1_2).tables[0].rows[0].at("BillingPeriodEnd"),
            "2024-04-01T00:00:00Z");
  const ReadFile mca = file_of(ledger, invoice, ExportKind::Mca);
  EXPECT_EQ(mca.column("invoiceSectionId"), "A B B A P1 ");
  EXPECT_EQ(mca.column("chargeType"), "Usage Usage Refund Purchase RoundingAdjustment ");
  EXPECT_EQ(mca.column("frequency"), "UsageBased UsageBased UsageBased Recurring  ");
}

TEST(UsageFile, LateUsageKeepsItsDay) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05").given(jeroens_account());
  ledger.given({price("vm", "0.5")});
  ledger.at("2024-04-05").given({usage("sub-01", "vm", "10", "2024-03-07")});
  run(ledger, "2024-05-02");
  ledger.at("2024-05-06").given({usage("sub-01", "vm", "3", "2024-04-04"),
                                 usage("sub-01", "vm", "8", "2024-04-10")});
  run(ledger, "2024-06-02");
  const std::vector<const Invoice*> invoices = ledger.invoices();
  ASSERT_EQ(invoices.size(), 2U);
  const ReadFile first = file_of(ledger, *invoices[0], ExportKind::Focus1_0);
  EXPECT_EQ(first.column("BilledCost"), "5 ");
  const ReadFile second = file_of(ledger, *invoices[1], ExportKind::Focus1_0);
  EXPECT_EQ(second.column("BilledCost"), "1.5 4 ");
  EXPECT_EQ(second.column("ChargeClass"), "Correction  ");
  EXPECT_EQ(second.column("ChargePeriodStart"), "2024-04-04T00:00Z 2024-04-10T00:00Z ");
}

TEST(UsageFile, LateUnitsOfATieredMeterShareTheDifferenceTheyMade) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05").given(jeroens_account());
  ledger.given({tiers("tb", {{"0", "2"}, {"50", "1"}})});
  ledger.at("2024-04-05").given({usage("sub-01", "tb", "40", "2024-03-07")});
  run(ledger, "2024-05-02");
  // 40 + 20 + 10: F(70) − F(40) = 120 − 80.
  ledger.at("2024-05-06").given({usage("sub-01", "tb", "20", "2024-03-08"),
                                 usage("sub-01", "tb", "10", "2024-03-09"),
                                 usage("sub-01", "tb", "60", "2024-04-10")});
  run(ledger, "2024-06-02");
  const ReadFile file = file_of(ledger, *ledger.invoices().at(1), ExportKind::Payg);
  EXPECT_EQ(file.sum("PreTaxCost"), sum_of_amounts(ledger, *ledger.invoices().at(1)));
  EXPECT_EQ(file.sum("PreTaxCost"), "150");
  ASSERT_EQ(file.tables[0].rows.size(), 3U);
  EXPECT_EQ(file.column("PreTaxCost"),
            "26.6666666666666666666666666666 13.3333333333333333333333333334 110 ");
}

TEST(UsageFile, CorrectionsStandAsTheDifferenceTheyMade) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05").given(jeroens_account());
  UsageRecorded row = usage("sub-01", "vm", "10", "2024-03-07");
  row.usage_id = "u-1";
  ledger.given({price("vm", "0.5")});
  ledger.at("2024-04-05").given({row});
  run(ledger, "2024-05-02");
  UsageAmended amended;
  amended.subscription_id = kSub01;
  amended.usage_id = "u-1";
  amended.reason = "the meter was wrong";
  amended.quantity = decimal("14");
  ledger.at("2024-05-06").given({amended, usage("sub-01", "vm", "8", "2024-04-10")});
  run(ledger, "2024-06-02");
  const std::vector<const Invoice*> invoices = ledger.invoices();
  // What was billed does not change.
  EXPECT_EQ(file_of(ledger, *invoices[0], ExportKind::Payg).column("UsageQuantity"), "10 ");
  const ReadFile file = file_of(ledger, *invoices[1], ExportKind::Focus1_0);
  EXPECT_EQ(file.column("BilledCost"), "4 2 ");
  EXPECT_EQ(file.column("ChargeCategory"), "Usage Adjustment ");
  EXPECT_EQ(file.column("ChargeClass"), " Correction ");
}

TEST(UsageFile, WhatMatchedNoPriceThenIsNotInIt) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05").given(jeroens_account());
  ledger.given({price("vm", "0.5")});
  ledger.at("2024-04-05").given({usage("sub-01", "vm", "10", "2024-03-07"),
                                 usage("sub-01", "disk", "3", "2024-03-07")});
  run(ledger, "2024-05-02");
  ledger.at("2024-05-10").given({price("disk", "7")});
  const ReadFile file = file_of(ledger, *ledger.invoices().front(), ExportKind::Payg);
  EXPECT_EQ(file.column("MeterId"), "vm ");
}

TEST(UsageFile, DetailsOfARowAreThoseThatWerePosted) {
  InMemoryLedger ledger = profile_ledger();
  UsageRecorded row = usage("sub-01", "vm", "2", "2024-03-12");
  row.meter_sub_category = "BS Series";
  row.product = "Virtual Machines BS";
  row.resource_id = "/subscriptions/sub-01/vm/web";
  row.resource_group = "rg-1";
  row.additional_info = JsonText{R"({"os":"linux"})"};
  row.tags = {{"team", "a \"b\""}};
  ledger.given({price("vm", "0.5"), row});
  run(ledger, "2024-04-05");
  const ReadFile file = file_of(ledger, *ledger.invoices().front());
  ASSERT_EQ(file.tables[0].rows.size(), 1U);
  const auto& cells = file.tables[0].rows.front();
  EXPECT_EQ(cells.at("meterSubCategory"), "BS Series");
  EXPECT_EQ(cells.at("ProductName"), "Virtual Machines BS");
  EXPECT_EQ(cells.at("ResourceId"), "/subscriptions/sub-01/vm/web");
  EXPECT_EQ(cells.at("resourceGroupName"), "rg-1");
  EXPECT_EQ(cells.at("tags"), R"("{""team"":""a \""b\""""}")");
  EXPECT_EQ(cells.at("additionalInfo"), R"("{""os"":""linux""}")");
  EXPECT_EQ(cells.at("pricingModel"), "On Demand");
  EXPECT_EQ(cells.at("publisherType"), "Microsoft");
  EXPECT_EQ(cells.at("unitPrice"), "0.5");
  EXPECT_EQ(cells.at("isAzureCreditEligible"), "True");
  EXPECT_EQ(cells.at("billingPeriodEndDate"), "2024-03-31");
}

TEST(UsageFile, TheProviderIsThatOfTheDocumentsDay) {
  InMemoryLedger ledger = profile_ledger();
  ledger.given({price("vm", "0.5"), usage("sub-01", "vm", "2", "2024-03-12")});
  ApplyConfiguration configured;
  configured.provider.emplace();
  configured.provider->effective_on = ledger.now().date();
  configured.provider->name = "Contoso Cloud";
  ledger.when(configured);
  run(ledger, "2024-04-05");
  configured.provider->name = "Fabrikam";
  configured.provider->effective_on = day("2024-04-06");
  ledger.at("2024-04-06").when(configured);
  for (const ExportKind kind : {ExportKind::Focus1_0, ExportKind::Focus1_2}) {
    const ReadFile file = file_of(ledger, *ledger.invoices().front(), kind);
    for (const char* column : {"ProviderName", "InvoiceIssuerName", "PublisherName"})
      EXPECT_EQ(file.column(column), "Contoso Cloud ") << column;
  }
}

TEST(UsageFile, KindsOfOtherAgreementsAreRefusedAndThoseThereAreAreNamed) {
  InMemoryLedger ledger = example();
  run(ledger, "2024-05-02");
  const InvoiceId id = ledger.invoices().front()->invoice_id;
  const auto answer =
      invoice_file_answer(ledger.state(), kOperator, id, ExportKind::Mca, midnight("2024-05-20"));
  EXPECT_EQ(code_of(answer), "NOT_SUPPORTED");
  EXPECT_EQ(answer.error().detail,
            "Files of an account of type MOSP are UsageV2 (v2), UsageV1 (v1), Payg (payg), "
            "Focus1.0 (focus-1.0), Focus1.2 (focus-1.2).");
}

TEST(UsageFile, IsRefusedUntilTheDataIsFinal) {
  InMemoryLedger ledger;
  ledger.at("2024-03-01").given({account("mca", AccountType::MCA, "2024-03-01"),
                                 profile("P1", "mca", 2), section("A", "P1"),
                                 in_section(subscription("sub-01", "mca", "2024-03-05"), "A"),
                                 cost("sub-01", "10.00", "2024-03-12")});
  run(ledger, "2024-04-02");
  const InvoiceId id = ledger.invoices().front()->invoice_id;
  const auto at = [&](std::string_view day) {
    return code_of(invoice_file_answer(ledger.state(), kOperator, id, {}, midnight(day)));
  };
  EXPECT_EQ(at("2024-04-03"), "USAGE_FILE_NOT_READY");
  EXPECT_EQ(at("2024-04-04"), "");
}

TEST(UsageFile, FollowsTheRightsOfItsInvoice) {
  InMemoryLedger ledger = example();
  ledger.given({linked("ria", "ria@contoso.example"),
                role(ScopeType::Subscription, "sub-01", Role::Reader, "ria")});
  run(ledger, "2024-05-02");
  const InvoiceId id = ledger.invoices().front()->invoice_id;
  const Instant now = midnight("2024-05-20");
  const auto ask = [&] { return invoice_file_answer(ledger.state(), as("ria"), id, {}, now); };
  EXPECT_EQ(code_of(ask()), "NOT_FOUND");
  ledger.when(SetInvoiceSharing{kSub01, true}, as("jeroen"));
  EXPECT_EQ(code_of(ask()), "");
  ledger.when(SetPolicy{"mosp.usageDownload", JsonText{R"("accountAdministrator")"}, {}});
  EXPECT_EQ(code_of(ask()), "NO_PERMISSION");
  EXPECT_EQ(code_of(invoice_file_answer(ledger.state(), as("jeroen"), id, {}, now)), "");
  EXPECT_EQ(code_of(invoice_file_answer(ledger.state(), kOperator, InvoiceId("E000000000"), {}, now)),
            "NOT_FOUND");
}

}  // namespace
}  // namespace daybook::testing
