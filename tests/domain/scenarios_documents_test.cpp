#include <gtest/gtest.h>

#include "ledger/domain/answers/documents_answer.h"
#include "ledger/domain/commands/administration.h"
#include "ledger/domain/commands/invoice.h"
#include "ledger/domain/facts/invoice_documents.h"
#include "ledger/domain/facts/provider.h"
#include "ledger/domain/sha256.h"
#include "tests/domain/payment_support.h"
#include "tests/support/billing_facts.h"

/// Documents that the provider attaches to invoices (DOC-1), and what invoices need of the provider (PROV-1).
namespace daybook::testing {
namespace {

std::vector<std::byte> bytes(std::string_view text) {
  std::vector<std::byte> result;
  for (const char c : text) result.push_back(std::byte{static_cast<unsigned char>(c)});
  return result;
}

TaxDocumentAdded document(const InvoiceId& invoice, std::string_view id = "doc-1",
                          std::string_view content = "%PDF-1.7 one") {
  TaxDocumentAdded fact;
  fact.invoice_id = invoice;
  fact.document_id = DocumentId(std::string(id));
  fact.number = "TX-" + std::string(id);
  fact.country = "NL";
  fact.content = bytes(content);
  return fact;
}

/// An MCA profile with an invoice, and a person for each role on it; `sam` owns its section.
class TaxDocuments : public ::testing::Test {
 protected:
  TaxDocuments() {
    ledger.at("2024-03-01")
        .given({account("acc-2", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-2"),
                section("s-1", "p-1"), in_section(subscription("a", "acc-2", "2024-03-01"), "s-1"),
                cost("a", "10.00", "2024-03-02"), vat(),
                role(ScopeType::Profile, "p-1", Role::Owner, "olga"),
                role(ScopeType::Profile, "p-1", Role::Reader, "ria"),
                role(ScopeType::Profile, "p-1", Role::InvoiceManager, "mia"),
                role(ScopeType::Section, "s-1", Role::Owner, "sam")})
        .when(AdvanceClock{midnight("2024-04-05"), true});
    invoice = ledger.invoices().at(0)->invoice_id;
  }
  [[nodiscard]] std::string codes(std::string_view who) const {
    const auto list = invoice_documents_answer(ledger.state(), as(who), invoice);
    const auto one = document_answer(ledger.state(), as(who), DocumentId("doc-1"));
    return (list ? std::to_string(list->items.size()) : std::string(list.error().code)) + " " +
           (one ? (*one)->document_id.text() : std::string(one.error().code));
  }

  InMemoryLedger ledger;
  InvoiceId invoice;
};

TEST_F(TaxDocuments, SC_114_WhoeverMayDownloadTheInvoiceMayDownloadItsTaxDocument) {
  EXPECT_EQ(codes("ria"), "0 NOT_FOUND");
  ledger.given({document(invoice)});
  EXPECT_EQ(codes("ria"), "1 doc-1");
  EXPECT_EQ(codes("mia"), "1 doc-1");
  EXPECT_EQ(codes("sam"), "NOT_FOUND NOT_FOUND");
  EXPECT_EQ(codes("nobody"), "NOT_FOUND NOT_FOUND");
}

TEST_F(TaxDocuments, AreListedInTheOrderInWhichTheyCame) {
  ledger.at("2024-04-07").given({document(invoice, "doc-2")});
  ledger.at("2024-04-08").given({document(invoice, "doc-1", "%PDF-1.4 two")});
  const auto list = invoice_documents_answer(ledger.state(), as("ria"), invoice);
  ASSERT_TRUE(list);
  const DocumentListView expected{
      {{DocumentId("doc-2"), DocumentKind::TaxReceipt, "TX-doc-2", "NL", day("2024-04-07"), 12,
        sha256_hex("%PDF-1.7 one")},
       {DocumentId("doc-1"), DocumentKind::TaxReceipt, "TX-doc-1", "NL", day("2024-04-08"), 12,
        sha256_hex("%PDF-1.4 two")}}};
  EXPECT_EQ(*list, expected);
}

TEST_F(TaxDocuments, BytesFollowInPiecesThatFitAnEvent) {
  const std::string content = "%PDF-1.7 " + std::string((std::size_t{1} << 20) + 17, 'x');
  ledger.post({document(invoice, "doc-1", content)});
  ASSERT_FALSE(ledger.error());
  const auto chunks = ledger.outcome<DocumentContentAdded>();
  ASSERT_EQ(chunks.size(), 3u);
  std::vector<std::byte> whole;
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    EXPECT_EQ(chunks[i].chunk, static_cast<std::int32_t>(i));
    EXPECT_EQ(chunks[i].invoice_id, invoice);
    EXPECT_LE(chunks[i].content.value->size(), std::size_t{1} << 19);
    whole.insert(whole.end(), chunks[i].content.value->begin(), chunks[i].content.value->end());
  }
  EXPECT_EQ(whole, bytes(content));
  const auto found = document_answer(ledger.state(), as("ria"), DocumentId("doc-1"));
  ASSERT_TRUE(found);
  EXPECT_EQ((*found)->chunks, (std::vector<Position>{ledger.head() - 2, ledger.head() - 1, ledger.head()}));
}

TEST_F(TaxDocuments, Refusals) {
  const auto refuses = [&](const TaxDocumentAdded& fact, std::string_view code, std::string_view pointer) {
    const Position head = ledger.head();
    ledger.post({fact}).then_rejected(code, pointer);
    EXPECT_EQ(ledger.head(), head);
  };
  refuses(document(InvoiceId("G000000000")), "UNKNOWN_REFERENCE", "/data/invoiceId");
  TaxDocumentAdded wrong = document(invoice);
  for (const char* country : {"", "nl", "NLD", "N1"}) {
    wrong.country = country;
    refuses(wrong, "INVALID_STRING", "/data/country");
  }
  refuses(document(invoice, "doc-1", ""), "INVALID_FIELD", "/data/content");
  refuses(document(invoice, "doc-1", "<html>"), "INVALID_FIELD", "/data/content");
  const std::string most = "%PDF-" + std::string(kDocumentBytesMax - 5, ' ');
  refuses(document(invoice, "doc-1", most + " "), "BODY_TOO_LARGE", "/data/content");
  ledger.given({document(invoice, "doc-1", most)});
  refuses(document(invoice), "ALREADY_EXISTS", "/data/documentId");
  // A key of another tenant knows nothing of the invoice.
  ledger.post({document(invoice, "doc-2")}, "fabrikam").then_rejected("UNKNOWN_REFERENCE", "/data/invoiceId");
}

TEST_F(TaxDocuments, ACreditNoteHasNone) {
  ledger.given({document(invoice)});
  ledger.when(IssueCreditNote{invoice, money("1.00"), "goodwill"});
  const auto notes = ledger.outcome<CreditNoteIssued>();
  ASSERT_EQ(notes.size(), 1u);
  const InvoiceId note(notes[0].credit_note_id.text());
  const auto list = invoice_documents_answer(ledger.state(), as("ria"), note);
  ASSERT_TRUE(list);
  EXPECT_TRUE(list->items.empty());
  EXPECT_EQ(invoice_documents_answer(ledger.state(), as("sam"), note).error().code, "NOT_FOUND");
}

// Tax receipts (DOC-1)

SetPolicy receipts_in(std::string_view countries) { return {"tax.receiptCountries", {std::string(countries)}, {}}; }

TEST_F(TaxDocuments, APaymentMakesATaxReceiptWhereThePolicySaysSo) {
  ledger.given({payment(invoice, "p-1", "2.00")});
  ledger.when(receipts_in(R"(["DE","NL"])"));
  ASSERT_FALSE(ledger.error()) << ledger.error()->detail;
  EXPECT_EQ(codes("ria"), "0 NOT_FOUND");  // what was paid before has none
  ledger.at("2024-04-20").given({payment(invoice, "p-2", "3.00")});
  ledger.given({payment(invoice, "p-3", "7.10")});
  ASSERT_EQ(ledger.state().invoice(invoice)->status, InvoiceStatus::Paid);
  const auto list = invoice_documents_answer(ledger.state(), as("ria"), invoice);
  ASSERT_TRUE(list);
  const std::string number = invoice.text() + "-R";
  const DocumentListView expected{
      {{DocumentId(number + "2"), DocumentKind::TaxReceipt, number + "2", "NL", day("2024-04-20")},
       {DocumentId(number + "3"), DocumentKind::TaxReceipt, number + "3", "NL", day("2024-04-20")}}};
  EXPECT_EQ(*list, expected);
  const auto file = document_answer(ledger.state(), as("ria"), DocumentId(number + "2"));
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, "NOT_SUPPORTED");
  EXPECT_NE(file.error().detail.find("record without a file"), std::string::npos);
  EXPECT_EQ(document_answer(ledger.state(), as("sam"), DocumentId(number + "2")).error().code, "NOT_FOUND");
  // Nor does it go when the payment does.
  InvoicePaymentReversed back;
  back.invoice_id = invoice;
  back.payment_id = PaymentId("p-2");
  back.amount = money("3.00");
  back.reason = ReversalReason::Chargeback;
  ledger.given({back});
  EXPECT_EQ(invoice_documents_answer(ledger.state(), as("ria"), invoice)->items.size(), 2u);
}

TEST_F(TaxDocuments, NoReceiptInOtherCountriesNorOfAPaymentToldTwice) {
  ledger.when(receipts_in(R"(["DE"])")).given({payment(invoice, "p-1", "2.00")});
  EXPECT_TRUE(ledger.outcome<InvoiceDocumentGenerated>().empty());
  ledger.when(receipts_in(R"(["NL"])"));
  // A name that somebody took is left to him.
  TaxDocumentAdded theirs = document(invoice, invoice.text() + "-R2");
  ledger.given({theirs, payment(invoice, "p-2", "1.00")});
  const auto made = ledger.outcome<InvoiceDocumentGenerated>();
  ASSERT_EQ(made.size(), 1u);
  EXPECT_EQ(made[0].document_id, DocumentId(invoice.text() + "-R2R"));
  EXPECT_EQ(made[0].number, invoice.text() + "-R2");
  // A history that brings its receipt gets no other one.
  InvoiceDocumentGenerated told = made[0];
  told.document_id = DocumentId(invoice.text() + "-R3");
  told.number = told.document_id.text();
  ledger.record(told);
  ledger.given({payment(invoice, "p-3", "1.00")});
  EXPECT_TRUE(ledger.outcome<InvoiceDocumentGenerated>().empty());
}

TEST(TaxReceipts, OfPayNowAndOfASettledBalance) {
  InMemoryLedger ledger = two_on_a_card();
  ledger.when(receipts_in(R"(["US"])"));
  const InvoiceId first = ledger.invoices()[0]->invoice_id;
  const InvoiceId second = ledger.invoices()[1]->invoice_id;
  ledger.given({decline(first, "p-0")});
  ledger.when(PayNow{second, MethodId("card-1"), {}}, as("jeroen"));
  ASSERT_EQ(ledger.outcome<InvoiceDocumentGenerated>().size(), 1u);
  EXPECT_EQ(ledger.outcome<InvoiceDocumentGenerated>()[0].document_id, DocumentId(second.text() + "-R1"));
  ledger.when(SettleBalance{kAcc1, MethodId("card-1"), {}}, as("jeroen"));
  ASSERT_EQ(ledger.outcome<InvoiceDocumentGenerated>().size(), 1u);
  EXPECT_EQ(ledger.outcome<InvoiceDocumentGenerated>()[0].document_id, DocumentId(first.text() + "-R1"));
  EXPECT_EQ(ledger.outcome<InvoiceDocumentGenerated>()[0].country, "US");
}

// SC-112

ProviderDetailsChanged block(std::string_view effective_on) {
  ProviderDetailsChanged details;
  details.effective_on = day(effective_on);
  details.name = "Daybook Cloud";
  return details;
}

TEST_F(TaxDocuments, SC_112_EInvoicesNeedTheProvidersDetailsOfTheIssueDay) {
  const auto refusal = [&](const InvoiceId& id, std::string_view who = "ria") {
    return e_invoice_answer(ledger.state(), as(who), id).error();
  };
  // Nobody was configured; the invoice was issued all the same.
  EXPECT_EQ(refusal(invoice).code, "PROVIDER_INCOMPLETE");
  EXPECT_NE(refusal(invoice).detail.find("legalName, address, vatId"), std::string::npos);
  EXPECT_EQ(refusal(invoice, "sam").code, "NOT_FOUND");
  ProviderDetailsChanged details = block("2024-04-05");
  details.legal_name = "Daybook Cloud BV";
  ledger.when(ApplyConfiguration{{}, details, {}});
  ASSERT_FALSE(ledger.error()) << ledger.error()->detail;
  EXPECT_NE(refusal(invoice).detail.find("lacked address, vatId"), std::string::npos);
  // A complete block of later days makes no earlier invoice whole.
  details.effective_on = day("2024-05-01");
  details.address = Address{"Daybook Cloud BV", {}, {}, {}, {}, {}, "NL", {}};
  details.vat_id = "NL001234567B01";
  ledger.when(ApplyConfiguration{{}, details, {}});
  ledger.given({cost("a", "5.00", "2024-04-06")}).when(AdvanceClock{midnight("2024-05-05"), true});
  EXPECT_EQ(refusal(invoice).code, "PROVIDER_INCOMPLETE");
  EXPECT_EQ(refusal(ledger.invoices().at(1)->invoice_id).code, "NOT_SUPPORTED");
}

TEST(Provider, NeedsAVatIdWhereTaxIsChargedAlone) {
  ProviderDetailsChanged details = block("2024-04-05");
  using Names = std::vector<std::string_view>;
  EXPECT_EQ(missing_details(nullptr, false), (Names{"legalName", "address"}));
  EXPECT_EQ(missing_details(&details, true), (Names{"legalName", "address", "vatId"}));
  details.legal_name = "";
  details.address = Address{"Daybook Cloud BV", {}, {}, {}, {}, {}, "NL", {}};
  EXPECT_EQ(missing_details(&details, false), (Names{"legalName"}));
  details.legal_name = "Daybook Cloud BV";
  EXPECT_EQ(missing_details(&details, false), Names{});
  EXPECT_EQ(missing_details(&details, true), (Names{"vatId"}));
}

}  // namespace
}  // namespace daybook::testing
