#include <gtest/gtest.h>

#include "ledger/domain/facts/invoice.h"
#include "projections/invoices/invoice_list.h"
#include "projections/invoices/invoice_rows.h"
#include "tests/projections/view_ledger.h"

namespace daybook::projections::testing {
namespace {

class Invoices : public ::testing::Test {
 protected:
  InvoiceIssued invoice(const std::string& id, Date issued, const std::string& account,
                        const std::string& subscription) {
    InvoiceIssued event;
    event.invoice_id = InvoiceId(id);
    event.type = InvoiceType::AzureServices;
    event.account_id = AccountId(account);
    event.scope_type = ScopeType::Subscription;
    event.scope_id = ScopeId(subscription);
    event.subscription_id = SubscriptionId(subscription);
    event.run_date = event.issue_date = issued;
    event.due_date = issued;
    event.period = Period{issued.plus_days(-30), issued};
    event.currency = kEur;
    event.totals.billed = event.totals.sub_total = event.totals.total = Money{4000, kEur};
    return event;
  }
  Position record(EventData data) {
    const Position position = ledger_.append(maker_.make(std::move(data), kDay));
    ledger_.views().catch_up();
    return position;
  }
  Position pay(const std::string& id) {
    InvoicePaid paid;
    paid.invoice_id = InvoiceId(id);
    paid.as_of = kDay;
    return record(paid);
  }
  InvoicePage page(const InvoiceQuery& query, Position position, std::size_t limit = 100,
                   const std::optional<InvoicePlace>& after = {}) {
    const auto found =
        InvoiceList(ledger_.views().rows(kInvoices), position).page(query, limit, after);
    EXPECT_TRUE(found);
    return *found;
  }
  std::vector<std::string> ids(const InvoicePage& found) {
    std::vector<std::string> all;
    for (const ListedInvoice& item : found.items) {
      all.push_back(item.kind == DocumentType::Invoice ? item.invoice_id.text()
                                                       : item.credit_note_id.text());
    }
    return all;
  }
  using Ids = std::vector<std::string>;

  const Date kDay = Date::of(2024, 5, 2);
  EventMaker maker_;
  ViewLedger ledger_;
};

TEST_F(Invoices, ComeNewestFirstWithAnExactTotal) {
  record(invoice("E1", Date::of(2024, 3, 2), "acc-1", "sub-1"));
  record(invoice("E2", Date::of(2024, 4, 2), "acc-1", "sub-1"));
  record(invoice("E3", Date::of(2024, 4, 2), "acc-2", "sub-2"));
  const Position head = record(invoice("E0", Date::of(2024, 2, 2), "acc-1", "sub-3"));
  EXPECT_EQ(ids(page({}, head)), (Ids{"E3", "E2", "E1", "E0"}));
  EXPECT_EQ(page({}, head).total, 4U);
  InvoiceQuery of_account;
  of_account.scopes = {ScopeRef(AccountId("acc-1"))};
  EXPECT_EQ(ids(page(of_account, head)), (Ids{"E2", "E1", "E0"}));
  EXPECT_EQ(page(of_account, head).total, 3U);
  InvoiceQuery own;
  own.scopes = {ScopeRef(SubscriptionId("sub-3")), ScopeRef(SubscriptionId("sub-2"))};
  EXPECT_EQ(ids(page(own, head)), (Ids{"E3", "E0"}));
  EXPECT_EQ(page(own, head).total, 2U);
  own.scopes = {ScopeRef(SubscriptionId("sub-9"))};
  EXPECT_EQ(page(own, head).total, 0U);
}

TEST_F(Invoices, KeepTheirPlaceWhileAStatusChanges) {
  record(invoice("E1", Date::of(2024, 3, 2), "acc-1", "sub-1"));
  const Position issued = record(invoice("E2", Date::of(2024, 4, 2), "acc-1", "sub-1"));
  const Position paid = pay("E2");
  InvoiceQuery due;
  due.status = InvoiceStatus::Due;
  EXPECT_EQ(ids(page(due, issued)), (Ids{"E2", "E1"}));
  EXPECT_EQ(ids(page(due, paid)), (Ids{"E1"}));
  EXPECT_EQ(page(due, paid).total, 1U);
  EXPECT_EQ(page(due, issued).total, std::nullopt) << "the whole ledger at a past position";
  due.scopes = {ScopeRef(AccountId("acc-1"))};
  EXPECT_EQ(page(due, issued).total, 2U) << "within an account it is known";
  InvoiceQuery done;
  done.status = InvoiceStatus::Paid;
  EXPECT_EQ(ids(page(done, issued)), (Ids{}));
  EXPECT_EQ(ids(page(done, paid)), (Ids{"E2"}));
  EXPECT_EQ(ids(page({}, 0)), (Ids{}));
}

TEST_F(Invoices, OfDatesAreCountedByWholeMonthsAndTheDaysAround) {
  for (int i = 0; i < 200; ++i) {
    record(invoice("E" + std::to_string(i), Date::of(2023, 11, 20).plus_days(i), "acc-1", "sub-1"));
  }
  const Position head = ledger_.log().position();
  for (const auto& [from, to] :
       std::vector<std::pair<Date, Date>>{{Date::of(2023, 11, 20), Date::of(2024, 6, 7)},
                                          {Date::of(2023, 12, 1), Date::of(2024, 1, 1)},
                                          {Date::of(2023, 12, 2), Date::of(2024, 3, 30)},
                                          {Date::of(2024, 1, 5), Date::of(2024, 1, 9)},
                                          {Date::of(2024, 1, 5), Date::of(2024, 2, 1)},
                                          {Date::of(2024, 1, 1), Date::of(2024, 2, 2)},
                                          {Date::of(2024, 3, 3), Date::of(2024, 3, 3)},
                                          {Date::of(2024, 3, 3), Date::of(2024, 1, 1)}}) {
    InvoiceQuery query;
    query.from = from;
    query.to = to;
    const InvoicePage found = page(query, head, 1000);
    EXPECT_EQ(found.total, found.items.size()) << from.text() << ' ' << to.text();
    EXPECT_EQ(found.items.size(), from < to ? static_cast<std::size_t>(days_between(from, to)) : 0);
    query.to.reset();
    EXPECT_EQ(page(query, head, 1000).total, page(query, head, 1000).items.size());
    query.from.reset();
    query.to = to;
    EXPECT_EQ(page(query, head, 1000).total, page(query, head, 1000).items.size());
  }
}

TEST_F(Invoices, PagesBeginWhereTheLastOneEndedAlsoAfterTheListHasChanged) {
  for (int i = 0; i < 25; ++i)
    record(invoice("E" + std::to_string(i), Date::of(2024, 3, 1 + i / 3), "acc-1", "sub-1"));
  const Position began = ledger_.log().position();
  const Ids whole = ids(page({}, began));
  Ids paged;
  std::optional<InvoicePlace> after;
  int changes = 0;
  do {
    const InvoicePage found = page({}, began, 4, after);
    for (const std::string& id : ids(found)) paged.push_back(id);
    after = found.next;
    pay("E" + std::to_string(changes++));
    record(invoice("N" + std::to_string(changes), Date::of(2024, 3, 4), "acc-1", "sub-1"));
  } while (after);
  EXPECT_EQ(paged, whole);
}

TEST_F(Invoices, HaveTheirCreditNotesInListsOfTheirOwn) {
  record(invoice("E1", Date::of(2024, 3, 2), "acc-1", "sub-1"));
  CreditNoteIssued note;
  note.credit_for_invoice_id = InvoiceId("E1");
  note.credit_note_id = CreditNoteId("D1");
  note.issue_date = Date::of(2024, 3, 9);
  note.amount = Money{100, kEur};
  note.reason = "outage";
  const Position head = record(note);
  EXPECT_EQ(ids(page({}, head)), (Ids{"E1"}));
  InvoiceQuery notes;
  notes.kind = DocumentType::CreditNote;
  const InvoicePage found = page(notes, head);
  EXPECT_EQ(ids(found), (Ids{"D1"}));
  EXPECT_EQ(found.items.front().invoice_id, InvoiceId("E1"));
  EXPECT_EQ(found.items.front().status, InvoiceStatus::Paid);
  notes.kind.reset();
  EXPECT_EQ(ids(page(notes, head)), (Ids{"D1", "E1"}));
  EXPECT_EQ(page(notes, head).total, 2U);
}

}  // namespace
}  // namespace daybook::projections::testing
