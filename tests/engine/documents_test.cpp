#include "ledger/codec/event.h"
#include "ledger/codec/json_writer.h"
#include "ledger/domain/facts/invoice.h"
#include "ledger/domain/facts/invoice_documents.h"
#include "ledger/domain/facts/profile.h"
#include "tests/engine/person_fixture.h"

/// Facts whose recorded form is not what was sent: documents, whose bytes follow in pieces, and accounts-payable
/// contacts, which get a name and a key of their own.
namespace daybook::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Documents : public PersonTest {
 protected:
  /// Has an invoice, as a copied history brings it.
  void invoice() {
    post(account() + "," + subscription());
    InvoiceIssued issued{};
    issued.invoice_id = InvoiceId(invoice_);
    issued.account_id = AccountId("acc-1");
    issued.scope_id = ScopeId("sub-01");
    issued.subscription_id = SubscriptionId("sub-01");
    issued.currency = kEur;
    const Money nothing{0, kEur};
    issued.totals = {nothing, nothing, nothing, nothing, nothing, nothing, nothing, nothing};
    Event event;
    event.envelope.source = "//test";
    event.envelope.id = "invoice-1";
    event.data = std::move(issued);
    auto batch = std::make_unique<FactBatch>();
    batch->caller = importer();
    ledger_->prepare(*batch, std::move(event));
    const auto done = ledger_->ingest(std::move(batch));
    ASSERT_TRUE(done.has_value());
    ASSERT_EQ((*done)->facts[0].status, FactStatus::Accepted) << (*done)->error_of((*done)->facts[0])->detail;
  }
  [[nodiscard]] std::string document(std::string_view id, std::string_view content,
                                     std::string_view document_id = "doc-1") const {
    return fact("TaxDocumentAdded", id,
                R"({"invoiceId":")" + invoice_ + R"(","documentId":")" + std::string(document_id) +
                    R"(","number":"TX-1","country":"NL","content":")" + base64(content) + R"("})");
  }
  static std::string base64(std::string_view text) {
    std::string out;
    codec::JsonWriter json(out);
    json.base64(text);
    return out.substr(1, out.size() - 2);
  }
  /// The pieces in the log, in order; "(erased)" where they cannot be read any more.
  std::vector<std::string> pieces() {
    std::vector<std::string> found;
    EXPECT_TRUE(ledger_->log().scan(1, ledger_->log().position(), [&](const log::RecordView& record) {
      const Result<Event> event = codec::decode_event(record.event, &ledger_->sealer());
      ASSERT_TRUE(event.has_value()) << event.error().detail;
      const auto* added = event->data.get_if<DocumentContentAdded>();
      if (added == nullptr) return;
      found.push_back(added->content.value
                          ? std::string(static_cast<const char*>(static_cast<const void*>(added->content.value->data())),
                                        added->content.value->size())
                          : "(erased)");
    }).has_value());
    return found;
  }

  const std::string invoice_ = "E000000001";
};

TEST_F(Documents, AreRecordedByTheirHashAndFollowInPieces) {
  invoice();
  const std::string content = "%PDF-1.7 planted-7f3a " + std::string(1'500'000, 'x');
  const auto done = post(document("d-1", content) + "," + usage("u-2"));
  ASSERT_EQ(done->facts[0].status, FactStatus::Accepted) << done->error_of(done->facts[0])->detail;
  EXPECT_EQ(done->facts[1].position, done->facts[0].position + 1) << "facts of a body are consecutive";
  EXPECT_EQ(ledger_->log().position(), done->facts[1].position + 3);
  const Result<log::StoredRecord> record = ledger_->log().read(done->facts[0].position);
  ASSERT_TRUE(record.has_value());
  EXPECT_LT(record->event.size(), 1'000u);
  for (int round = 0; round < 2; ++round) {
    std::string whole;
    for (const std::string& piece : pieces()) whole += piece;
    EXPECT_EQ(whole, content);
    ASSERT_TRUE(ledger_->maintain(true).has_value());
    EXPECT_THAT(files_with("planted-7f3a"), IsEmpty());
    reopen();
  }
  EXPECT_TRUE(ledger_->log().verify().has_value());
}

TEST_F(Documents, ARetryIsTheSameFactAndOtherBytesAreAnother) {
  invoice();
  const auto first = post(document("d-1", "%PDF-1.7 one"));
  const log::Position head = ledger_->log().position();
  for (int round = 0; round < 2; ++round) {
    const auto again = post(document("d-1", "%PDF-1.7 one"));
    EXPECT_EQ(again->facts[0].status, FactStatus::Duplicate);
    EXPECT_EQ(again->facts[0].position, first->facts[0].position);
    const auto other = post(document("d-1", "%PDF-1.7 two"));
    ASSERT_EQ(other->facts[0].status, FactStatus::Rejected);
    EXPECT_EQ(other->error_of(other->facts[0])->code, "EVENT_ID_REUSED");
    const auto taken = post(document("d-2", "%PDF-1.7 two"));
    ASSERT_EQ(taken->facts[0].status, FactStatus::Rejected);
    EXPECT_EQ(taken->error_of(taken->facts[0])->code, "ALREADY_EXISTS");
    EXPECT_EQ(ledger_->log().position(), head);
    reopen();
  }
  EXPECT_THAT(pieces(), ElementsAre("%PDF-1.7 one"));
}

TEST_F(Documents, KeepTheirBytesWhenSomebodyIsErasedMeanwhile) {
  invoice();
  post(linked("jeroen", "jeroen@contoso.example", "p-1"));
  auto late = prepared(document("d-1", "%PDF-1.7 one"));
  ASSERT_TRUE(erase("jeroen", std::nullopt).has_value());
  const auto done = ledger_->ingest(std::move(late));
  ASSERT_TRUE(done.has_value());
  EXPECT_EQ((*done)->facts[0].status, FactStatus::Accepted);
  EXPECT_THAT(pieces(), ElementsAre("%PDF-1.7 one"));
}

TEST_F(Documents, HashAndLengthAreTheLedgersToSay) {
  invoice();
  const auto refused = post(fact("TaxDocumentAdded", "d-1", R"({"invoiceId":")" + invoice_ +
      R"(","documentId":"doc-1","number":"1","country":"NL","contentHash":"AAAA"})"));
  ASSERT_EQ(refused->facts[0].status, FactStatus::Rejected);
  EXPECT_EQ(refused->error_of(refused->facts[0])->code, "INVALID_FIELD");
  EXPECT_EQ(refused->error_of(refused->facts[0])->pointer, "/data/contentHash");
}

class PayablesContacts : public PersonTest {
 protected:
  std::vector<std::string> shown() {
    std::vector<std::string> addresses;
    ledger_->read_books([&](const StateReader& books) {
      for (const PayablesContact& each : books.profile(ProfileId("p-1"))->payables_contacts)
        addresses.push_back(each.address.value.value_or("(erased)"));
    });
    return addresses;
  }
};

TEST_F(PayablesContacts, AreErasedWithTheirRemoval) {
  post(profile());
  const auto added = post(contact("Added", "c-1", "ap@contoso.example") + "," + contact("Added", "c-2", "cfo@contoso.example"));
  EXPECT_EQ(added->facts[1].status, FactStatus::Accepted);
  const auto removed = post(contact("Removed", "c-3", "ap@Contoso.example"));
  ASSERT_EQ(removed->facts[0].status, FactStatus::Accepted) << removed->error_of(removed->facts[0])->detail;
  for (int round = 0; round < 2; ++round) {
    EXPECT_THAT(shown(), ElementsAre("cfo@contoso.example"));
    const std::map<std::string, std::string> expected{
        {"c-1", "(erased)"}, {"c-2", "cfo@contoso.example"}, {"c-3", "(erased)"}};
    EXPECT_EQ(persons(), expected);
    EXPECT_EQ(post(contact("Added", "c-1", "ap@contoso.example"))->facts[0].status, FactStatus::Duplicate);
    EXPECT_EQ(post(contact("Removed", "c-3", "ap@contoso.example"))->facts[0].status, FactStatus::Duplicate);
    reopen();
  }
  // The same address may come again, under another key.
  EXPECT_EQ(post(contact("Added", "c-4", "ap@contoso.example"))->facts[0].status, FactStatus::Accepted);
  EXPECT_THAT(shown(), ElementsAre("cfo@contoso.example", "ap@contoso.example"));
  EXPECT_EQ(persons().at("c-1"), "(erased)");
}

TEST_F(PayablesContacts, AreErasedByTheirAddress) {
  post(profile());
  post(contact("Added", "c-1", "ap@contoso.example"));
  ASSERT_TRUE(ledger_->maintain(true).has_value());
  const auto erased = erase(std::nullopt, "AP@contoso.example");
  ASSERT_TRUE(erased.has_value()) << erased.error().detail;
  EXPECT_EQ(erased->count, 1u);
  EXPECT_THAT(shown(), ElementsAre("(erased)"));
  reopen();
  EXPECT_THAT(shown(), ElementsAre("(erased)"));
  EXPECT_EQ(persons().at("c-1"), "(erased)");
}

TEST_F(PayablesContacts, AreCalledWhatTheLedgerCallsThem) {
  post(profile());
  const auto refused = post(fact("AccountsPayableContactAdded", "c-1",
                                 R"({"profileId":"p-1","newValue":"ap@contoso.example","recipientId":"r-1"})"));
  ASSERT_EQ(refused->facts[0].status, FactStatus::Rejected);
  EXPECT_EQ(refused->error_of(refused->facts[0])->pointer, "/data/recipientId");
  // Nothing of the address is in the name.
  post(contact("Added", "c-1", "ap@contoso.example"));
  std::string first;
  ledger_->read_books([&](const StateReader& books) {
    first = books.profile(ProfileId("p-1"))->payables_contacts.at(0).recipient_id.text();
  });
  EXPECT_THAT(first, ::testing::StartsWith("ap-"));
  post(contact("Removed", "c-2", "ap@contoso.example") + "," + contact("Added", "c-3", "ap@contoso.example"));
  ledger_->read_books([&](const StateReader& books) {
    EXPECT_NE(books.profile(ProfileId("p-1"))->payables_contacts.at(0).recipient_id.text(), first);
  });
}

}  // namespace
}  // namespace daybook::engine
