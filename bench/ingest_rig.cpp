#include "bench/ingest_rig.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "bench/allocations.h"
#include "bench/latencies.h"
#include "bench/machine.h"
#include "bench/usage.h"
#include "ledger/domain/facts/account.h"
#include "ledger/domain/facts/price.h"
#include "ledger/domain/facts/subscription.h"
#include "projections/all.h"

namespace daybook::bench {
namespace {

constexpr std::uint64_t kSetUp = 1 + kSubscriptions + kMeters;
constexpr std::uint64_t kUnderWay = 3;

Event fact(EventData data, std::string id) {
  Event event;
  event.envelope.source = "//meter/eu-1";
  event.envelope.id = std::move(id);
  event.envelope.time = Instant{1'709'802'000'000'000};
  event.data = std::move(data);
  return event;
}

void must_be_new(const engine::FactBatch& done) {
  if (done.count(engine::FactStatus::Accepted) == done.facts.size()) return;
  throw std::runtime_error(done.errors.empty() ? "events were not new" : done.errors.front().detail);
}

}  // namespace

const char* durability() {
  return "every group is acknowledged after two fdatasync in series: of the log, then of the witness";
}

log::Position IngestRig::position_of(std::uint64_t usage_number) { return kSetUp + 1 + usage_number; }

std::uint64_t IngestRig::next_usage() const { return ledger_->log().position() - kSetUp; }

IngestRig::Used IngestRig::sequencer() const {
  return {static_cast<double>(sequencer_nanos_.load()) / 1e9, sequencer_allocations_.load()};
}

IngestRig::IngestRig(const Options& options) {
  engine::LedgerOptions ledger_options;
  ledger_options.log.directory = options.directory;
  ledger_options.clock = engine::ClockMode::System;
  ledger_options.queue_bytes = options.queue_bytes;
  ledger_options.identity_tail_keys = options.identity_tail_keys;
  ledger_options.planning_threads = std::max(1U, std::thread::hardware_concurrency());
  log::Seams seams;
  seams.clock = &clock_;
  seams.rng = &rng_;
  auto opened = engine::Ledger::open(ledger_options, seams);
  if (!opened) throw std::runtime_error(opened.error().detail);
  ledger_ = std::move(*opened);
  if (options.views) {
    auto views = projections::Projections::open(ledger_->log(), *ledger_->log().views(), projections::all_projections(),
                                                projections::Projections::Options{});
    if (!views) throw std::runtime_error(views.error().detail);
    views_ = std::move(*views);
    runner_ = std::make_unique<projections::Runner>(*views_);
    ledger_->set_on_committed([this](log::Position) { runner_->wake(); });
  }
  if (ledger_->log().position() == 0) set_up();
  ledger_->set_sequenced(true);
  sequencer_ = std::thread([this] { sequence(); });
  keeper_ = std::thread([this] { keep(); });
}

IngestRig::~IngestRig() {
  ledger_->close();
  sequencing_.store(false);
  sequencer_.join();
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  keeper_.join();
  runner_.reset();
  if (views_) views_->catch_up();
  static_cast<void>(ledger_->maintain(true));
  views_.reset();
}

void IngestRig::set_up() {
  auto batch = std::make_unique<engine::FactBatch>();
  BillingAccountOpened account;
  account.account_id = AccountId("acc-1");
  account.type = AccountType::MOSP;
  account.country = "NL";
  account.tenant_id = TenantId("contoso");
  account.currency = kEur;
  account.signed_up_by = IdentityId("jeroen");
  account.created_on = Date::of(2024, 1, 1);
  ledger_->prepare(*batch, fact(account, "account"));
  for (std::uint64_t i = 0; i < kSubscriptions; ++i) {
    SubscriptionCreated subscription;
    subscription.subscription_id = SubscriptionId("sub-" + std::to_string(i));
    subscription.account_id = AccountId("acc-1");
    subscription.offer_id = OfferId("MS-AZR-0003P");
    subscription.created_on = Date::of(2024, 1, 1);
    ledger_->prepare(*batch, fact(subscription, "subscription-" + std::to_string(i)));
  }
  for (std::uint64_t i = 0; i < kMeters; ++i) {
    PriceChanged price;
    price.meter_id = MeterId("vm-b" + std::to_string(i) + "s");
    price.currency = kEur;
    price.effective_on = Date::of(2024, 1, 1);
    price.unit_price = *Decimal::parse("0.012");
    ledger_->prepare(*batch, fact(price, "price-" + std::to_string(i)));
  }
  ledger_->finish_preparing(*batch);
  auto done = ledger_->ingest(std::move(batch));
  if (!done) throw std::runtime_error(done.error().detail);
  must_be_new(**done);
  if (ledger_->log().position() != kSetUp) throw std::runtime_error("the set-up has other events than these");
}

void IngestRig::sequence() {
  while (sequencing_.load()) {
    if (ledger_->wait_for_work(100'000)) ledger_->commit_group();
    sequencer_nanos_.store(static_cast<std::int64_t>(own_thread_cpu_seconds() * 1e9));
    sequencer_allocations_.store(own_allocations());
  }
  while (ledger_->commit_group()) {
  }
}

void IngestRig::keep() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    static_cast<void>(ledger_->maintain());
    lock.lock();
    stop_.wait_for(lock, std::chrono::seconds(1), [this] { return stopping_; });
  }
}

std::unique_ptr<engine::FactBatch> IngestRig::prepared(std::uint64_t first, std::size_t count) const {
  auto batch = std::make_unique<engine::FactBatch>();
  batch->facts.reserve(count);
  batch->bytes.reserve(count * 300);
  Event event;
  for (std::size_t i = 0; i < count; ++i) {
    usage(first + i, event);
    ledger_->prepare(*batch, std::move(event));
  }
  ledger_->finish_preparing(*batch);
  return batch;
}

std::uint64_t IngestRig::ingest(std::uint64_t first, std::size_t group, const std::function<bool(std::uint64_t)>& more,
                                const Acknowledged& acknowledged) {
  std::mutex mutex;
  std::condition_variable came;
  std::uint64_t under_way = 0;
  std::uint64_t sent = 0;
  for (; more(sent); sent += group) {
    std::unique_ptr<engine::FactBatch> batch = prepared(first + sent, group);
    {
      std::unique_lock lock(mutex);
      came.wait(lock, [&] { return under_way < kUnderWay; });
      ++under_way;
    }
    const Steady::time_point begun = Steady::now();
    auto queued = ledger_->submit(std::move(batch), [&, begun](std::unique_ptr<engine::FactBatch> done) {
      must_be_new(*done);
      if (acknowledged) acknowledged(done->facts.size(), micros_since(begun));
      const std::lock_guard lock(mutex);
      --under_way;
      came.notify_one();
    });
    if (!queued) throw std::runtime_error(queued.error().detail);
  }
  std::unique_lock lock(mutex);
  came.wait(lock, [&] { return under_way == 0; });
  return sent;
}

}  // namespace daybook::bench
