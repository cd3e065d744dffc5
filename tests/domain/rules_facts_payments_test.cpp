#include <gtest/gtest.h>

#include "ledger/domain/commands/invoice.h"
#include "ledger/domain/facts/invoice_documents.h"
#include "tests/domain/facts_support.h"

/// Facts about payment methods and payments: every refusal, and what follows from those accepted.
namespace daybook::testing {
namespace {


TEST_F(Facts, PaymentMethods) {
  refuses(card("card-1", "acc-1"), "ALREADY_EXISTS", "/data/methodId");
  refuses(card("card-2", "no"), "UNKNOWN_REFERENCE", "/data/accountId");
  refuses(card("card-2", "acc-1", {"sub-01", "sub-03"}), "UNKNOWN_REFERENCE",
          "/data/sharedBySubscriptions/1");
  PaymentMethodAdded expired = card("card-2", "acc-1");
  expired.expiry = "2027-13";
  refuses(expired, "INVALID_TIME", "/data/expiry");
  refuses(PaymentMethodMadeDefault{MethodId("no"), ScopeType::Account, ScopeId("acc-1")},
          "UNKNOWN_REFERENCE", "/data/methodId");
  refuses(PaymentMethodMadeDefault{MethodId("card-1"), ScopeType::Account, ScopeId("acc-2")},
          "UNKNOWN_REFERENCE", "/data/scopeId");
  refuses(PaymentMethodMadeDefault{MethodId("card-1"), ScopeType::Section, ScopeId("s-1")},
          "INVALID_FIELD", "/data/scopeType");
}

/// PAY-2: what a representative signed is paid by wire; a card pays single invoices of it alone.
TEST_F(Facts, NoCardIsTheDefaultOfWhatARepresentativeSigned) {
  BillingAccountOpened opened = account("acc-r", AccountType::MCA, "2024-03-01");
  opened.channel = SalesChannel::Representative;
  ledger.given({opened, profile("p-r", "acc-r"), card("card-r", "acc-r"),
                card("debit-r", "acc-r", {}, PaymentFamily::DirectDebit),
                card("wire-r", "acc-r", {}, PaymentFamily::CheckWire)});
  BillingProfileCreated second = profile("q-r", "acc-r");
  second.default_payment_method = MethodId("card-r");
  refuses(second, "METHOD_NOT_ALLOWED", "/data/defaultPaymentMethod");
  for (const std::string_view method : {"card-r", "debit-r"}) {
    const MethodId id{std::string(method)};
    refuses(PaymentMethodMadeDefault{id, ScopeType::Profile, ScopeId("p-r")}, "METHOD_NOT_ALLOWED",
            "/data/methodId");
    refuses(PaymentMethodMadeDefault{id, ScopeType::Account, ScopeId("acc-r")}, "METHOD_NOT_ALLOWED",
            "/data/methodId");
  }
  second.default_payment_method = MethodId("wire-r");
  accepts(second);
  accepts(PaymentMethodMadeDefault{MethodId("wire-r"), ScopeType::Account, ScopeId("acc-r")});
  accepts(PaymentMethodMadeDefault{MethodId("wire-r"), ScopeType::Profile, ScopeId("p-r")});
  // Of an account opened on the website a card pays.
  ledger.given({card("card-2", "acc-2")});
  accepts(PaymentMethodMadeDefault{MethodId("card-2"), ScopeType::Profile, ScopeId("p-1")});
}

TEST_F(Facts, SubscriptionsThatShareACardChangeItTogether) {
  ledger.given(
      {card("card-2", "acc-1", {"sub-01", "sub-02"}), card("card-3", "acc-1"),
       PaymentMethodMadeDefault{MethodId("card-3"), ScopeType::Subscription, ScopeId("sub-02")}});
  EXPECT_EQ(ledger.state().subscription(kSub01)->payment_method_id, MethodId("card-3"));
  EXPECT_TRUE(ledger.state().subscriptions_on(MethodId("card-2")).empty());
}

TEST_F(Facts, ANewCardOfOneThatSharesIsTheNewCardOfAll) {
  ledger.given({card("card-2", "acc-1", {"sub-01", "sub-02"}), card("card-3", "acc-1", {"sub-02"})});
  EXPECT_EQ(ledger.state().subscription(kSub01)->payment_method_id, MethodId("card-3"));
  EXPECT_EQ(ledger.state().subscription(kSub02)->payment_method_id, MethodId("card-3"));
  EXPECT_TRUE(ledger.state().subscriptions_on(MethodId("card-2")).empty());
  ledger.given({card("card-4", "acc-1")});
  EXPECT_EQ(ledger.state().subscription(kSub02)->payment_method_id, MethodId("card-3"));
}

TEST_F(Facts, Payments) {
  const InvoiceId id = an_invoice();
  refuses(payment(InvoiceId("no"), "p", "1.00"), "UNKNOWN_REFERENCE", "/data/invoiceId");
  refuses(decline(InvoiceId("no"), "p"), "UNKNOWN_REFERENCE", "/data/invoiceId");
  refuses(payment(id, "p", "40.01"), "EXCEEDS_AMOUNT_DUE", "/data/amount/amount");
  refuses(payment(id, "p", "0.00"), "INVALID_AMOUNT", "/data/amount/amount");
  InvoicePaymentSucceeded dollars = payment(id, "p", "1.00");
  dollars.amount = money("1.00", "USD");
  refuses(dollars, "CURRENCY_MISMATCH", "/data/amount/currency");
  InvoicePaymentSucceeded by_no_card = payment(id, "p", "1.00");
  by_no_card.method_id = MethodId("no");
  refuses(by_no_card, "UNKNOWN_REFERENCE", "/data/methodId");
  InvoicePaymentFailed declined = decline(id, "p");
  declined.method_id = MethodId("no");
  refuses(declined, "UNKNOWN_REFERENCE", "/data/methodId");
  refuses(InvoicePaymentReversed{id, PaymentId("p"), money("1.00"), {}}, "UNKNOWN_REFERENCE",
          "/data/paymentId");
  accepts(payment(id, "p-1", "40.00"));
  accepts(payment(id, "p-1", "40.00"));  // the same payment again
  EXPECT_EQ(ledger.state().invoice(id)->payments.size(), 1u);
  refuses(payment(id, "p-1", "39.00"), "ALREADY_EXISTS", "/data/paymentId");
  refuses(payment(id, "p-2", "1.00"), "ALREADY_PAID", "/data/invoiceId");
  refuses(decline(id, "p-3"), "ALREADY_PAID", "/data/invoiceId");
  refuses(InvoicePaymentReversed{id, PaymentId("p-1"), money("40.01"), {}}, "EXCEEDS_AMOUNT_DUE",
          "/data/amount/amount");
  accepts(InvoicePaymentReversed{id, PaymentId("p-1"), money("40.00"), ReversalReason::Chargeback});
  refuses(InvoicePaymentReversed{id, PaymentId("p-1"), money("1.00"), {}}, "ALREADY_REVERSED",
          "/data/paymentId");
}

TEST_F(Facts, ARefundOfAPaidInvoiceOwesNothingAgain) {
  const InvoiceId id = an_invoice();
  accepts(payment(id, "p-1", "40.00"));
  ledger
      .post({InvoicePaymentReversed{id, PaymentId("p-1"), money("10.00"), ReversalReason::Refund}})
      .then_nothing();
  EXPECT_EQ(ledger.state().invoice(id)->status, InvoiceStatus::Paid);
  EXPECT_EQ(ledger.state().invoice(id)->amount_due(), money("0.00"));
}

TEST_F(Facts, WhatAVoidOrLockedInvoiceRefuses) {
  const InvoiceId id = an_invoice();
  accepts(payment(id, "p-1", "10.00"));
  // No rules void or lock yet: as imported.
  Event event;
  event.envelope.time = ledger.now();
  for (const auto& [change, code] :
       {std::pair(EventData(InvoiceLocked{id, {}}), "LOCKED"),
        std::pair(EventData(InvoiceVoided{id, day("2024-05-02"), {}, {}, {}}), "ALREADY_VOID")}) {
    MemoryStore changed;
    changed.edit<Account>("acc-1") = *ledger.state().account(kAcc1);
    changed.edit<Invoice>(id.text()) = *ledger.state().invoice(id);
    fold(changed, change, {});
    for (EventData fact : {EventData(payment(id, "p-2", "1.00")), EventData(decline(id, "p-3")),
                           EventData(InvoicePaymentReversed{id, PaymentId("p-1"), money("1.00"),
                                                            ReversalReason::Chargeback})}) {
      event.data = std::move(fact);
      const Result<void> checked = check(changed, event);
      ASSERT_FALSE(checked);
      EXPECT_EQ(checked.error().code, code);
    }
  }
}

}  // namespace
}  // namespace daybook::testing
