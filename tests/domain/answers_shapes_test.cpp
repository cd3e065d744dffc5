#include "ledger/domain/answers/account_answer.h"
#include "ledger/domain/answers/invoice_answer.h"
#include "ledger/domain/answers/preference_answer.h"
#include "ledger/domain/answers/credits_answer.h"
#include "ledger/domain/answers/settings_answer.h"
#include "ledger/domain/answers/statement_answer.h"
#include "ledger/domain/answers/subscription_answer.h"
#include "ledger/domain/commands/administration.h"
#include "ledger/domain/views/unmatched_view.h"
#include "tests/domain/answers_support.h"
#include "tests/domain/enrollment_support.h"

/// Every shape as the contract prints it.
namespace daybook::testing {
namespace {


/// An MCA account of profile-1 with a section and a subscription.
InMemoryLedger profile_example() {
  InMemoryLedger ledger;
  BillingProfileCreated created = profile("profile-1", "acc-2");
  created.display_name = "Profile 01";
  ledger.at("2024-03-05")
      .given({account("acc-2", AccountType::MCA, "2024-03-01"), vat(), created,
              section("section-1", "profile-1"),
              in_section(subscription("sub-11", "acc-2", "2024-03-05"), "section-1")});
  return ledger;
}

TEST(AnswerShape, Subscription) {
  const InMemoryLedger ledger = example();
  const auto answer = subscription_answer(ledger.state(), kOperator, kSub01, day("2024-04-05"));
  EXPECT_THAT(json_of(answer), JsonLike(R"({
    "subscriptionId":"sub-01","accountId":"acc-1","name":null,"offerId":"MS-AZR-0003P",
    "status":"Active","statusReason":null,"createdOn":"2024-03-05","profileId":null,
    "invoiceSectionId":null,"enrollmentAccountId":null,"customerId":null,"resellerId":null,
    "paymentMethodId":"card-1","spendingLimit":"Off",
    "currentPeriod":{"start":"2024-04-05","endExclusive":"2024-05-05"},
    "nextInvoiceDate":"2024-05-02","balance":{"amount":"0.00","currency":"EUR"},
    "accountAdministrator":{"identityId":"jeroen","name":null,"email":"jeroen@contoso.example"}})"));
}

/// T-EA-5: what has a price, then Marketplace, then what costs nothing; their numbers stay.
TEST(AnswerShape, LinesOfAnEnterpriseInvoice) {
  InMemoryLedger ledger = enterprise();
  const auto of_meter = [](UsageRecorded fact, std::string_view meter) {
    fact.meter_id = MeterId(std::string(meter));
    return fact;
  };
  ledger.given({of_meter(cost("sub-e", "0.00", "2024-03-10"), "a-free"),
                of_meter(of_marketplace(cost("sub-e", "40.00", "2024-03-11")), "b-market"),
                of_meter(cost("sub-e", "10.00", "2024-03-12"), "c-priced"),
                of_meter(cost("sub-e", "20.00", "2024-03-12"), "d-priced")});
  ledger.when(AdvanceClock{midnight("2024-04-14"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  const auto answer = invoice_answer(ledger.state(), kOperator, ledger.invoices()[0]->invoice_id);
  std::vector<std::string> meters;
  for (const InvoiceLine& line : answer->lines) meters.push_back(line.meter_id->text() + " " + line.line_id);
  EXPECT_EQ(meters, (std::vector<std::string>{"c-priced 3", "d-priced 4", "b-market 2", "a-free 1"}));
}

TEST(AnswerShape, Account) {
  const InMemoryLedger ledger = example();
  const auto answer = account_answer(ledger.state(), kOperator, kAcc1, day("2024-04-05"));
  EXPECT_THAT(json_of(answer), JsonLike(R"({
    "accountId":"acc-1","type":"MOSP","agreementId":null,"country":"NL","tenantId":"contoso",
    "associatedTenants":[],"currency":"EUR","soldTo":null,"signedUpBy":"jeroen",
    "channel":"Website","cloud":"Public","createdOn":"2024-02-02","status":"Active",
    "nextInvoiceDate":"2024-05-02","balance":{"amount":"0.00","currency":"EUR"},
    "reservationRefunds":{"limit":{"amount":"50000.00","currency":"EUR"},
                          "used":{"amount":"0.00","currency":"EUR"},
                          "available":{"amount":"50000.00","currency":"EUR"}}})"));
}

TEST(AnswerShape, TheRefundLimitFollowsTheExchangeRate) {
  InMemoryLedger ledger = example();
  ledger.given({ExchangeRateChanged{kUsd, kEur, decimal("0.92"), day("2024-01-01")}});
  const auto answer = account_answer(ledger.state(), kOperator, kAcc1, day("2024-04-05"));
  EXPECT_EQ(answer->reservation_refunds.limit, money("46000.00"));
}

TEST(AnswerShape, Profile) {
  const InMemoryLedger ledger = profile_example();
  const auto answer =
      profile_answer(ledger.state(), kOperator, ProfileId("profile-1"), day("2024-03-10"));
  EXPECT_THAT(json_of(answer), JsonLike(R"({
    "profileId":"profile-1","accountId":"acc-2","displayName":"Profile 01","currency":"EUR",
    "billTo":null,"poNumber":null,"invoiceDay":5,"paymentTermDays":30,
    "defaultPaymentMethod":null,"status":"Active","statusReason":null,
    "sections":[{"sectionId":"section-1","name":"Section section-1","state":"Active"}],
    "currentPeriod":{"start":"2024-03-01","endExclusive":"2024-04-01"},
    "nextInvoiceDate":"2024-04-05","balance":{"amount":"0.00","currency":"EUR"},
    "reservationRefunds":{"limit":{"amount":"50000.00","currency":"EUR"},
                          "used":{"amount":"0.00","currency":"EUR"},
                          "available":{"amount":"50000.00","currency":"EUR"}}})"));
}

TEST(AnswerShape, AProfileWithoutSectionsHasItsOwn) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05")
      .given({account("acc-2", AccountType::MPA, "2024-03-01"), profile("profile-1", "acc-2")});
  const auto answer =
      profile_answer(ledger.state(), kOperator, ProfileId("profile-1"), day("2024-03-10"));
  EXPECT_THAT(
      json_of(answer),
      JsonLike(R"({"sections":[{"sectionId":"profile-1","name":"profile-1","state":"Active"}],
                           "reservationRefunds":null})"));
}

TEST(AnswerShape, Invoice) {
  InMemoryLedger ledger = example();
  run(ledger, "2024-05-02");
  const InvoiceId id = ledger.invoices().at(0)->invoice_id;
  const std::string json = json_of(invoice_answer(ledger.state(), kOperator, id));
  EXPECT_THAT(json, JsonLike(R"({
    "documentType":"Invoice","type":"AzureServices","status":"Due","accountId":"acc-1",
    "scopeId":"sub-01","subscriptionId":"sub-01","supportPlanId":null,"profileId":null,
    "enrollmentId":null,"issueDate":"2024-05-02","dueDate":"2024-05-02",
    "period":{"start":"2024-03-05","endExclusive":"2024-04-05"},"isMonthly":true,
    "currency":"EUR","poNumber":null,"billTo":null,"soldTo":null,"paymentTermDays":0,
    "specialTaxation":"SubtotalLevel",
    "totals":{"billed":{"amount":"3.66","currency":"EUR"},
              "credits":{"amount":"0.00","currency":"EUR"},
              "azurePrepaymentApplied":{"amount":"0.00","currency":"EUR"},
              "freeAzureCreditApplied":{"amount":"0.00","currency":"EUR"},
              "creditApplied":{"amount":"0.00","currency":"EUR"},
              "subTotal":{"amount":"3.66","currency":"EUR"},
              "tax":{"amount":"0.77","currency":"EUR"},
              "total":{"amount":"4.43","currency":"EUR"}},
    "amountDue":{"amount":"4.43","currency":"EUR"},
    "lines":[{"lineId":"1","chargeType":"Usage","subscriptionId":"sub-01","sectionId":null,
      "chargeId":null,"meterId":"vm-b1s","description":"B1s","category":"Virtual Machines",
      "region":"EU West","pricingModel":"OnDemand","publisherType":"Azure","unit":"1 Hour",
      "consumed":"130.5","included":"100","billable":"30.5","rate":"0.12","value":"3.66",
      "amount":{"amount":"3.66","currency":"EUR"},"credit":{"amount":"0.00","currency":"EUR"},
      "tiers":[{"from":"0","quantity":"30.5","unitPrice":"0.12","value":"3.66"}],
      "period":{"start":"2024-03-05","endExclusive":"2024-04-05"},"isCreditEligible":true,
      "rowCount":6}],
    "sections":[],
    "taxes":[{"name":"VAT","ratePercent":"21","base":{"amount":"3.66","currency":"EUR"},
              "amount":{"amount":"0.77","currency":"EUR"}}],
    "payments":[],"failedPayments":[],
    "rebill":{"billedDocumentId":null,"creditNoteIds":[],"previousInvoiceId":null},
    "creditForDocumentId":null})"));
}

TEST(AnswerShape, PaymentsOfAnInvoice) {
  InMemoryLedger ledger = example();
  run(ledger, "2024-05-02");
  const InvoiceId id = ledger.invoices().at(0)->invoice_id;
  InvoicePaymentFailed failed = decline(id, "p-0");
  failed.method_id = MethodId("card-1");
  InvoicePaymentSucceeded paid = payment(id, "p-1", "4.43");
  paid.received_on = day("2024-05-04");
  paid.method_family = PaymentFamily::CheckWire;
  ledger.given({failed});
  EXPECT_THAT(json_of(invoice_answer(ledger.state(), kOperator, id)), JsonLike(R"({
    "status":"PastDue","amountDue":{"amount":"4.43","currency":"EUR"},
    "failedPayments":[{"paymentId":"p-0","reason":"BankDeclined","failedOn":"2024-05-02",
                       "methodId":"card-1"}]})"));
  ledger.at("2024-05-04").given({paid});
  EXPECT_THAT(json_of(invoice_answer(ledger.state(), kOperator, id)), JsonLike(R"({
    "status":"Paid","amountDue":{"amount":"0.00","currency":"EUR"},
    "payments":[{"paymentId":"p-1","amount":{"amount":"4.43","currency":"EUR"},
                 "receivedOn":"2024-05-04","methodFamily":"CheckWire","methodId":null,
                 "reversed":{"amount":"0.00","currency":"EUR"}}]})"));
}

TEST(AnswerShape, InListsAnInvoiceLeavesOutWhatIsLong) {
  InMemoryLedger ledger = example();
  run(ledger, "2024-05-02");
  const InvoiceId id = ledger.invoices().at(0)->invoice_id;
  const std::string item = json_of(*invoice_item(ledger.state(), kOperator, id));
  const std::string whole = json_of(invoice_answer(ledger.state(), kOperator, id));
  for (const std::string_view left_out :
       {"lines", "sections", "taxes", "payments", "failedPayments"}) {
    const std::string name = '"' + std::string(left_out) + "\":";
    EXPECT_EQ(item.find(name), std::string::npos) << name;
    EXPECT_NE(whole.find(name), std::string::npos) << name;
  }
  EXPECT_THAT(whole, JsonLike(item));
  EXPECT_THAT(json_of(InvoiceListView{}),
              JsonLike(R"({"items":[],"total":null,"nextCursor":null})"));
}

TEST(AnswerShape, SectionsOfAProfileInvoice) {
  InMemoryLedger ledger = profile_example();
  ledger.given({cost("sub-11", "100.00", "2024-03-10")});
  run(ledger, "2024-04-05");
  const InvoiceId id = ledger.invoices().at(0)->invoice_id;
  EXPECT_THAT(json_of(invoice_answer(ledger.state(), kOperator, id)), JsonLike(R"({
    "type":"Profile","scopeId":"profile-1","profileId":"profile-1","subscriptionId":null,
    "dueDate":"2024-05-05","paymentTermDays":30,
    "period":{"start":"2024-03-01","endExclusive":"2024-04-01"},
    "sections":[{"sectionId":"section-1","name":"Section section-1",
                 "charges":{"amount":"100.00","currency":"EUR"},
                 "credit":{"amount":"0.00","currency":"EUR"},
                 "tax":{"amount":"21.00","currency":"EUR"},
                 "total":{"amount":"121.00","currency":"EUR"}}]})"));
}

TEST(AnswerShape, BillingHistory) {
  const InMemoryLedger ledger = example();
  const auto answer = billing_history_answer(ledger.state(), ledger.usage(), kOperator, kSub01,
                                             midnight("2024-04-10"));
  EXPECT_THAT(json_of(answer), JsonLike(R"({"subscriptionId":"sub-01",
    "items":[{"period":{"start":"2024-03-05","endExclusive":"2024-04-05"},"status":"Closed",
              "total":{"amount":"3.66","currency":"EUR"},"invoiceId":null,"invoiceStatus":null,
              "reason":"NotYetInvoiced","usageAvailable":true}],
    "current":{"period":{"start":"2024-04-05","endExclusive":"2024-05-05"},"status":"Unbilled",
               "total":{"amount":"0.00","currency":"EUR"},"asOf":"2024-04-10T00:00:00Z"}})"));
}

TEST(AnswerShape, Statement) {
  const InMemoryLedger ledger = example();
  const auto answer = statement_answer(ledger.state(), ledger.usage(), kOperator, kSub01,
                                       std::nullopt, midnight("2024-04-04"));
  EXPECT_EQ(answer->position, ledger.head());
  EXPECT_THAT(json_of(answer), JsonLike(R"({"subscriptionId":"sub-01",
    "period":{"start":"2024-03-05","endExclusive":"2024-04-05"},"asOf":"2024-04-04T00:00:00Z",
    "position":"…","charges":{"amount":"3.66","currency":"EUR"},
    "credit":{"amount":"0.00","currency":"EUR"},"total":{"amount":"3.66","currency":"EUR"},
    "isEstimate":true,"lines":[{"lineId":"1","meterId":"vm-b1s","value":"3.66",
      "amount":{"amount":"3.66","currency":"EUR"},"rowCount":6}]})"));
}

TEST(AnswerShape, PendingCharges) {
  InMemoryLedger ledger = profile_example();
  ledger.given({cost("sub-11", "210.00", "2024-03-10"), cost("sub-11", "12.50", "2024-04-01")});
  const auto answer = pending_charges_answer(ledger.state(), ledger.usage(), kOperator,
                                             ProfileId("profile-1"), midnight("2024-04-02"));
  EXPECT_THAT(json_of(answer), JsonLike(R"({"profileId":"profile-1","asOf":"2024-04-02T00:00:00Z",
    "position":"…","periods":[
      {"period":{"start":"2024-03-01","endExclusive":"2024-04-01"},"invoice":"Pending",
       "charges":{"amount":"210.00","currency":"EUR"}},
      {"period":{"start":"2024-04-01","endExclusive":"2024-05-01"},"invoice":"Pending",
       "charges":{"amount":"12.50","currency":"EUR"}}],
    "total":{"amount":"222.50","currency":"EUR"}})"));
}

TEST(AnswerShape, EmailPreference) {
  InMemoryLedger ledger = example();
  const ScopeRef scope(kSub01);
  EXPECT_THAT(json_of(email_preference_answer(ledger.state(), kOperator, scope)), JsonLike(R"({
    "scopeType":"Subscription","scopeId":"sub-01","state":"OptedOut","termsVersion":null,
    "includeMarketplace":false,"preferredEmail":null,"recipients":[]})"));

  const ScopeId id("sub-01");
  ledger.when(AcceptEmailTerms{ScopeType::Subscription, id, "2024-01"}, as("jeroen"));
  OptInEmailInvoice opt_in;
  opt_in.scope_type = ScopeType::Subscription;
  opt_in.scope_id = id;
  opt_in.preferred_email = "jeroen@contoso.example";
  ledger.when(opt_in, as("jeroen"));
  AddEmailRecipient add;
  add.scope_type = ScopeType::Subscription;
  add.scope_id = id;
  add.address = "fin@contoso.example";
  ledger.when(add, as("jeroen"));
  EXPECT_THAT(json_of(email_preference_answer(ledger.state(), as("jeroen"), scope)), JsonLike(R"({
    "scopeType":"Subscription","scopeId":"sub-01","state":"OptedIn","termsVersion":"2024-01",
    "includeMarketplace":false,"preferredEmail":"jeroen@contoso.example",
    "recipients":[{"recipientId":"…","address":"fin@contoso.example"}]})"));

  run(ledger, "2024-05-02");
  const InvoiceId invoice = ledger.invoices().at(0)->invoice_id;
  EXPECT_THAT(json_of(invoice_mails_answer(ledger.state(), kOperator, invoice)), JsonLike(R"({
    "items":[{"recipientId":null,"identityId":"jeroen","address":"jeroen@contoso.example",
              "because":"AccountAdministrator","state":"Queued"},
             {"recipientId":"…","identityId":null,"address":"fin@contoso.example",
              "because":"Recipient","state":"Queued"}],
    "nextCursor":null})"));
}

TEST(AnswerShape, Access) {
  InMemoryLedger ledger = profile_example();
  ledger.given({role(ScopeType::Profile, "profile-1", Role::InvoiceManager, "maria")});
  EXPECT_THAT(json_of(access_answer(ledger.state(), kOperator, ScopeRef(ProfileId("profile-1")))),
              JsonLike(R"({"scopeType":"Profile","scopeId":"profile-1","roles":[
    {"identityId":"maria","role":"InvoiceManager","scopeType":"Profile","scopeId":"profile-1",
     "inherited":false},
    {"identityId":"jeroen","role":"Owner","scopeType":"Account","scopeId":"acc-2",
     "inherited":true}],
    "invitations":[],"invoiceSharing":false,"policies":{}})"));
  AccessView invited;
  invited.invitations.push_back({InvitationId("i-1"), Role::Reader,
                                 Personal<std::string>("m@contoso.example"), day("2024-04-01")});
  EXPECT_THAT(json_of(invited), JsonLike(R"({"invitations":[{"invitationId":"i-1",
    "role":"Reader","email":"m@contoso.example","expiresOn":"2024-04-01"}]})"));
}

TEST(AnswerShape, Credits) {
  const InMemoryLedger ledger = example();
  EXPECT_THAT(json_of(credits_answer(ledger.state(), ledger.usage(), kOperator, ScopeRef(kSub01), ledger.now().date())), JsonLike(R"({
    "items":[],"currentBalance":{"amount":"0.00","currency":"EUR"},
    "estimatedBalance":{"amount":"0.00","currency":"EUR"},"nextCursor":null})"));
}

TEST(AnswerShape, UnmatchedUsage) {
  UnmatchedItemView item;
  item.position = 17;
  item.source = "//meter/eu-1";
  item.id = "u-1";
  item.usage_id = "u-1";
  item.subscription_id = kSub01;
  item.data = usage("sub-01", "vm-x", "24", "2024-03-07");
  EXPECT_THAT(json_of(UnmatchedListView{{item}, std::nullopt}), JsonLike(R"({"items":[{
    "position":17,"source":"//meter/eu-1","id":"u-1","usageId":"u-1","subscriptionId":"sub-01",
    "reason":"NO_PRICE","data":{"subscriptionId":"sub-01","meterId":"vm-x","quantity":"24",
    "usageDate":"2024-03-07"}}],"nextCursor":null})"));
}

TEST(AnswerShape, PoliciesAndClock) {
  InMemoryLedger ledger = example();
  ledger.when(SetPolicy{"dunning.warnDays", {"14"}, std::nullopt});
  ASSERT_FALSE(ledger.error());
  const std::string json = json_of(policies_answer(ledger.state()));
  EXPECT_NE(json.find(R"({"policy":"ea.portalInvoices","value":false,)"), std::string::npos)
      << json;
  EXPECT_NE(json.find(R"({"policy":"dunning.warnDays","value":14,)"), std::string::npos) << json;
  EXPECT_NE(json.find(R"({"policy":"mosp.emailTerms","value":"required",)"), std::string::npos);
  EXPECT_THAT(json_of(ClockView{ClockKind::manual, midnight("2024-05-02")}),
              JsonLike(R"({"clock":"manual","now":"2024-05-02T00:00:00Z"})"));
}

TEST(AnswerShape, ThePersonWhoAsks) {
  const InMemoryLedger ledger = example();
  EXPECT_THAT(json_of(person_answer(ledger.state(), as("jeroen"))), JsonLike(R"({
    "identityId":"jeroen","email":"jeroen@contoso.example",
    "communicationEmail":"jeroen@contoso.example","language":null,"tenants":["contoso"],
    "activeTenant":"contoso","keys":[]})"));
  EXPECT_EQ(code_of(person_answer(ledger.state(), kOperator)), "NOT_FOUND");
}

}  // namespace
}  // namespace daybook::testing
