#include <algorithm>

#include "ledger/domain/rules/decide.h"
#include "ledger/domain/rules/dunning.h"
#include "ledger/domain/rules/invitations.h"
#include "ledger/domain/rules/mail_ended.h"
#include "ledger/domain/rules/move_consequences.h"
#include "ledger/domain/rules/notices.h"
#include "ledger/domain/rules/offer_credit.h"
#include "ledger/domain/rules/runs.h"
#include "ledger/domain/rules/support_terms.h"
#include "ledger/domain/rules/tax_receipt.h"

namespace daybook {
namespace {

/// Decides what follows from the facts of one body, the state of which has them all.
class Consequences {
 public:
  Consequences(const StateReader& state, Date today) : state_(state), today_(today) {}

  void follow(const InvoicePaymentSucceeded& fact, Date day) {
    const Invoice* invoice = state_.invoice(fact.invoice_id);
    if (invoice == nullptr) return;
    settle(*invoice, fact.received_on.value_or(day));
    give_receipt(*invoice, fact.payment_id, fact.received_on.value_or(day));
  }

  void follow(const InvoicePaymentFailed& fact, Date day) {
    const Invoice* invoice = state_.invoice(fact.invoice_id);
    if (invoice == nullptr || !invoice->is_open() || invoice->amount_due_minor() == 0) return;
    become_past_due(*invoice, day, PastDueReason::Declined, invoice->status == InvoiceStatus::Due);
  }

  void follow(const InvoicePaymentReversed& fact, Date day) {
    const Invoice* invoice = state_.invoice(fact.invoice_id);
    if (invoice == nullptr || fact.reason == ReversalReason::Refund) return;
    if (invoice->status != InvoiceStatus::Paid || invoice->amount_due_minor() == 0) return;
    become_past_due(*invoice, day, PastDueReason::Reversed, true);
  }

  /// Who comes onto a card in arrears is past due at once; the steps of its ladder count from that day.
  void follow(const PaymentMethodMadeDefault& fact, Date day) { paid_by_.emplace_back(fact.method_id, day); }
  void follow(const PaymentMethodDetached& fact, Date day) {
    const PaymentMethod* method = state_.payment_method(fact.method_id);
    const Account* account = method != nullptr ? state_.account(method->account_id) : nullptr;
    if (account != nullptr && account->default_method) paid_by_.emplace_back(*account->default_method, day);
  }

  void follow(const SubscriptionCancelled& fact, Date day) {
    end_support(fact.subscription_id, fact.effective_on.value_or(day));
    const Subscription* subscription = state_.subscription(fact.subscription_id);
    if (subscription == nullptr || subscription->status_reason == SuspensionReason::Cancelled)
      return;
    if (subscription->status == SubscriptionStatus::Expired ||
        subscription->status == SubscriptionStatus::Deleted) {
      return;
    }
    add(SubscriptionDisabled{
        fact.subscription_id, SuspensionReason::Cancelled, {}, fact.effective_on.value_or(day)});
  }

  void follow(const SubscriptionDeleted& fact, Date day) {
    end_support(fact.subscription_id, fact.effective_on.value_or(day));
    add(mail_ended_by_deletion(state_, fact.subscription_id));
  }

  void follow(const SubscriptionMoved& fact, Date day) { add(follow_move(state_, fact, day)); }
  void follow(const SubscriptionBillingTransferred& fact, Date day) {
    add(follow_transfer(state_, fact, day));
  }
  void follow(const BillingAccountUpgraded& fact, Date) { add(follow_upgrade(state_, fact)); }

  /// Whoever proves to be an address takes up the roles it was invited to (ROL-13).
  void follow(const IdentityLinked& fact, Date) { add(accepted_by(state_, fact, today_)); }

  /// What was paid ahead is credit from the start.
  void follow(const EnrollmentRegistered& fact, Date) {
    const LotId lot(fact.enrollment_id.text() + "-prepayment");
    if (!fact.prepayment || state_.find<CreditLot>(lot.text()) != nullptr) return;
    add(CreditGranted{ScopeType::Enrollment, ScopeId(fact.enrollment_id.text()), lot,
                      CreditSource::Prepayment, *fact.prepayment, fact.start_date, std::nullopt});
  }

  /// The credit of its offer.
  void follow(const SubscriptionCreated& fact, Date) {
    add(offer_credit(state_, fact.subscription_id, today_));
  }

  /// What stopped for want of credit goes on (domain.md 3.6).
  void follow(const SpendingLimitRemoved& fact, Date day) { reenable_for_credit(fact, day); }
  void follow(const OfferUpgraded& fact, Date day) {
    const Subscription* subscription = state_.subscription(fact.subscription_id);
    if (subscription != nullptr && subscription->spending_limit == SpendingLimit::Off)
      reenable_for_credit(fact, day);
  }

  /// The first term of a support plan is invoiced on the day of purchase (T-MOSP-9).
  void follow(const SupportPlanPurchased& fact, Date) {
    const SupportPlan* plan = state_.support_plan(fact.plan_id);
    const Account* account = plan != nullptr ? state_.account(plan->account_id) : nullptr;
    if (account == nullptr || !with_support_.insert(account->account_id.text()).second) return;
    Planner planner(state_, {today_, account->account_id}, today_);
    if (!plan_support(planner, *account)) return;  // the run of the day says why
    for (EventData& event : planner.finish().events) events_.push_back(std::move(event));
  }

  /// What a card pays at once is invoiced at once (T-MOSP-8).
  void follow(const PurchaseCharged& fact, Date) {
    const auto* purchase = state_.find<Purchase>(fact.charge_id.text());
    if (purchase != nullptr) bill_charges(purchase->account_id);
  }
  void follow(const ReservationPurchased& fact, Date) {
    const auto* reservation = state_.find<Reservation>(fact.reservation_id.text());
    if (reservation != nullptr) bill_charges(reservation->account_id);
  }

  /// After all facts: what was paid may free subscriptions, unless another fact of the body blocks
  /// them.
  void reenable_paid() {
    for (const auto& [invoice, day] : paid_) add(reenable(state_, *invoice, day, changes_));
  }

  /// After all facts: what these still leave unpaid on a card concerns who pays by it from now on.
  void share_arrears() {
    for (const auto& [method_id, day] : paid_by_) {
      const PaymentMethod* method = state_.payment_method(method_id);
      if (method == nullptr) continue;
      for (const std::string& id : state_.open_invoices_of(method->account_id)) {
        const Invoice* invoice = state_.find<Invoice>(id);
        if (invoice == nullptr || invoice->status != InvoiceStatus::PastDue || changes_.paid.contains(id)) continue;
        if (invoice->scope.type == ScopeType::Profile || card_of(*invoice) != method_id) continue;
        const Date since = std::max(day, invoice->past_due_since.value_or(day));
        add(daybook::become_past_due(state_, *invoice, since, changes_.suspended));
      }
    }
  }

  [[nodiscard]] std::vector<EventData> take() { return std::move(events_); }

 private:
  void bill_charges(const AccountId& id) {
    const Account* account = state_.account(id);
    if (account == nullptr || !with_charges_.insert(id.text()).second) return;
    Planner planner(state_, {today_, id}, today_);
    if (!plan_charges(planner, *account)) return;  // the run of the day says why
    add(planner.finish().events);
  }

  template <class Fact>
  void reenable_for_credit(const Fact& fact, Date day) {
    const Subscription* subscription = state_.subscription(fact.subscription_id);
    if (subscription == nullptr || subscription->status != SubscriptionStatus::Disabled) return;
    const SuspensionReason reason = subscription->status_reason;
    if (reason != SuspensionReason::SpendingLimitReached && reason != SuspensionReason::Expired)
      return;
    if (!with_credit_.insert(fact.subscription_id.text()).second) return;
    add(SubscriptionReenabled{fact.subscription_id, reason, {}, day});
  }

  void end_support(const SubscriptionId& subscription, Date day) {
    std::optional<EventData> ended = end_of_support(state_, subscription, day);
    if (ended && ended_support_.insert(subscription.text()).second) add(std::move(*ended));
  }

  void add(EventData event) { events_.push_back(std::move(event)); }
  void add(std::vector<EventData> events) {
    std::move(events.begin(), events.end(), std::back_inserter(events_));
  }

  void become_past_due(const Invoice& invoice, Date day, PastDueReason reason, bool changes) {
    if (changes && changes_.past_due.insert(invoice.invoice_id.text()).second) {
      add(InvoiceBecamePastDue{invoice.invoice_id, day, reason});
      add(notices_of(state_, invoice, NoticeKind::PastDue, changes_.notices));
    }
    add(daybook::become_past_due(state_, invoice, day, changes_.suspended));
  }

  /// What is paid is receipted, in part too (DOC-1).
  void give_receipt(const Invoice& invoice, const PaymentId& id, Date day) {
    const auto& payments = invoice.payments;
    const auto paid = std::find_if(payments.begin(), payments.end(),
                                   [&](const auto& each) { return each.payment_id == id; });
    if (paid == payments.end()) return;
    const auto place = static_cast<std::size_t>(paid - payments.begin()) + 1;
    if (auto receipt = tax_receipt(state_, invoice, place, day)) add(std::move(*receipt));
  }

  void settle(const Invoice& invoice, Date day) {
    const bool owes = invoice.amount_due_minor() > 0;
    if (owes || !invoice.is_open() || invoice.status == InvoiceStatus::Locked) return;
    if (!changes_.paid.insert(invoice.invoice_id.text()).second) return;
    add(InvoicePaid{invoice.invoice_id, day});
    paid_.push_back({&invoice, day});
  }

  const StateReader& state_;
  Date today_;
  std::vector<EventData> events_;
  PaymentChanges changes_;
  std::vector<std::pair<const Invoice*, Date>> paid_;
  std::vector<std::pair<MethodId, Date>> paid_by_;  ///< methods that pay more since a day
  std::set<std::string> with_support_;
  std::set<std::string> ended_support_;  ///< subscriptions
  std::set<std::string> with_credit_;  ///< subscriptions that go on
  std::set<std::string> with_charges_;
};

using Followed = TypeList<InvoicePaymentSucceeded, InvoicePaymentFailed, InvoicePaymentReversed,
                          PaymentMethodMadeDefault, PaymentMethodDetached,
                          SubscriptionCancelled, SubscriptionDeleted, SupportPlanPurchased,
                          EnrollmentRegistered, IdentityLinked, SubscriptionMoved,
                          SubscriptionBillingTransferred, BillingAccountUpgraded,
                          SubscriptionCreated, SpendingLimitRemoved, OfferUpgraded,
                          PurchaseCharged, ReservationPurchased>;

}  // namespace

std::vector<EventData> consequences(const StateReader& state, std::span<const Event> facts,
                                    Instant now) {
  Consequences result(state, now.date());
  for (const Event& fact : facts) {
    dispatch(Followed(), fact.data,
             [&](const auto& data) { result.follow(data, fact.envelope.time.date()); });
  }
  result.reenable_paid();
  result.share_arrears();
  return result.take();
}

}  // namespace daybook
