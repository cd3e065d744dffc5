#include "tests/support/in_memory_ledger.h"

#include <algorithm>
#include <map>
#include <utility>

#include "ledger/domain/facts/account.h"
#include "ledger/domain/facts/charge.h"
#include "ledger/domain/facts/invoice_documents.h"
#include "ledger/domain/facts/profile.h"
#include "ledger/domain/facts/reservation.h"
#include "ledger/domain/facts/fact_context.h"
#include "ledger/domain/rules/rebill.h"
#include "ledger/domain/rules/complete.h"

namespace daybook::testing {
namespace {

using Filled = TypeList<BillingAccountOpened, AccountAdministratorChanged, SubscriptionCreated,
                        SubscriptionCancelled, SubscriptionDeleted, SupportPlanPurchased,
                        SupportPlanCancelled, UsageRecorded, PriceChanged, TaxRateChanged,
                        InvoicePaymentSucceeded, InvoicePaymentReversed, OfferDefined,
                        SpendingLimitRemoved, PurchaseCharged, PurchaseRefunded,
                        ReservationPurchased, TaxDocumentAdded, AccountsPayableContactAdded>;

template <class... Ts>
void fill(TypeList<Ts...>, EventData& event, const FactContext& context) {
  static_cast<void>(
      ((event.get_if<Ts>() != nullptr ? (fill_defaults(*event.get_if<Ts>(), context), true) : false) ||
       ...));
}

}  // namespace

Date day(std::string_view text) { return Date::parse(text).value(); }
Instant midnight(std::string_view text) { return Instant::start_of(day(text)); }
Decimal decimal(std::string_view text) { return Decimal::parse(text).value(); }
Money money(std::string_view amount, std::string_view currency) {
  return Money::parse(amount, Currency::parse(currency).value()).value();
}
Period period(std::string_view start, std::string_view end_exclusive) {
  return Period::of(day(start), day(end_exclusive)).value();
}

InMemoryLedger::InMemoryLedger() = default;
InMemoryLedger::InMemoryLedger(InMemoryLedger&&) noexcept = default;
InMemoryLedger& InMemoryLedger::operator=(InMemoryLedger&&) noexcept = default;
InMemoryLedger::~InMemoryLedger() = default;

InMemoryLedger& InMemoryLedger::at(std::string_view day_or_instant) {
  now_ = day_or_instant.size() == 10 ? midnight(day_or_instant)
                                     : Instant::parse(day_or_instant).value();
  return *this;
}

Position InMemoryLedger::append(const EventData& event, Instant time) {
  const Position position = store_.position() + 1;
  store_.set_position(position);
  fold(store_, event, {position, time, now_});
  if (const auto* issued = event.get_if<InvoiceIssued>()) issued_.push_back(issued->invoice_id);
  return position;
}

InMemoryLedger& InMemoryLedger::post(std::vector<EventData> facts,
                                     std::optional<std::string> tenant) {
  error_.reset();
  outcome_events_.clear();
  std::vector<Event> accepted;
  for (EventData& data : facts) {
    Event event;
    event.envelope.tenant = tenant;
    event.envelope.source = "//test";
    event.envelope.id = "e-" + std::to_string(store_.position() + 1);
    event.envelope.time = now_;
    fill(Filled(), data, {now_, now_.date(), event.envelope.id, event.envelope.source});
    event.data = std::move(data);
    if (const Result<void> checked = check(store_, event); !checked) {
      if (!error_) error_ = checked.error();
      continue;
    }
    static_cast<void>(complete(store_, event.data));
    const Position position = append(event.data, now_);
    if (const auto* row = event.data.get_if<UsageRecorded>()) {
      last_unmatched_ = admit(store_, row->subscription_id.text(), row->meter_id.text(),
                              {*row->usage_date, row->cost || row->unit_price, row->currency});
      usage_.add({position, *row, last_unmatched_});
    }
    const bool corrects = event.data.type() == EventType::UsageAmended ||
                          event.data.type() == EventType::UsageVoided;
    if (corrects && !usage_.correct(event.data, position))
      ADD_FAILURE() << "there is no such row of usage";
    accepted.push_back(std::move(event));
  }
  outcome_events_ = consequences(store_, accepted, now_);
  for (const Event& fact : accepted) {
    for (EventData& chunk : content_of(fact.data)) outcome_events_.push_back(std::move(chunk));
  }
  for (const EventData& event : outcome_events_) append(event, now_);
  return *this;
}

InMemoryLedger& InMemoryLedger::given(std::vector<EventData> facts) {
  post(std::move(facts));
  if (error_) ADD_FAILURE() << error_->code << " " << error_->pointer << ": " << error_->detail;
  return *this;
}

void InMemoryLedger::work_through(Date through, Date today, WorkKinds kinds) {
  // Days are planned from what is known when they begin, as the engine does.
  std::map<std::string, Date> done;
  while (true) {
    std::optional<Work> first;
    for (const std::string& id : store_.accounts()) {
      const auto before = done.find(id);
      const Date from = before == done.end() ? kFirstDate : before->second.plus_days(1);
      const auto date = next_work(store_, AccountId(id), from, kinds);
      if (date && *date <= through && (!first || *date < first->date))
        first = Work{*date, AccountId(id)};
    }
    if (!first) return;
    done[first->account_id.text()] = first->date;
    if (!work_of(*first, std::max(today, first->date), kinds)) return;
  }
}

bool InMemoryLedger::work_of(const Work& work, Date clock, WorkKinds kinds) {
  const Result<Plan> planned = plan(store_, usage_, work, clock, kinds);
  if (!planned) {
    error_ = planned.error();
    return false;
  }
  EXPECT_TRUE(marks_unchanged(store_, *planned));
  const Instant before_work = now_;
  now_ = std::max(now_, Instant::start_of(clock));
  for (const EventData& event : planned->events) {
    append(event, now_);
    outcome_events_.push_back(event);
  }
  now_ = before_work;
  alarms_.insert(alarms_.end(), planned->alarms.begin(), planned->alarms.end());
  return true;
}

void InMemoryLedger::perform(const CommandData& command) {
  if (const auto* advance = command.get_if<AdvanceClock>()) {
    if (advance->run.value_or(true)) work_through(advance->to.date(), now_.date(), WorkKinds());
    now_ = advance->to;
  } else if (const auto* run = command.get_if<RunInvoicing>(); run != nullptr && run->corrections) {
    for (const std::string& id : store_.accounts()) {
      if (run->account_id && run->account_id->text() != id) continue;
      if (!work_of({now_.date(), AccountId(id)}, now_.date(), WorkKinds::only_corrections())) return;
    }
  } else if (run != nullptr) {
    // What is due is asked for once, as the engine does.
    for (const Work& work : due(store_, kFirstDate, run->through, WorkKinds::invoicing())) {
      if (run->account_id && work.account_id != *run->account_id) continue;
      if (!work_of(work, now_.date(), WorkKinds::invoicing())) return;
    }
  } else if (const auto* mosp = command.get_if<RunMospInvoicing>()) {
    work_through(mosp->run_date, now_.date(), WorkKinds::only_mosp());
  } else if (const auto* marketplace = command.get_if<RunMarketplaceInvoicing>()) {
    for (const Work& work : due_by_marketplace_run(store_, marketplace->run_date)) {
      if (!work_of(work, now_.date(), WorkKinds::only_marketplace())) return;
    }
  } else if (const auto* profiles = command.get_if<RunProfileInvoicing>()) {
    work_through(profiles->run_date, now_.date(), WorkKinds::only_profiles());
  } else if (const auto* enrollments = command.get_if<RunEaInvoicing>()) {
    work_through(enrollments->run_date, now_.date(), WorkKinds::only_enrollments());
  } else if (const auto* dunning = command.get_if<EvaluateDunning>()) {
    work_through(dunning->as_of, now_.date(), WorkKinds::only_dunning());
  }
}

InMemoryLedger& InMemoryLedger::when(CommandData command, Viewer viewer) {
  error_.reset();
  outcome_events_.clear();
  alarms_.clear();
  DecisionContext context;
  context.now = now_;
  context.viewer = std::move(viewer);
  context.seed = "command-" + std::to_string(++commands_);
  context.key_id = "key-" + std::to_string(commands_);
  const Result<Decision> decision = handle(store_, command, context);
  if (!decision) {
    error_ = decision.error();
    return *this;
  }
  perform(command);
  const auto* voided = command.get_if<VoidInvoice>();
  if (voided != nullptr && voided->rebill.value_or(false)) {
    const Result<Plan> planned = plan_rebill(store_, usage_, *voided, context);
    if (!planned) {
      error_ = planned.error();
      return *this;
    }
    for (const EventData& event : planned->events) {
      append(event, now_);
      outcome_events_.push_back(event);
    }
  }
  for (const EventData& event : decision->events) {
    append(event, now_);
    outcome_events_.push_back(event);
  }
  alarms_.insert(alarms_.end(), decision->alarms.begin(), decision->alarms.end());
  return *this;
}

InMemoryLedger& InMemoryLedger::then(const std::vector<EventData>& events) {
  if (error_) {
    ADD_FAILURE() << error_->code << ": " << error_->detail;
    return *this;
  }
  EXPECT_EQ(outcome_events_.size(), events.size());
  for (std::size_t i = 0; i < std::min(events.size(), outcome_events_.size()); ++i) {
    EXPECT_EQ(name(outcome_events_[i].type()), name(events[i].type())) << "event " << i;
    EXPECT_TRUE(outcome_events_[i] == events[i])
        << "event " << i << ", a " << name(events[i].type());
  }
  return *this;
}

InMemoryLedger& InMemoryLedger::then_rejected(std::string_view code, std::string_view pointer) {
  if (!error_) {
    ADD_FAILURE() << "accepted, but " << code << " was expected";
    return *this;
  }
  EXPECT_EQ(error_->code, code) << error_->detail;
  EXPECT_FALSE(error_->detail.empty());
  if (!pointer.empty()) {
    EXPECT_EQ(error_->pointer, pointer);
  }
  return *this;
}

std::vector<const Invoice*> InMemoryLedger::invoices() const {
  std::vector<const Invoice*> result;
  for (const InvoiceId& id : issued_) result.push_back(store_.invoice(id));
  return result;
}

const InvoiceDocument& InMemoryLedger::document(const Invoice& invoice) const {
  return *store_.invoice_document(invoice.invoice_id);
}

std::vector<InvoiceLine> InMemoryLedger::lines(const Invoice& invoice) const {
  const InvoiceLines* lines = store_.invoice_lines(invoice.invoice_id);
  return lines != nullptr ? lines->lines : std::vector<InvoiceLine>();
}

}  // namespace daybook::testing
