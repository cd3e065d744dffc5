#include "tests/projections/random_ledger.h"

#include "ledger/domain/facts/access.h"
#include "ledger/domain/facts/account.h"
#include "ledger/domain/facts/clock.h"
#include "ledger/domain/facts/email_preference.h"
#include "ledger/domain/facts/exchange_rate.h"
#include "ledger/domain/facts/identity.h"
#include "ledger/domain/facts/invoice.h"
#include "ledger/domain/facts/payment_method.h"
#include "ledger/domain/facts/price.h"
#include "ledger/domain/facts/profile.h"
#include "ledger/domain/facts/section.h"
#include "ledger/domain/facts/subscription.h"
#include "ledger/domain/facts/tax_rate.h"
#include "ledger/domain/facts/usage.h"

namespace daybook::projections::testing {
namespace {

Money eur(std::int64_t minor) { return Money{minor, kEur}; }

std::string numbered(const char* prefix, std::uint64_t number) {
  return prefix + std::to_string(number);
}

}  // namespace

Decimal RandomLedger::decimal(std::uint64_t coefficients, int scale) {
  return Decimal::from_parts(static_cast<Int128>(below(coefficients)),
                             static_cast<int>(below(static_cast<std::size_t>(scale) + 1)))
      .value();
}

WrittenEvent RandomLedger::next() {
  if (random_.one_in(20)) today_ = today_.plus_days(1);
  code_ = 0;
  source_ = numbered("//source-", below(3));
  id_ = numbered("id-", ++made_);
  EventData data = draw();
  return maker_.make(std::move(data), today_, code_, source_, id_);
}

EventData RandomLedger::draw() {
  if (accounts.empty()) return new_account();
  if (subscriptions.empty()) return new_subscription();
  const std::uint64_t dice = below(100);
  if (dice < 3) return new_account();
  if (dice < 8) return new_subscription();
  if (dice < 12) return new_price();
  if (dice < 60) return usage();
  if (dice < 68) return used_.empty() ? usage() : correction();
  if (dice < 73) return invoice();
  if (dice < 85) return issued_.empty() ? invoice() : invoice_event();
  if (dice < 90) return mail_event();
  if (dice < 95) return access_event();
  return other();
}

EventData RandomLedger::new_account() {
  if (!accounts.empty() && random_.one_in(2)) {
    BillingProfileCreated profile;
    profile.profile_id = ProfileId(numbered("prof-", ++made_));
    profile.account_id = AccountId(one_of(accounts));
    profile.currency = kEur;
    profile.bill_to =
        Address{.company_name = "Contoso BV " + std::to_string(made_), .country = "NL"};
    profile.invoice_day = 9;
    profiles.push_back(profile.profile_id.text());
    return profile;
  }
  if (!profiles.empty() && random_.one_in(3)) {
    InvoiceSectionCreated section;
    section.section_id = SectionId(numbered("sec-", ++made_));
    section.profile_id = ProfileId(one_of(profiles));
    section.name = "Research";
    sections.push_back(section.section_id.text());
    return section;
  }
  BillingAccountOpened account;
  account.account_id = AccountId(numbered("acc-", ++made_));
  account.type = random_.one_in(2) ? AccountType::MOSP : AccountType::MCA;
  account.country = "NL";
  account.tenant_id = TenantId("tenant-1");
  account.currency = kEur;
  account.signed_up_by = IdentityId(numbered("person-", below(5)));
  account.sold_to =
      Address{.company_name = "Secret Company " + std::to_string(made_), .country = "NL"};
  accounts.push_back(account.account_id.text());
  identities.push_back(account.signed_up_by.text());
  return account;
}

EventData RandomLedger::new_subscription() {
  if (!subscriptions.empty() && random_.one_in(3)) {
    SubscriptionBillingTransferred moved;
    moved.subscription_id = SubscriptionId(one_of(subscriptions));
    moved.from_account = AccountId(one_of(accounts));
    moved.to_account = AccountId(one_of(accounts));
    moved.accepted_on = today_;
    return moved;
  }
  SubscriptionCreated created;
  created.subscription_id = SubscriptionId(numbered("sub-", subscriptions.size()));
  created.account_id = AccountId(one_of(accounts));
  created.offer_id = OfferId("MS-AZR-0003P");
  if (!profiles.empty() && random_.one_in(2)) created.profile_id = ProfileId(one_of(profiles));
  if (!methods.empty() && random_.one_in(2)) created.payment_method_id = MethodId(one_of(methods));
  subscriptions.push_back(created.subscription_id.text());
  return created;
}

EventData RandomLedger::new_price() {
  PriceChanged price;
  price.meter_id = MeterId(numbered("meter-", below(8)));
  price.currency = random_.one_in(4) ? kUsd : kEur;
  price.effective_on = day_back(30);
  price.unit_price = decimal(1000, 4);
  if (random_.one_in(3)) {
    price.scope_type = ScopeType::Account;
    price.scope_id = ScopeId(one_of(accounts));
  }
  meters.push_back(price.meter_id.text());
  return price;
}

EventData RandomLedger::usage() {
  UsageRecorded row;
  // Now and then usage comes before its subscription.
  const std::size_t subscription = below(subscriptions.size() + 1);
  row.subscription_id = SubscriptionId(numbered("sub-", subscription));
  row.meter_id = MeterId(numbered("meter-", below(8)));
  row.quantity = decimal(100'000, 6);
  row.usage_date = day_back(10);
  if (random_.one_in(2)) row.usage_id = numbered("u-", below(60));  // two sources may number alike
  if (random_.one_in(2)) row.region = numbered("EU ", below(2));
  if (random_.one_in(2)) row.unit = "1 Hour";
  if (random_.one_in(3)) row.resource_id = numbered("/vm/", below(3));
  if (random_.one_in(3)) row.tags = {{"env", numbered("e", below(2))}, {"team", "billing"}};
  if (random_.one_in(4)) {
    row.currency = random_.one_in(2) ? kEur : kUsd;
    (random_.one_in(2) ? row.cost : row.unit_price) = decimal(5000, 8);
  }
  if (random_.one_in(10)) row.publisher_type = PublisherType::Marketplace;
  if (random_.one_in(10)) row.pricing_model = PricingModel::Spot;
  if (random_.one_in(3)) code_ = static_cast<std::uint8_t>(1 + below(4));
  if (row.usage_id) {
    for (const Used& used : used_) {
      if (used.usage_id == *row.usage_id && used.source == source_ &&
          used.subscription == subscription) {
        row.usage_id.reset();
        break;
      }
    }
  }
  used_.push_back({subscription, row.usage_id.value_or(id_), source_});
  return row;
}

EventData RandomLedger::correction() {
  const Used& used = used_[below(used_.size())];
  if (!random_.one_in(5)) source_ = used.source;
  const SubscriptionId subscription(numbered("sub-", used.subscription));
  if (random_.one_in(3)) {
    UsageVoided voided;
    voided.subscription_id = subscription;
    voided.usage_id = used.usage_id;
    voided.reason = "withdrawn";
    return voided;
  }
  UsageAmended amended;
  amended.subscription_id = subscription;
  amended.usage_id = used.usage_id;
  amended.reason = "measured again";
  if (random_.one_in(2)) amended.quantity = decimal(100'000, 6);
  if (random_.one_in(3)) amended.cost = decimal(5000, 8);
  if (random_.one_in(3)) amended.unit_price = decimal(5000, 8);
  if (random_.one_in(3)) amended.tags = Texts{{"env", "corrected"}};
  return amended;
}

EventData RandomLedger::invoice() {
  InvoiceIssued issued;
  issued.invoice_id = InvoiceId(numbered("E", ++made_));
  issued.account_id = AccountId(one_of(accounts));
  if (!profiles.empty() && random_.one_in(2)) {
    issued.type = InvoiceType::Profile;
    issued.scope_type = ScopeType::Profile;
    issued.profile_id = ProfileId(one_of(profiles));
    issued.scope_id = ScopeId(issued.profile_id->text());
  } else {
    issued.type = random_.one_in(3) ? InvoiceType::AzureMarketplace : InvoiceType::AzureServices;
    issued.scope_type = ScopeType::Subscription;
    issued.subscription_id = SubscriptionId(one_of(subscriptions));
    issued.scope_id = ScopeId(issued.subscription_id->text());
  }
  issued.run_date = issued.issue_date = day_back(70);
  issued.due_date = issued.issue_date.plus_days(30);
  issued.period = Period{issued.issue_date.plus_days(-30), issued.issue_date};
  issued.currency = kEur;
  issued.bill_to = Address{.company_name = "Hidden Holding", .country = "NL"};
  const auto total = static_cast<std::int64_t>(below(1000));
  issued.totals = {eur(total), eur(0), eur(0), eur(0), eur(0), eur(total), eur(0), eur(total)};
  issued.payment_term_days = 30;
  invoices.push_back(issued.invoice_id.text());
  issued_.push_back({issued.invoice_id.text(), total});
  return issued;
}

EventData RandomLedger::invoice_event() {
  IssuedInvoice& at_hand = issued_[below(issued_.size())];
  const InvoiceId id(at_hand.id);
  switch (below(8)) {
    case 0:
    case 1: {
      InvoicePaymentSucceeded paid;
      paid.invoice_id = id;
      paid.payment_id = PaymentId(at_hand.id + "-p" + std::to_string(++at_hand.payments));
      paid.amount = eur(1 + static_cast<std::int64_t>(below(300)));
      return paid;
    }
    case 2: {
      InvoicePaid paid;
      paid.invoice_id = id;
      paid.as_of = today_;
      return paid;
    }
    case 3: {
      InvoiceBecamePastDue late;
      late.invoice_id = id;
      late.as_of = today_;
      late.reason = PastDueReason::DueDatePassed;
      return late;
    }
    case 4: {
      CreditNoteIssued note;
      note.credit_for_invoice_id = id;
      note.credit_note_id = CreditNoteId(numbered("D", ++made_));
      note.issue_date = today_;
      note.amount = eur(1);
      note.reason = "outage";
      note.totals = {eur(1), eur(0), eur(0), eur(0), eur(0), eur(1), eur(0), eur(1)};
      return note;
    }
    case 5: {
      InvoiceVoided voided;
      voided.invoice_id = id;
      voided.as_of = today_;
      return voided;
    }
    case 6: {
      InvoiceLocked locked;
      locked.invoice_id = id;
      return locked;
    }
    default: {
      InvoicePaymentFailed declined;
      declined.invoice_id = id;
      declined.payment_id = PaymentId(at_hand.id + "-p" + std::to_string(++at_hand.payments));
      declined.reason = PaymentFailure::BankDeclined;
      return declined;
    }
  }
}

EventData RandomLedger::mail_event() {
  const ScopeId scope(one_of(subscriptions));
  if (random_.one_in(2)) {
    EmailInvoiceOptedIn in;
    in.scope_type = ScopeType::Subscription;
    in.scope_id = scope;
    in.preferred_email = Personal<std::string>("jeroen@secret.example");
    return in;
  }
  EmailInvoiceOptedOut out;
  out.scope_type = ScopeType::Subscription;
  out.scope_id = scope;
  return out;
}

EventData RandomLedger::access_event() {
  if (random_.one_in(2)) {
    RoleAssigned role;
    role.scope_type = ScopeType::Subscription;
    role.scope_id = ScopeId(one_of(subscriptions));
    role.role = Role::Owner;
    role.identity_id = IdentityId(numbered("person-", below(5)));
    return role;
  }
  InvoiceSharingEnabled sharing;
  sharing.subscription_id = SubscriptionId(one_of(subscriptions));
  return sharing;
}

EventData RandomLedger::other() {
  switch (below(5)) {
    case 4: {
      SubscriptionCancelled cancelled;  // told late: usage of days after it may have come before
      cancelled.subscription_id = SubscriptionId(one_of(subscriptions));
      cancelled.effective_on = day_back(10);
      return cancelled;
    }
    case 0: {
      PaymentMethodAdded method;
      method.method_id = MethodId(numbered("card-", ++made_));
      method.account_id = AccountId(one_of(accounts));
      method.family = PaymentFamily::CreditCard;
      if (random_.one_in(2))
        method.shared_by_subscriptions = {SubscriptionId(one_of(subscriptions))};
      methods.push_back(method.method_id.text());
      return method;
    }
    case 1: {
      TaxRateChanged rate;
      rate.country = "NL";
      rate.name = "VAT";
      rate.rate_percent = Decimal(21);
      rate.effective_on = day_back(30);
      return rate;
    }
    case 2: {
      ExchangeRateChanged rate;
      rate.from_currency = kUsd;
      rate.to_currency = kEur;
      rate.rate = decimal(2000, 3);
      rate.effective_on = day_back(30);
      return rate;
    }
    default: {
      ClockAdvanced clock;
      clock.to = Instant::start_of(today_);
      return clock;
    }
  }
}

}  // namespace daybook::projections::testing
