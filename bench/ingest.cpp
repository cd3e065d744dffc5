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
#include <filesystem>
#include <fstream>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "ledger/domain/facts/account.h"
#include "ledger/domain/facts/price.h"
#include "ledger/domain/facts/subscription.h"
#include "ledger/domain/facts/usage.h"
#include "ledger/engine/ledger.h"

namespace {

std::atomic<std::uint64_t> sequencer_allocations{0};
thread_local bool counts_allocations = false;

}  // namespace

void* operator new(std::size_t size) {
  if (counts_allocations) sequencer_allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace daybook {
namespace {

using Steady = std::chrono::steady_clock;

double seconds_since(Steady::time_point start) {
  return std::chrono::duration<double>(Steady::now() - start).count();
}

/// Median of 100 syncs of 4 KiB, in microseconds.
double fdatasync_micros(const std::string& directory) {
  const std::string path = directory + "/fdatasync-probe";
  const int file = open(path.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
  const std::vector<char> block(4096, 'x');
  std::vector<double> times;
  for (int i = 0; i < 100; ++i) {
    if (write(file, block.data(), block.size()) < 0) break;
    const auto start = Steady::now();
    fdatasync(file);
    times.push_back(seconds_since(start) * 1e6);
  }
  close(file);
  std::filesystem::remove(path);
  std::sort(times.begin(), times.end());
  return times.empty() ? 0 : times[times.size() / 2];
}

std::string processor() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown";
}

Event fact(EventData data, std::string id) {
  Event event;
  event.envelope.source = "//meter/eu-1";
  event.envelope.id = std::move(id);
  event.envelope.time = Instant{1'709'802'000'000'000};
  event.data = std::move(data);
  return event;
}

/// The usage event of the public contract, some 230 bytes, spread over subscriptions, meters and days.
Event usage(std::uint64_t number) {
  UsageRecorded row;
  row.subscription_id = SubscriptionId("sub-" + std::to_string(number % 1'000));
  row.meter_id = MeterId("vm-b" + std::to_string(number % 7) + "s");
  row.quantity = Decimal(static_cast<std::int64_t>(1 + number % 24));
  row.usage_date = Date{19'783 + static_cast<std::int32_t>(number / 100'000 % 28)};
  row.unit = "1 Hour";
  row.category = "Virtual Machines";
  row.region = "EU West";
  row.resource_id = "/subscriptions/sub-01/vm/web-" + std::to_string(number % 50);
  char id[24];
  std::snprintf(id, sizeof id, "u-%012llu", static_cast<unsigned long long>(number));
  return fact(row, id);
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
};

Figures run(const std::string& parent, std::size_t events, std::size_t group) {
  const std::string directory = parent + "/ledger";
  std::filesystem::remove_all(directory);
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
  std::size_t warm_events = 0;
  ledger.set_sequenced(true);
  std::thread sequencer([&] {
    counts_allocations = true;
    while (!stop.load() || acknowledged.load() < events) {
      if (ledger.wait_for_work(1'000)) ledger.commit_group();
      if (warm_events == 0 && acknowledged.load() > events / 2) {
        warm_events = acknowledged.load();
        warm_allocations = sequencer_allocations.load();
      }
    }
  });
  std::thread keeper([&] {
    while (!stop.load()) {
      static_cast<void>(ledger.maintain());
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
  });

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
    while (sent + group - acknowledged.load() > 3 * group) std::this_thread::yield();
  }
  while (acknowledged.load() < events) std::this_thread::yield();
  const double taken = seconds_since(start);
  stop.store(true);
  sequencer.join();
  keeper.join();
  Figures figures;
  figures.events_a_second = static_cast<double>(events) / taken;
  figures.bytes_an_event =
      static_cast<double>(ledger.log().disk_bytes() - before) / static_cast<double>(events);
  figures.allocations_an_event = static_cast<double>(sequencer_allocations.load() - warm_allocations) /
                                 static_cast<double>(events - warm_events + 1);
  return figures;
}

}  // namespace
}  // namespace daybook

int main(int argc, char** argv) {
  std::string directory = std::filesystem::temp_directory_path() / "daybook-bench-ingest";
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
  std::filesystem::create_directories(directory);
  std::printf("machine: %s, %u threads\nfdatasync of 4 KiB: %.0f us\nevents a run: %zu\n", daybook::processor().c_str(),
              std::thread::hardware_concurrency(), daybook::fdatasync_micros(directory), events);
  for (const std::size_t group : groups) {
    const daybook::Figures figures = daybook::run(directory, events / group * group, group);
    std::printf("groups of %5zu: %9.0f events/s, log %.1f bytes an event, %.4f allocations an event in the sequencer\n",
                group, figures.events_a_second, figures.bytes_an_event, figures.allocations_an_event);
  }
  std::filesystem::remove_all(directory);
  return 0;
}
