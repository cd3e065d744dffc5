// In-process durable ingest: usage facts from structs to the acknowledgement (event bytes, leaf, identity, index,
// admission, frames, tree, chain, synced write, witness), at several group sizes, with unique ids.
//
//   bench_ingest [--directory DIR] [--events N] [--groups 1000,8000]
//
// Prints the machine, the disk's own fdatasync time, events a second, bytes an event and allocations an event on
// the sequencer's thread. One thread prepares, one is the sequencer; figures are of this machine alone.

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "bench/allocations.h"
#include "bench/machine.h"
#include "bench/temporary_directory.h"
#include "bench/usage.h"
#include "ledger/domain/facts/account.h"
#include "ledger/domain/facts/price.h"
#include "ledger/domain/facts/subscription.h"
#include "ledger/engine/ledger.h"

namespace daybook::bench {
namespace {

using Steady = std::chrono::steady_clock;

double seconds_since(Steady::time_point start) {
  return std::chrono::duration<double>(Steady::now() - start).count();
}

double own_thread_cpu_seconds() {
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

Event fact(EventData data, std::string id) {
  Event event;
  event.envelope.source = "//meter/eu-1";
  event.envelope.id = std::move(id);
  event.envelope.time = Instant{1'709'802'000'000'000};
  event.data = std::move(data);
  return event;
}

void set_up(engine::Ledger& ledger) {
  auto batch = std::make_unique<engine::FactBatch>();
  BillingAccountOpened account;
  account.account_id = AccountId("acc-1");
  account.type = AccountType::MOSP;
  account.country = "NL";
  account.tenant_id = TenantId("contoso");
  account.currency = kEur;
  account.signed_up_by = IdentityId("jeroen");
  account.created_on = Date::of(2024, 1, 1);
  ledger.prepare(*batch, fact(account, "account"));
  for (int i = 0; i < 1'000; ++i) {
    SubscriptionCreated subscription;
    subscription.subscription_id = SubscriptionId("sub-" + std::to_string(i));
    subscription.account_id = AccountId("acc-1");
    subscription.offer_id = OfferId("MS-AZR-0003P");
    subscription.created_on = Date::of(2024, 1, 1);
    ledger.prepare(*batch, fact(subscription, "subscription-" + std::to_string(i)));
  }
  for (int i = 0; i < 7; ++i) {
    PriceChanged price;
    price.meter_id = MeterId("vm-b" + std::to_string(i) + "s");
    price.currency = kEur;
    price.effective_on = Date::of(2024, 1, 1);
    price.unit_price = *Decimal::parse("0.012");
    ledger.prepare(*batch, fact(price, "price-" + std::to_string(i)));
  }
  auto done = ledger.ingest(std::move(batch));
  if (!done || (*done)->count(engine::FactStatus::Rejected) > 0) {
    std::fprintf(stderr, "the set-up was refused: %s\n", done ? (*done)->errors.front().detail.c_str() : "queue");
    std::exit(1);
  }
}

struct Figures {
  double events_a_second = 0;
  double bytes_an_event = 0;
  double allocations_an_event = 0;
  double sequencer_nanos = 0;  ///< processor time of its thread an event
  double all_nanos = 0;        ///< of the whole process
};

Figures run(const std::string& parent, std::size_t events, std::size_t group) {
  const TemporaryDirectory temporary(parent);
  const std::string directory = temporary.path() + "/ledger";
  log::SystemClock clock;
  log::SystemRng rng;
  engine::LedgerOptions options;
  options.log.directory = directory;
  options.clock = engine::ClockMode::System;
  options.queue_bytes = group * 300 * 3 + (8u << 20);
  log::Seams seams;
  seams.clock = &clock;
  seams.rng = &rng;
  auto opened = engine::Ledger::open(options, seams);
  if (!opened) {
    std::fprintf(stderr, "%s\n", opened.error().detail.c_str());
    std::exit(1);
  }
  engine::Ledger& ledger = **opened;
  set_up(ledger);
  const std::uint64_t before = ledger.log().disk_bytes();

  std::atomic<std::size_t> acknowledged{0};
  std::atomic<bool> stop{false};
  std::uint64_t warm_allocations = 0;
  std::uint64_t all_allocations = 0;
  std::size_t warm_events = 0;
  double sequencer_seconds = 0;
  ledger.set_sequenced(true);
  std::thread sequencer([&] {
    const double cpu_before = own_thread_cpu_seconds();
    while (!stop.load() || acknowledged.load() < events) {
      if (ledger.wait_for_work(1'000)) ledger.commit_group();
      if (warm_events == 0 && acknowledged.load() > events / 2) {
        warm_events = acknowledged.load();
        warm_allocations = own_allocations();
      }
    }
    all_allocations = own_allocations();
    sequencer_seconds = own_thread_cpu_seconds() - cpu_before;
  });
  std::thread keeper([&] {
    while (!stop.load()) {
      static_cast<void>(ledger.maintain());
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
  });

  const double cpu_before = own_cpu_seconds();
  const auto start = Steady::now();
  for (std::size_t sent = 0; sent < events; sent += group) {
    auto batch = std::make_unique<engine::FactBatch>();
    batch->facts.reserve(group);
    batch->bytes.reserve(group * 300);
    for (std::size_t i = 0; i < group; ++i) ledger.prepare(*batch, usage(sent + i));
    ledger.finish_preparing(*batch);
    for (;;) {
      auto queued = ledger.submit(std::move(batch), [&](std::unique_ptr<engine::FactBatch> done) {
        if (done->count(engine::FactStatus::Accepted) != done->facts.size()) std::abort();
        acknowledged.fetch_add(done->facts.size());
      });
      if (queued) break;
      std::fprintf(stderr, "the queue refused a batch\n");
      std::exit(1);
    }
    while (sent + group - acknowledged.load() > 3 * group) std::this_thread::sleep_for(std::chrono::microseconds(50));
  }
  while (acknowledged.load() < events) std::this_thread::sleep_for(std::chrono::microseconds(50));
  const double taken = seconds_since(start);
  stop.store(true);
  sequencer.join();
  keeper.join();
  Figures figures;
  figures.sequencer_nanos = sequencer_seconds / static_cast<double>(events) * 1e9;
  figures.all_nanos = (own_cpu_seconds() - cpu_before) / static_cast<double>(events) * 1e9;
  figures.events_a_second = static_cast<double>(events) / taken;
  figures.bytes_an_event =
      static_cast<double>(ledger.log().disk_bytes() - before) / static_cast<double>(events);
  figures.allocations_an_event = static_cast<double>(all_allocations - warm_allocations) /
                                 static_cast<double>(events - warm_events + 1);
  return figures;
}

}  // namespace
}  // namespace daybook::bench

int main(int argc, char** argv) {
  std::string directory = std::filesystem::temp_directory_path();
  std::size_t events = 2'000'000;
  std::vector<std::size_t> groups{1'000, 8'000};
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--directory") == 0) directory = argv[i + 1];
    if (std::strcmp(argv[i], "--events") == 0) events = std::strtoull(argv[i + 1], nullptr, 10);
    if (std::strcmp(argv[i], "--groups") == 0) {
      groups.clear();
      for (char* next = argv[i + 1]; *next != '\0';) {
        groups.push_back(std::strtoull(next, &next, 10));
        if (*next == ',') ++next;
      }
    }
  }
  daybook::bench::print_machine(directory);
  std::printf("events a run: %zu\n", events);
  for (const std::size_t group : groups) {
    const daybook::bench::Figures figures = daybook::bench::run(directory, events / group * group, group);
    std::printf(
        "groups of %5zu: %9.0f events/s, %.0f ns of processor an event (sequencer %.0f), log %.1f bytes an event, "
        "%.4f allocations an event in the sequencer\n",
        group, figures.events_a_second, figures.all_nanos, figures.sequencer_nanos, figures.bytes_an_event,
        figures.allocations_an_event);
    std::fflush(stdout);
    const std::string name = "ingest." + std::to_string(group);
    daybook::bench::figure(name + ".per_second", figures.events_a_second);
    daybook::bench::figure(name + ".cpu_ns", figures.all_nanos);
    daybook::bench::figure(name + ".sequencer_ns", figures.sequencer_nanos);
    daybook::bench::figure(name + ".log_bytes", figures.bytes_an_event);
    daybook::bench::figure(name + ".allocations", figures.allocations_an_event);
  }
  return 0;
}
