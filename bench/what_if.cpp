// What usage would have cost by other prices: seconds over many usage events, with the state and the usage read from views, as
// `daybook replay what-if` does it.
//
//   bench_what_if [--directory DIR] [--events 10000000] [--accounts 5000] [--daily] [--rows]
//
// An account has a subscription, and that 14 meters, half of them with tiers. `--daily`: one row a meter and day (a sum for every
// row); else one an hour (24 rows a sum). `--rows`: one of the meters is priced in a currency that is converted, so that sums do not
// suffice and every row is rated by itself. Prices are tried twice: the same ones, which must make no difference, and others.

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/flags.h"
#include "bench/log_writer.h"
#include "bench/machine.h"
#include "bench/temporary_directory.h"
#include "ledger/domain/facts/account.h"
#include "ledger/domain/facts/exchange_rate.h"
#include "ledger/domain/facts/price.h"
#include "ledger/domain/facts/subscription.h"
#include "ledger/domain/facts/tax_rate.h"
#include "ledger/domain/facts/usage.h"
#include "ledger/log/log.h"
#include "projections/all.h"
#include "projections/engine.h"
#include "projections/entities/as_of_reader.h"
#include "projections/entities/entity_rows.h"
#include "projections/usage/usage_reader.h"
#include "projections/usage/usage_rows.h"
#include "replay/what_if.h"

namespace daybook {
namespace {

using namespace projections;
using bench::figure;
using bench::must;
using bench::seconds_of;

constexpr std::uint64_t kMeters = 14;

struct Shape {
  std::uint64_t events = 10'000'000;
  std::uint64_t accounts = 5'000;
  bool daily = false;
  bool rows = false;
};

Decimal decimal(std::uint64_t coefficient, int scale) {
  return Decimal::from_parts(static_cast<Int128>(coefficient), scale).value();
}
Currency currency(const char* code) { return Currency::parse(code).value(); }
std::string meter_name(std::uint64_t meter) { return "vm-b" + std::to_string(meter) + "s"; }

/// Odd meters have tiers.
PriceChanged price_of(std::uint64_t meter, std::uint64_t dearer, const Shape& shape) {
  PriceChanged fact;
  fact.meter_id = MeterId(meter_name(meter));
  fact.currency = currency(shape.rows && meter == 0 ? "USD" : "EUR");
  fact.effective_on = Date::of(2024, 1, 1);
  if (meter % 2 == 0) {
    fact.unit_price = decimal(1234 + dearer, 4);
  } else {
    fact.tiers = {{Decimal(0), decimal(1500 + dearer, 4)}, {Decimal(500), decimal(1100 + dearer, 4)}, {Decimal(5000), decimal(700, 4)}};
    fact.included_quantity = Decimal(10);
  }
  return fact;
}

/// Writes the log: parties and prices, then usage in the order of time.
class Writer {
 public:
  Writer(log::Log& log, const Shape& shape) : out_(log), shape_(shape) {}

  void write() {
    event_.envelope.time = Instant::start_of(Date::of(2024, 2, 1));
    for (std::uint64_t meter = 0; meter < kMeters; ++meter) add(price_of(meter, 0, shape_), 1);
    TaxRateChanged vat;
    vat.country = "NL";
    vat.name = "VAT";
    vat.rate_percent = Decimal(21);
    vat.effective_on = Date::of(2020, 1, 1);
    add(vat, 1);
    add(ExchangeRateChanged{currency("USD"), currency("EUR"), decimal(9134, 4), Date::of(2020, 1, 1)}, 1);
    for (std::uint64_t i = 0; i < shape_.accounts; ++i) {
      BillingAccountOpened account;
      account.account_id = AccountId("acc-" + std::to_string(i));
      account.type = AccountType::MOSP;
      account.country = "NL";
      account.currency = currency("EUR");
      account.created_on = Date::of(2024, 2, 1);
      add(account, 1);
      SubscriptionCreated created;
      created.subscription_id = SubscriptionId(subscription(i));
      created.account_id = account.account_id;
      created.offer_id = OfferId("MS-AZR-0003P");
      created.created_on = Date::of(2024, 2, 1);
      add(created, 1);
    }
    add_usage();
    out_.flush();
  }

 private:
  static std::string subscription(std::uint64_t i) { return "sub-" + std::to_string(i); }

  void add_usage() {
    UsageRecorded usage;
    usage.unit = "1 Hour";
    usage.category = "Virtual Machines";
    usage.region = "EU West";
    const std::uint32_t first = stream_ + 1;
    Instant hour = Instant::start_of(Date::of(2024, 2, 1));
    std::uint32_t version = 0;
    for (std::uint64_t i = 0; i < shape_.events; ++version) {
      event_.envelope.time = hour;
      usage.usage_date = hour.date();
      for (std::uint64_t s = 0; s < shape_.accounts && i < shape_.events; ++s) {
        usage.subscription_id = SubscriptionId(subscription(s));
        for (std::uint64_t m = 0; m < kMeters && i < shape_.events; ++m, ++i) {
          usage.meter_id = MeterId(meter_name(m));
          usage.quantity = decimal(i * 2654435761U % 100'000 + 1, 3);
          event_.data = usage;
          out_.add(event_, first + static_cast<std::uint32_t>(s), static_cast<std::uint32_t>(version * kMeters + m + 1));
        }
      }
      hour.micros += (shape_.daily ? 24 : 1) * std::int64_t{3'600'000'000};
    }
  }

  void add(EventData data, std::uint32_t version) {
    event_.data = std::move(data);
    out_.add(event_, ++stream_, version);
  }

  bench::LogWriter out_;
  Shape shape_;
  Event event_;
  std::uint32_t stream_ = 0;
};

std::vector<Event> prices(std::uint64_t dearer, const Shape& shape) {
  std::vector<Event> facts;
  for (std::uint64_t meter = 0; meter < kMeters; ++meter) {
    Event fact;
    fact.data = price_of(meter, dearer, shape);
    facts.push_back(std::move(fact));
  }
  return facts;
}

/// Tries `facts`, prints what it took, and gives the difference in minor units.
std::int64_t try_prices(const Projections& views, log::Position head, std::vector<Event> facts, const char* name, const char* told) {
  static const bench::NoSealer kSealer;
  const replay::RatingSources sources{
      [&] { return std::make_unique<AsOfReader>(views.rows(kEntities), head, &kSealer); },
      [&] { return std::make_unique<ViewUsageSource>(views.rows(kUsage)); }};
  replay::WhatIfRequest request;
  request.days = {Date::of(2024, 1, 1), Date::of(2034, 1, 1)};
  request.tried.facts = std::move(facts);
  WhatIfView view;
  const double cpu = bench::own_cpu_seconds();
  const double seconds = seconds_of([&] { view = must(replay::what_if(sources, request)); });
  const WhatIfTotalsView& total = view.totals.at(0);
  const auto rows = static_cast<double>(total.rows);
  figure("what_if." + std::string(name) + "_seconds", seconds);
  figure("what_if." + std::string(name) + ".per_second", rows / seconds);
  std::printf("%-34s %6.2f s, %6.2f million rows/s, %4.0f ns of CPU a row; %lld documents, %s to %s EUR\n", told, seconds,
              rows / seconds / 1e6, (bench::own_cpu_seconds() - cpu) / rows * 1e9, static_cast<long long>(total.documents),
              total.before.total.amount_text().c_str(), total.after.total.amount_text().c_str());
  return total.difference.minor_units;
}

int run(bench::Flags flags) {
  Shape shape;
  const std::string parent = flags.text("--directory", std::filesystem::temp_directory_path());
  shape.events = flags.number("--events", shape.events);
  shape.accounts = flags.number("--accounts", shape.accounts);
  shape.daily = flags.given("--daily");
  shape.rows = flags.given("--rows");
  flags.end();
  if (shape.accounts == 0 || shape.events == 0) throw std::runtime_error("--events and --accounts: 1 at least");
  bench::print_machine(parent);
  const bench::TemporaryDirectory temporary(parent);
  log::SystemClock clock;
  log::SystemRng rng;
  int code = 0;
  {
    log::Options options;
    options.directory = temporary.path() + "/ledger";
    auto opened = log::Log::open(options, {nullptr, &clock, &rng});
    if (!opened) throw std::runtime_error(opened.error().detail);
    log::Log& log = **opened;
    const double writing = seconds_of([&] { Writer(log, shape).write(); });
    Projections::Options view_options;
    view_options.batch_events = 1'000'000;
    view_options.batch.workers = 2;
    auto views = must(Projections::open(log, *log.views(), all_projections(), view_options));
    const double folding = seconds_of([&] { views->catch_up(); });
    std::printf("%llu usage events of %llu accounts, %s; written in %.1f s, folded in %.1f s\n",
                static_cast<unsigned long long>(shape.events), static_cast<unsigned long long>(shape.accounts),
                shape.daily ? "daily" : "hourly", writing, folding);
    const std::string name = std::string(shape.daily ? "daily" : "hourly") + (shape.rows ? "_by_row" : "");
    if (try_prices(*views, log.position(), prices(0, shape), (name + "_same").c_str(), "the same prices") != 0) code = 1;
    if (try_prices(*views, log.position(), prices(77, shape), name.c_str(), "other prices") <= 0) code = 1;
  }
  if (code != 0) std::fprintf(stderr, "prices did not make the difference that they must\n");
  return code;
}

}  // namespace
}  // namespace daybook

int main(int count, char** words) { return daybook::bench::run_main(count, words, daybook::run); }
