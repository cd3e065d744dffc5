// Rebuild of all views over many usage events, the plain scan below it, bytes on disk, and how long
// questions take.
//
//   bench_projections [events=20000000] [daily]
//
// `daily`: one row a meter and day, as exports bring it (a cell for every row); else one an hour
// (24 rows a cell).

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "bench/log_writer.h"
#include "bench/machine.h"
#include "ledger/domain/facts/account.h"
#include "ledger/domain/facts/subscription.h"
#include "ledger/domain/facts/usage.h"
#include "ledger/log/log.h"
#include "projections/all.h"
#include "projections/engine.h"
#include "projections/entities/as_of_reader.h"
#include "projections/entities/entity_rows.h"
#include "projections/invoices/invoice_list.h"
#include "projections/invoices/invoice_rows.h"
#include "projections/unmatched/unmatched.h"
#include "projections/usage/usage_reader.h"
#include "projections/usage/usage_rows.h"

namespace daybook {
namespace {

using namespace projections;
using bench::figure;
using bench::must;
using bench::seconds_of;

struct Shape {
  std::uint64_t events = 20'000'000;
  bool daily = false;
  std::uint64_t subscriptions = 2000;
  std::uint64_t meters = 14;  ///< of each subscription, each on a resource of its own
};

/// Writes the log: subscriptions, then usage in the order of time.
class Writer {
 public:
  Writer(log::Log& log, const Shape& shape) : out_(log), shape_(shape) {}

  void write() {
    Event event;
    BillingAccountOpened account;
    account.account_id = AccountId("acc-1");
    account.type = AccountType::MOSP;
    account.country = "NL";
    account.currency = Currency::parse("EUR").value();
    add(event, account, 0, 1);
    for (std::uint64_t i = 0; i < shape_.subscriptions; ++i) {
      SubscriptionCreated created;
      created.subscription_id = SubscriptionId(subscription(i));
      created.account_id = AccountId("acc-1");
      created.offer_id = OfferId("MS-AZR-0003P");
      add(event, created, static_cast<std::uint32_t>(1 + i), 1);
    }
    std::vector<std::uint32_t> versions(shape_.subscriptions, 0);
    UsageRecorded usage;
    usage.unit = "1 Hour";
    usage.category = "Virtual Machines";
    usage.region = "EU West";
    const std::uint64_t hours = shape_.daily ? 24 : 1;
    Instant hour = Instant::start_of(Date::of(2024, 3, 1));
    for (std::uint64_t i = 0; i < shape_.events;) {
      event.envelope.time = hour;
      usage.usage_date = hour.date();
      for (std::uint64_t s = 0; s < shape_.subscriptions && i < shape_.events; ++s) {
        usage.subscription_id = SubscriptionId(subscription(s));
        for (std::uint64_t m = 0; m < shape_.meters && i < shape_.events; ++m, ++i) {
          usage.meter_id = MeterId("vm-b" + std::to_string(m) + "s");
          usage.resource_id = "/subscriptions/" + subscription(s) + "/vm/web-" + std::to_string(m);
          const auto quantity = static_cast<Int128>(i * 2654435761U % 100'000 + 1);
          usage.quantity = Decimal::from_parts(quantity, 3).value();
          event.data = usage;
          out_.add(event, static_cast<std::uint32_t>(2 + shape_.subscriptions + s), ++versions[s]);
        }
      }
      hour.micros += static_cast<std::int64_t>(hours) * 3'600'000'000;
    }
    out_.flush();
  }

  [[nodiscard]] static std::string subscription(std::uint64_t i) {
    return "sub-" + std::to_string(1000 + i);
  }

 private:
  void add(Event& event, EventData data, std::uint32_t stream, std::uint32_t version) {
    event.envelope.time = Instant::start_of(Date::of(2024, 2, 1));
    event.data = std::move(data);
    out_.add(event, stream + 1, version);
  }

  bench::LogWriter out_;
  Shape shape_;
};

void scan(const log::Log& log, unsigned threads) {
  std::vector<std::uint64_t> seen(threads);
  const double cpu = bench::own_cpu_seconds();
  const double seconds = seconds_of([&] {
    std::vector<std::jthread> all;
    const log::Position head = log.position();
    for (unsigned i = 0; i < threads; ++i) {
      all.emplace_back([&, i] {
        must(log.scan_frames(1 + head * i / threads, head * (i + 1) / threads, [&](auto records) {
          for (const log::RecordView& record : records) seen[i] += record.event.empty() ? 0U : 1U;
          return true;
        }));
      });
    }
  });
  std::uint64_t total = 0;
  for (std::uint64_t count : seen) total += count;
  const auto events = static_cast<double>(total);
  figure("views.scan." + std::to_string(threads) + ".per_second", events / seconds);
  figure("views.scan." + std::to_string(threads) + ".cpu_ns", (bench::own_cpu_seconds() - cpu) / events * 1e9);
  std::printf("scan, %u threads        %8.2f million events/s, %4.0f ns of CPU an event\n", threads,
              events / seconds / 1e6, (bench::own_cpu_seconds() - cpu) / events * 1e9);
}

void ask(const char* question, int times, const std::function<void(int)>& work) {
  const double seconds = seconds_of([&] {
    for (int i = 0; i < times; ++i) work(i);
  });
  std::printf("%-44s %10.1f us\n", question, seconds / times * 1e6);
}

void questions(const Projections& views, const Shape& shape, log::Position head) {
  const ViewUsageSource usage(views.rows(kUsage));
  const Date from = Date::of(2024, 3, 1);
  const Date to = Date::of(2024, 4, 1);
  const auto subscription = [&](int i) {
    return SubscriptionId(
        Writer::subscription(static_cast<std::uint64_t>(i) * 7919 % shape.subscriptions));
  };
  std::uint64_t rows = 0;
  std::uint64_t cells = 0;
  ask("cells of a subscription's month, head", 200, [&](int i) {
    must(usage.cells(subscription(i), from, to, head, [&](const UsageCell&) { ++cells; }));
  });
  ask("cells of a subscription's month, half-way", 50, [&](int i) {
    must(usage.cells(subscription(i), from, to, head / 2, [&](const UsageCell&) { ++cells; }));
  });
  ask("rows of a subscription's month", 50, [&](int i) {
    must(usage.rows(subscription(i), from, to, head, [&](const UsageRow&) { ++rows; }));
  });
  ask("late rows of a subscription since yesterday", 200, [&](int i) {
    must(usage.late_rows(subscription(i), to, head - head / 31, head,
                         [&](const UsageRow&) { ++rows; }));
  });
  ask("state of a subscription, head", 2000, [&](int i) {
    const AsOfReader state(views.rows(kEntities), head);
    if (state.subscription(subscription(i)) == nullptr)
      throw std::runtime_error("no such subscription");
  });
  ask("subscriptions of an account (2,000)", 20, [&](int) {
    const AsOfReader state(views.rows(kEntities), head);
    if (state.subscriptions_of(AccountId("acc-1")).empty())
      throw std::runtime_error("no subscriptions");
  });
  ask("first page of invoices, none there", 200,
      [&](int) { must(InvoiceList(views.rows(kInvoices), head).page({}, 100)); });
  std::printf("(%llu rows, %llu cells read)\n", static_cast<unsigned long long>(rows),
              static_cast<unsigned long long>(cells));
}

int run(const Shape& shape) {
  std::string directory =
      (std::filesystem::temp_directory_path() / "daybook-bench-XXXXXX").string();
  if (mkdtemp(directory.data()) == nullptr) throw std::runtime_error("no temporary directory");
  bench::print_machine(directory);
  log::SystemClock clock;
  log::SystemRng rng;
  {
    log::Options options;
    options.directory = directory + "/ledger";
    auto opened = log::Log::open(options, {nullptr, &clock, &rng});
    if (!opened) throw std::runtime_error(opened.error().detail);
    log::Log& log = **opened;
    const auto events = static_cast<double>(shape.events);

    const double writing = seconds_of([&] { Writer(log, shape).write(); });
    std::printf(
        "%llu usage events, %llu subscriptions, %s; written in %.1f s; log %.1f bytes an event\n",
        static_cast<unsigned long long>(shape.events),
        static_cast<unsigned long long>(shape.subscriptions), shape.daily ? "daily" : "hourly",
        writing, static_cast<double>(log.disk_bytes()) / events);
    scan(log, 1);
    scan(log, 2);

    Projections::Options view_options;
    view_options.batch_events = 1'000'000;
    view_options.batch.workers = std::max(1U, std::thread::hardware_concurrency());
    auto views = must(Projections::open(log, *log.views(), all_projections(), view_options));
    double cpu = bench::own_cpu_seconds();
    const double folding = seconds_of([&] { views->catch_up(); });
    figure("views.fold.per_second", events / folding);
    figure("views.fold.cpu_ns", (bench::own_cpu_seconds() - cpu) / events * 1e9);
    std::printf("all views from nothing  %8.2f million events/s, %4.0f ns of CPU an event\n",
                events / folding / 1e6, (bench::own_cpu_seconds() - cpu) / events * 1e9);
    cpu = bench::own_cpu_seconds();
    std::uint64_t bytes = 0;
    for (const ProjectionStatus& view : views->status()) {
      log::Family family = views->rows(view.name)->family;
      must(family.flush());
      std::printf("  %-10s %-10s %12llu rows %8.2f bytes an event  %.16s\n", view.name.c_str(),
                  std::string(name(view.status)).c_str(),
                  static_cast<unsigned long long>(view.logical_rows),
                  static_cast<double>(family.disk_bytes()) / events, view.state_hash.c_str());
      bytes += family.disk_bytes();
    }
    figure("views.disk_bytes", static_cast<double>(bytes) / events);
    figure("views.log_bytes", static_cast<double>(log.disk_bytes()) / events);
    std::printf("views on disk           %8.2f bytes an event\n",
                static_cast<double>(bytes) / events);
    std::vector<Rebuilt> rebuilt;
    const double rebuilding = seconds_of([&] { rebuilt = must(views->rebuild({}, false)); });
    bool equal = true;
    for (const Rebuilt& view : rebuilt) equal = equal && view.equal();
    figure("views.rebuild.per_second", events / rebuilding);
    std::printf(
        "rebuild beside          %8.2f million events/s, %4.0f ns of CPU an event, hashes %s\n",
        events / rebuilding / 1e6, (bench::own_cpu_seconds() - cpu) / events * 1e9,
        equal ? "equal" : "DIFFER");
    questions(*views, shape, log.position());
  }
  std::filesystem::remove_all(directory);
  return 0;
}

}  // namespace
}  // namespace daybook

int main(int argc, char** argv) {
  daybook::Shape shape;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "daily") == 0) {
      shape.daily = true;
    } else {
      shape.events = std::strtoull(argv[i], nullptr, 10);
    }
  }
  try {
    return daybook::run(shape);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "%s\n", failure.what());
    return 1;
  }
}
