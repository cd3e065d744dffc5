#include "ledger/domain/answers/export_answer.h"
#include "ledger/domain/commands/administration.h"
#include "ledger/domain/commands/enrollment.h"
#include "ledger/domain/facts/enrollment.h"
#include "ledger/domain/files/period_file.h"
#include "ledger/domain/files/plan_export.h"
#include "tests/domain/file_support.h"

/// Files prepared on request: the job and its states (domain.md 4.9).
namespace daybook::testing {
namespace {


RequestExport wish(ScopeType type, std::string_view id, ExportKind kind,
                   std::optional<Date> period = std::nullopt) {
  RequestExport command;
  command.scope_type = type;
  command.scope_id = ScopeId(std::string(id));
  command.kind = kind;
  command.period = period;
  return command;
}

RequestExport of_invoice(const Invoice& invoice, ExportKind kind = ExportKind::UsageV2) {
  RequestExport command = wish(invoice.scope.type, invoice.scope.id, kind);
  command.invoice_id = invoice.invoice_id;
  return command;
}

/// What asking makes happen, and the file.
class Asked {
 public:
  Asked(const InMemoryLedger& ledger, const RequestExport& command, std::string_view now,
        const Viewer& viewer = kOperator) {
    DecisionContext context;
    context.now = midnight(now);
    context.viewer = viewer;
    plan = plan_export(ledger.state(), ledger.usage(), command, context,
                       [&](const StateReader& seen, const UsageSource& usage,
                           const UsageFile& asked) -> Result<WrittenFile> {
                         auto summary =
                             write_usage_file(seen, usage, ledger.records(), asked, file);
                         if (!summary) return tl::unexpected(summary.error());
                         return WrittenFile{*summary, 1'000, std::vector<std::byte>(32)};
                       },
                       {});
  }
  [[nodiscard]] std::string code() const { return plan ? "" : std::string(plan.error().code); }
  [[nodiscard]] std::string events() const {
    std::string text;
    for (const EventData& event : plan->events) text += std::string(name(event.type())) + " ";
    return text;
  }
  template <class Event>
  [[nodiscard]] Event event() const {
    for (const EventData& each : plan->events) {
      if (const Event* found = each.get_if<Event>()) return *found;
    }
    ADD_FAILURE() << "no such event";
    return {};
  }

  Result<Plan> plan;
  ReadFile file;
};

TEST(Export, SC_91_IsRefusedUntilTheDataIsFinal) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05").given({account("acc-1", AccountType::MOSP, "2024-02-05"),
                                 subscription("sub-01", "acc-1", "2024-03-05"),
                                 cost("sub-01", "40.00", "2024-03-12")});
  run(ledger, "2024-04-05");
  const RequestExport command = of_invoice(*ledger.invoices().front());
  EXPECT_EQ(Asked(ledger, command, "2024-04-06").code(), "USAGE_FILE_NOT_READY");
  EXPECT_EQ(Asked(ledger, command, "2024-04-07").code(), "USAGE_FILE_NOT_READY");
  const Asked asked(ledger, command, "2024-04-08");
  EXPECT_EQ(asked.events(), "ExportRequested ExportStarted ExportReady ");
  const auto ready = asked.event<ExportReady>();
  EXPECT_EQ(ready.row_count, 2);  // the statement's line, and the day's row
  EXPECT_EQ(ready.sum, money("40.00"));
  EXPECT_EQ(ready.valid_till, midnight("2024-04-15"));
  // The same wish is the same job.
  EXPECT_EQ(Asked(ledger, command, "2024-04-09").event<ExportRequested>().job_id, ready.job_id);
}

TEST(Export, AskedAgainItIsTheSameJobUntilItsFileIsTooOld) {
  InMemoryLedger ledger = example();
  run(ledger, "2024-05-02");
  const RequestExport command = of_invoice(*ledger.invoices().front());
  const Asked first(ledger, command, "2024-05-02");
  for (const EventData& event : first.plan->events) ledger.record(event);
  EXPECT_EQ(Asked(ledger, command, "2024-05-08").events(), "");
  const Asked again(ledger, command, "2024-05-09");
  EXPECT_EQ(again.events(), "ExportExpired ExportRequested ExportStarted ExportReady ");

  const JobId id = first.event<ExportReady>().job_id;
  const auto shown = [&](std::string_view now) {
    return export_answer(ledger.state(), kOperator, id, midnight(now))->state;
  };
  EXPECT_EQ(shown("2024-05-08"), ExportState::Ready);
  EXPECT_EQ(shown("2024-05-09"), ExportState::Expired);
  EXPECT_EQ(code_of(ready_export(ledger.state(), kOperator, id, midnight("2024-05-09"))),
            "NOT_FOUND");
  EXPECT_EQ(code_of(ready_export(ledger.state(), kOperator, id, midnight("2024-05-08"))), "");
}

TEST(Export, EveryEventLeadsToItsState) {
  MemoryStore store;
  const JobId id("J1");
  const auto state = [&](EventData event) {
    fold(store, event, {1, midnight("2024-05-02"), midnight("2024-05-02")});
    return store.find<ExportJob>("J1")->state;
  };
  ExportRequested requested;
  requested.job_id = id;
  EXPECT_EQ(state(requested), ExportState::Requested);
  EXPECT_EQ(state(ExportStarted{id}), ExportState::Preparing);
  EXPECT_EQ(state(ExportFailed{id, "too large"}), ExportState::Failed);
  EXPECT_EQ(state(requested), ExportState::Requested);
  EXPECT_EQ(state(ExportStarted{id}), ExportState::Preparing);
  EXPECT_EQ(state(ExportEmpty{id}), ExportState::NoData);
  ExportReady ready;
  ready.job_id = id;
  ready.valid_till = midnight("2024-05-09");
  EXPECT_EQ(state(ready), ExportState::Ready);
  EXPECT_EQ(state(ExportExpired{id}), ExportState::Expired);
}

TEST(Export, APeriodWithoutUsageHasNoFile) {
  InMemoryLedger ledger = example();
  run(ledger, "2024-07-02");
  const Asked asked(ledger, wish(ScopeType::Subscription, "sub-02", ExportKind::Payg,
                                 day("2024-03-20")), "2024-07-02");
  EXPECT_EQ(asked.events(), "ExportRequested ExportStarted ExportEmpty ");
}

TEST(Export, AFileThatCannotBeSummedFailsAndCanBeAskedForAgain) {
  InMemoryLedger ledger;
  ledger.at("2024-03-01").given({account("mca", AccountType::MCA, "2024-03-01"), profile("P1", "mca"),
                                 section("A", "P1"),
                                 in_section(subscription("sub-01", "mca", "2024-03-05"), "A"),
                                 price("vm", "99999999999999999")});
  ledger.given({usage("sub-01", "vm", "9999999999999", "2024-03-12")});
  const RequestExport command = wish(ScopeType::Profile, "P1", ExportKind::Mca);
  const Asked asked(ledger, command, "2024-03-20");
  EXPECT_EQ(asked.events(), "ExportRequested ExportStarted ExportFailed ");
  for (const EventData& event : asked.plan->events) ledger.record(event);
  EXPECT_EQ(Asked(ledger, command, "2024-03-20").events(),
            "ExportRequested ExportStarted ExportFailed ");
}

TEST(Export, APeriodWithinCreditOrWithoutAnInvoiceHasItsFile) {
  InMemoryLedger ledger = example();
  ledger.at("2024-05-01").given({b1s_usage("90", "2024-04-20")});
  run(ledger, "2024-06-02");
  const Asked asked(ledger, wish(ScopeType::Subscription, "sub-01", ExportKind::Payg,
                                 day("2024-04-20")), "2024-06-02");
  EXPECT_EQ(asked.events(), "ExportRequested ExportStarted ExportReady ");
  EXPECT_EQ(asked.file.column("UsageQuantity"), "90 ");
  EXPECT_EQ(asked.file.column("PreTaxCost"), "0 ");
}

TEST(Export, OfAnOpenMonthIsServedForProfilesAndSaysThatItIsNotFinal) {
  InMemoryLedger ledger;
  ledger.at("2024-03-01").given({account("mca", AccountType::MCA, "2024-03-01"), profile("P1", "mca"),
                                 section("A", "P1"), section("B", "P1"),
                                 in_section(subscription("sub-01", "mca", "2024-03-05"), "A"),
                                 in_section(subscription("sub-02", "mca", "2024-03-05"), "B"),
                                 cost("sub-01", "120.00", "2024-03-12"),
                                 cost("sub-02", "80.00", "2024-03-12")});
  const Asked profile(ledger, wish(ScopeType::Profile, "P1", ExportKind::Mca), "2024-03-20");
  EXPECT_FALSE(profile.event<ExportRequested>().final);
  EXPECT_EQ(profile.event<ExportReady>().valid_till, midnight("2024-03-21"));
  EXPECT_EQ(profile.file.column("costInBillingCurrency"), "120 80 ");
  EXPECT_EQ(profile.file.column("invoiceId"), "  ");
  // The part of one subscription.
  const Asked part(ledger, wish(ScopeType::Subscription, "sub-02", ExportKind::Focus1_0),
                   "2024-03-20");
  EXPECT_EQ(part.file.column("BilledCost"), "80 ");
  EXPECT_EQ(part.event<ExportReady>().sum, money("80.00"));
  // The account's is all of it.
  const Asked whole(ledger, wish(ScopeType::Account, "mca", ExportKind::Focus1_0), "2024-03-20");
  EXPECT_EQ(whole.file.sum("BilledCost"), "200");
  // Billed, the month's file is that of its invoice.
  run(ledger, "2024-04-05");
  const Asked billed(ledger, wish(ScopeType::Profile, "P1", ExportKind::Mca, day("2024-03-20")),
                     "2024-04-20");
  EXPECT_TRUE(billed.event<ExportRequested>().final);
  EXPECT_EQ(billed.file.tables[0].rows[0].at("invoiceId"),
            ledger.invoices().front()->invoice_id.text());
}

TEST(Export, SC_96_OfTwoMonthsThatArePendingEachHasItsOwnRows) {
  InMemoryLedger ledger;
  ledger.at("2024-03-01").given({account("mca", AccountType::MCA, "2024-03-01"), profile("P1", "mca"),
                                 section("A", "P1"),
                                 in_section(subscription("sub-01", "mca", "2024-03-05"), "A"),
                                 cost("sub-01", "210.00", "2024-03-12"),
                                 cost("sub-01", "12.00", "2024-04-01")});
  const auto costs = [&](std::optional<Date> month) {
    return Asked(ledger, wish(ScopeType::Profile, "P1", ExportKind::Mca, month), "2024-04-02")
        .file.column("costInBillingCurrency");
  };
  EXPECT_EQ(costs(day("2024-03-20")), "210 ");
  EXPECT_EQ(costs(std::nullopt), "12 ");
}

TEST(Export, SC_109_NeedsWhatTheInvoiceNeeds) {
  InMemoryLedger ledger = example();
  ledger.given({linked("olga", "olga@contoso.example"),
                role(ScopeType::Subscription, "sub-01", Role::Owner, "olga")});
  run(ledger, "2024-05-02");
  const RequestExport command = of_invoice(*ledger.invoices().front());
  const RequestExport by_period =
      wish(ScopeType::Subscription, "sub-01", ExportKind::UsageV2, day("2024-03-20"));
  EXPECT_EQ(Asked(ledger, command, "2024-05-02", as("olga")).code(), "NO_PERMISSION");
  EXPECT_EQ(Asked(ledger, by_period, "2024-05-02", as("olga")).code(), "NO_PERMISSION");
  EXPECT_EQ(Asked(ledger, command, "2024-05-02", as("nobody")).code(), "NOT_FOUND");
  ledger.when(SetInvoiceSharing{kSub01, true}, as("jeroen"));
  const Asked asked(ledger, command, "2024-05-02", as("olga"));
  EXPECT_EQ(asked.event<ExportRequested>().requested_by, IdentityId("olga"));
  for (const EventData& event : asked.plan->events) ledger.record(event);
  const JobId id = asked.event<ExportRequested>().job_id;
  EXPECT_EQ(code_of(export_answer(ledger.state(), as("olga"), id, midnight("2024-05-02"))), "");
  ledger.when(SetInvoiceSharing{kSub01, false}, as("jeroen"));
  EXPECT_EQ(code_of(export_answer(ledger.state(), as("olga"), id, midnight("2024-05-02"))),
            "NOT_FOUND");
}

TEST(Export, APriceSheetHasARowATierOfEachPriceOfItsDay) {
  InMemoryLedger ledger;
  PriceChanged disk = tiers("disk", {{"0", "2"}, {"50", "1.5"}});
  disk.scope_type = ScopeType::Profile;
  disk.scope_id = ScopeId("P1");
  PriceChanged vm = price("vm", "0.12", "2024-03-01");
  vm.unit = "1 Hour";
  vm.included_quantity = decimal("100");
  ledger.at("2024-03-01")
      .given({account("mca", AccountType::MCA, "2024-03-01"), profile("P1", "mca"), section("S1", "P1"), vm,
              price("vm", "0.13", "2024-04-15"), disk, role(ScopeType::Profile, "P1", Role::Reader, "ria"),
              role(ScopeType::Section, "S1", Role::Owner, "sam")});
  const RequestExport command = wish(ScopeType::Profile, "P1", ExportKind::PriceSheet, day("2024-03-20"));
  const Asked asked(ledger, command, "2024-03-20", as("ria"));
  EXPECT_EQ(asked.file.column("meterId"), "disk disk vm ");
  EXPECT_EQ(asked.file.column("tierFrom"), "0 50 0 ");
  EXPECT_EQ(asked.file.column("unitPrice"), "2 1.5 0.12 ");
  EXPECT_EQ(asked.file.column("includedQuantity"), "0 0 100 ");
  EXPECT_EQ(asked.file.column("priceScope"), "Profile Profile  ");
  EXPECT_EQ(asked.file.column("currency"), "EUR EUR EUR ");
  const auto ready = asked.event<ExportReady>();
  EXPECT_EQ(ready.row_count, 3);
  EXPECT_EQ(ready.sum, std::nullopt);
  EXPECT_EQ(ready.valid_till, midnight("2024-03-21"));  // its day is not over
  EXPECT_FALSE(asked.event<ExportRequested>().final);

  // On another day other prices; whoever sees no prices gets no sheet, and does not find one.
  const RequestExport later = wish(ScopeType::Profile, "P1", ExportKind::PriceSheet, day("2024-04-15"));
  EXPECT_EQ(Asked(ledger, later, "2024-04-16").file.column("unitPrice"), "2 1.5 0.13 ");
  EXPECT_EQ(Asked(ledger, command, "2024-03-20", as("sam")).code(), "NO_PERMISSION");
  for (const EventData& event : asked.plan->events) ledger.record(event);
  const JobId id = asked.event<ExportRequested>().job_id;
  EXPECT_EQ(code_of(export_answer(ledger.state(), as("ria"), id, midnight("2024-03-20"))), "");
  EXPECT_EQ(code_of(export_answer(ledger.state(), as("sam"), id, midnight("2024-03-20"))), "NOT_FOUND");

  RequestExport wrong = command;
  wrong.metric = ExportMetric::AmortizedCost;
  EXPECT_EQ(Asked(ledger, wrong, "2024-03-20").code(), "NOT_SUPPORTED");
  wrong = command;
  wrong.invoice_id = InvoiceId("G000000000");
  EXPECT_EQ(Asked(ledger, wrong, "2024-03-20").code(), "INVALID_FIELD");
  EXPECT_EQ(Asked(ledger, wish(ScopeType::Section, "S1", ExportKind::PriceSheet), "2024-03-20").code(),
            "NOT_SUPPORTED");
}

TEST(Export, RefusesWhatThereIsNot) {
  InMemoryLedger ledger = example();
  run(ledger, "2024-05-02");
  const auto code = [&](const RequestExport& command) {
    return Asked(ledger, command, "2024-05-20").code();
  };
  EXPECT_EQ(code(wish(ScopeType::Subscription, "sub-01", ExportKind::Mca, day("2024-03-20"))),
            "NOT_SUPPORTED");
  EXPECT_EQ(code(wish(ScopeType::Account, "acc-1", ExportKind::Payg, day("2024-03-20"))),
            "NOT_SUPPORTED");
  RequestExport amortised = of_invoice(*ledger.invoices().front());
  amortised.metric = ExportMetric::AmortizedCost;
  EXPECT_EQ(code(amortised), "NOT_SUPPORTED");
  EXPECT_EQ(code(wish(ScopeType::Subscription, "sub-01", ExportKind::Payg)),
            "USAGE_FILE_NOT_READY");  // the current period
  EXPECT_EQ(code(wish(ScopeType::Subscription, "sub-01", ExportKind::Payg, day("2024-07-01"))),
            "INVALID_FIELD");
  EXPECT_EQ(code(wish(ScopeType::Subscription, "sub-01", ExportKind::Payg, day("2024-03-04"))),
            "INVALID_FIELD");
  RequestExport both = of_invoice(*ledger.invoices().front());
  both.period = day("2024-03-20");
  EXPECT_EQ(code(both), "INVALID_FIELD");
  RequestExport of_another = of_invoice(*ledger.invoices().front());
  of_another.scope_id = ScopeId("sub-02");
  EXPECT_EQ(code(of_another), "UNKNOWN_REFERENCE");
  of_another.invoice_id = InvoiceId("E000000000");
  EXPECT_EQ(code(of_another), "NOT_FOUND");
}

TEST(Export, SC_68_OfAnEnrollmentAccountHasItsOwnRowsAlone) {
  InMemoryLedger ledger;
  EnrollmentRegistered enrollment;
  enrollment.enrollment_id = EnrollmentId("EN1");
  enrollment.account_id = AccountId("ea");
  enrollment.start_date = day("2024-01-01");
  enrollment.channel = EnrollmentChannel::Direct;
  enrollment.billing_cycle = BillingCycle::Monthly;
  const auto added = [](std::string_view id, std::string_view owner) {
    EnrollmentAccountAdded fact;
    fact.enrollment_account_id = EnrollmentAccountId(std::string(id));
    fact.enrollment_id = EnrollmentId("EN1");
    fact.name = "Account " + std::string(id);
    fact.owner_identity_id = IdentityId(std::string(owner));
    return fact;
  };
  const auto in_account = [](std::string_view id, std::string_view account) {
    SubscriptionCreated fact = subscription(id, "ea", "2024-01-10");
    fact.enrollment_account_id = EnrollmentAccountId(std::string(account));
    return fact;
  };
  ledger.at("2024-01-01").given({account("ea", AccountType::EA, "2024-01-01"), enrollment,
                                 added("A1", "anna"), added("A2", "bert"), in_account("sub-01", "A1"),
                                 in_account("sub-02", "A2"), linked("anna", "anna@contoso.example"),
                                 cost("sub-01", "30.00", "2024-01-12"),
                                 cost("sub-02", "70.00", "2024-01-13")});
  const RequestExport own = wish(ScopeType::EnrollmentAccount, "A1", ExportKind::Ea);
  EXPECT_EQ(Asked(ledger, own, "2024-01-20", as("anna")).code(), "NO_PERMISSION");
  ledger.given({role(ScopeType::Enrollment, "EN1", Role::EnterpriseAdministrator, "jeroen")});
  ledger.when(SetEnrollmentPolicy{EnrollmentId("EN1"), EnrollmentPolicy::accountOwnerViewCharges, true});
  const Asked asked(ledger, own, "2024-01-20", as("anna"));
  EXPECT_EQ(asked.file.column("CostInBillingCurrency"), "30 ");
  EXPECT_EQ(asked.file.column("AccountName"), "Account A1 ");
  EXPECT_EQ(asked.file.column("BillingAccountId"), "EN1 ");
  const Asked all(ledger, wish(ScopeType::Enrollment, "EN1", ExportKind::Ea), "2024-01-20",
                  as("jeroen"));
  EXPECT_EQ(all.file.column("CostInBillingCurrency"), "30 70 ");
}

}  // namespace
}  // namespace daybook::testing
