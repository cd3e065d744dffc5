#include <random>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "ledger/domain/commands/invoice.h"
#include "ledger/domain/commands/reservation.h"
#include "ledger/domain/rules/purchase.h"
#include "tests/domain/enrollment_support.h"
#include "tests/support/billing_facts.h"
#include "tests/support/bookkept_ledger.h"
#include "tests/support/charge_facts.h"

/// Whatever happens in whatever order: after each step the journal says what the ledger says.
namespace daybook::testing {
namespace {

class RandomBooks {
 public:
  explicit RandomBooks(unsigned seed) : random_(seed) {
    BillingProfileCreated of = profile("p-1", "acc-2");
    books_.at("2024-01-02")
        .given({vat(), account("acc-1", AccountType::MOSP, "2024-01-02"), account("acc-2", AccountType::MCA, "2024-01-02"),
                of, linked("jeroen", "jeroen@contoso.example"), account("acc-e", AccountType::EA, "2024-01-02")})
        .given({card("method-1", "acc-1", {}, chance(2) ? PaymentFamily::CreditCard : PaymentFamily::CheckWire)});
    SubscriptionCreated mosp = subscription("sub-m", "acc-1", "2024-01-02");
    mosp.payment_method_id = MethodId("method-1");
    EnrollmentRegistered registered = enrollment(chance(2) ? "500.00" : "");
    registered.start_date = day("2024-01-01");
    books_.given({mosp, in_section(subscription("sub-p", "acc-2", "2024-01-02"), "p-1"), registered,
                  enrollment_account("ea-1", "otto"),
                  in_account(subscription("sub-e", "acc-e", "2024-01-02"), "ea-1")});
  }

  /// Half a year, a few steps every few days.
  void play() {
    while (today_ < day("2024-07-15")) {
      today_ = today_.plus_days(1 + number(9));
      books_.when(AdvanceClock{Instant::start_of(today_), true});
      for (int steps = number(5); steps > 0; --steps) step();
      books_.expect_agreement();
      if (::testing::Test::HasFailure()) {
        std::string told;
        for (const std::string& each : told_) told += each + "\n";
        FAIL() << told;
      }
    }
  }

  [[nodiscard]] const BookkeptLedger& books() const { return books_; }

 private:
  int number(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }
  bool chance(int in) { return number(in) == 0; }
  std::string amount(int most) {
    const int cents = 1 + number(most * 100);
    return Money{cents, kEur}.amount_text();
  }
  std::string name() { return "n-" + std::to_string(++names_); }
  std::string subscription_id() {
    constexpr const char* kIds[] = {"sub-m", "sub-p", "sub-e"};
    return kIds[number(3)];
  }

  void tell(std::string_view what, EventData fact) {
    if (books_.attempt(std::move(fact))) told_.push_back(today_.text() + " " + std::string(what));
  }
  void wish(std::string_view what, CommandData command) {
    books_.when(std::move(command));
    if (!books_.ledger().error()) told_.push_back(today_.text() + " " + std::string(what));
  }

  void step() {
    switch (number(16)) {
      case 0:
      case 1:
      case 2:
        return tell("usage", cost(subscription_id(), amount(200), today_.text()));
      case 3:
        return tell("refunded usage", cost(subscription_id(), "-" + amount(40), today_.text(), ChargeType::Refund));
      case 4: {
        constexpr PurchaseKind kKinds[] = {PurchaseKind::Marketplace, PurchaseKind::Reservation, PurchaseKind::Licence};
        const std::string id = name();
        purchases_.push_back(id);
        return tell("purchase", bought(id, subscription_id(), kKinds[number(3)], amount(90), today_.text()));
      }
      case 5:
        if (purchases_.empty()) return;
        return tell("refund of a purchase", refunded(name(), purchases_[pick(purchases_)], amount(40), today_.text()));
      case 6: {
        ReservationPurchased fact = reserved(name(), subscription_id(), amount(400),
                                             chance(2) ? ReservationPayment::card : ReservationPayment::invoice);
        if (chance(3)) fact.billing_frequency = BillingFrequency::Monthly;
        reservations_.push_back(fact.reservation_id);
        return tell("reservation " + fact.reservation_id.text(), fact);
      }
      case 7: {
        if (reservations_.empty()) return;
        if (chance(3)) return exchange(reservations_[pick(reservations_)]);
        RefundReservation command;
        command.reservation_id = reservations_[pick(reservations_)];
        return wish("refund of reservation " + command.reservation_id.text(), command);
      }
      case 8:
        return grant();
      case 9:
        if (lots_.empty()) return;
        return tell("credit adjusted", adjusted(lots_[pick(lots_)], (chance(2) ? "-" : "") + amount(20)));
      default:
        return correct();
    }
  }

  /// For another one that costs more (2.6).
  void exchange(const ReservationId& old) {
    const Reservation* reservation = books_.ledger().state().find<Reservation>(old.text());
    if (reservation == nullptr) return;
    ExchangeReservation command;
    command.reservation_id = old;
    command.new_reservation_id = ReservationId(name());
    command.subscription_id = reservation->subscription_id;
    command.amount = {reservation->amount.minor_units + 1 + number(10'000), kEur};
    command.term_months = 12;
    command.billing_frequency = reservation->billing_frequency;
    wish("exchange of reservation " + old.text(), command);
    if (!books_.ledger().error()) reservations_.push_back(command.new_reservation_id);
  }

  void grant() {
    constexpr CreditSource kSources[] = {CreditSource::Promotional, CreditSource::Prepayment, CreditSource::MonthlyCredit,
                                         CreditSource::Other};
    const std::string id = name();
    CreditGranted fact = granted(id, "sub-m", kSources[number(4)], amount(150), today_.text());
    if (chance(2)) fact.expires_on = today_.plus_days(5 + number(60));
    if (const int where = number(3); where != 0) {
      fact.scope_type = where == 1 ? ScopeType::Profile : ScopeType::Enrollment;
      fact.scope_id = ScopeId(where == 1 ? "p-1" : kEnrollment.text());
    }
    lots_.push_back(id);
    tell("credit", fact);
  }

  /// Something of an invoice.
  void correct() {
    const auto invoices = books_.ledger().invoices();
    if (invoices.empty()) return;
    const Invoice& invoice = *invoices[pick(invoices)];
    const InvoiceId id = invoice.invoice_id;
    const std::string text = id.text();
    switch (number(9)) {
      case 0:
        return tell("declined " + text, decline(id, name()));
      case 1:
      case 2:
        if (invoice.amount_due_minor() == 0) return;
        return tell("paid " + text, payment(id, name(), invoice.amount_due().amount_text()));
      case 3:
        if (invoice.amount_due_minor() < 2) return;
        return tell("paid in part " + text, payment(id, name(), Money{invoice.amount_due_minor() / 2, kEur}.amount_text()));
      case 4:
      case 5: {
        if (invoice.payments.empty()) return;
        const InvoicePayment& paid = invoice.payments[pick(invoice.payments)];
        std::int64_t left = paid.amount_minor - paid.reversed_minor;
        if (left <= 0) return;
        if (chance(2)) left = (left + 1) / 2;
        const ReversalReason reason = chance(2) ? ReversalReason::Refund : ReversalReason::Chargeback;
        return tell("paid back of " + text, InvoicePaymentReversed{id, paid.payment_id, {left, kEur}, reason});
      }
      case 6: {
        const std::int64_t left = invoice.total_minor - invoice.credited_minor;
        if (left <= 0) return;
        return wish("note on " + text, IssueCreditNote{id, {chance(2) ? left : (left + 1) / 2, kEur}, "outage"});
      }
      case 7:
        return wish("void " + text, VoidInvoice{id, "mistake", chance(2)});
      default: {
        AmendInvoice amend;
        amend.invoice_id = id;
        amend.po_number = name();
        return wish("amended " + text, amend);
      }
    }
  }

  template <class List>
  std::size_t pick(const List& list) {
    return static_cast<std::size_t>(number(static_cast<int>(list.size())));
  }

  std::mt19937 random_;
  BookkeptLedger books_;
  Date today_ = day("2024-01-02");
  int names_ = 0;
  std::vector<std::string> purchases_;
  std::vector<ReservationId> reservations_;
  std::vector<std::string> lots_;
  std::vector<std::string> told_;
};

TEST(JournalOfRandomLedgers, AgreesWithTheLedgerAfterEachStep) {
  std::size_t entries = 0;
  std::set<std::string> paths;
  std::set<std::string> kinds;
  for (unsigned seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomBooks random(seed);
    random.play();
    if (HasFailure()) return;
    for (const JournalEntry& entry : random.books().journal().entries()) {
      ++entries;
      kinds.insert(entry.narration.substr(0, entry.narration.find(' ')));
      if (entry.narration.starts_with("Credit ")) kinds.insert(entry.narration.substr(entry.narration.rfind(' ') + 1));
      for (const Posting& posting : entry.postings) paths.insert(posting.account.path);
    }
  }
  // It has met everything that posts, but for support plans and discounts.
  EXPECT_GT(entries, 2000u);
  EXPECT_EQ(paths, (std::set<std::string>{"assets:bank", "assets:receivable", "equity:credits", "equity:credits:granted",
                                          "equity:credits:open", "equity:prepayment", "income:expired", "income:licence",
                                          "income:marketplace", "income:refund", "income:reservation", "income:usage",
                                          "liabilities:prepayment", "liabilities:tax"}));
  for (const char* kind : {"Invoice", "Payment", "Refund", "Chargeback", "Reservations", "granted", "used", "expired", "adjusted"})
    EXPECT_TRUE(kinds.contains(kind)) << kind;
}

}  // namespace
}  // namespace daybook::testing
