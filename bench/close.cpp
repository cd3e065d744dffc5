// The end of a month: RunInvoicing over many accounts, through a running `daybook serve` on a directory of its own.
//
//   bench_close DAYBOOK [--directory DIR] [--accounts 100000] [--usage 10000000] [--big 1000000] [--kill]
//
// Every account is MOSP with three subscriptions, so that a month brings an invoice a subscription; usage is spread
// evenly. The run is asked for as a user would, by POST /v1/commands/RunInvoicing, while usage of the next month comes
// in singly; then once more, and has to issue nothing. `--kill`: the server is killed a third into the run, started again and asked again; no invoice may be
// missing, none be there twice. Then one account alone with `--big` events in a period. What is not as it must be
// fails the bench.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "bench/child.h"
#include "bench/http_load.h"
#include "bench/machine.h"
#include "bench/temporary_directory.h"

namespace daybook::bench {
namespace {

constexpr std::uint64_t kSubscriptionsAnAccount = 3;
constexpr std::uint64_t kMeters = 7;
constexpr std::uint64_t kBatch = 1'000;
constexpr unsigned kPatienceSeconds = 900;  // for a run, on the slowest machine

struct Options {
  std::string program;
  std::string directory = std::filesystem::temp_directory_path();
  std::uint64_t accounts = 100'000;
  std::uint64_t usage = 10'000'000;
  std::uint64_t big = 1'000'000;
  bool kill = false;
};

std::uint16_t port_in(const std::string& listening) {
  const std::size_t colon = listening.rfind(':');
  if (!listening.starts_with("listening on ") || colon == std::string::npos) {
    throw std::runtime_error("the server did not start: " + listening);
  }
  return static_cast<std::uint16_t>(std::stoul(listening.substr(colon + 1)));
}

/// The number after `"name":` in a JSON answer.
std::uint64_t number_in(const std::string& answer, const std::string& name) {
  const std::size_t at = answer.find("\"" + name + "\":");
  if (at == std::string::npos) throw std::runtime_error("no " + name + " in " + answer.substr(0, 2'000));
  return std::strtoull(answer.c_str() + at + name.size() + 3, nullptr, 10);
}

unsigned long long ull(std::uint64_t number) { return number; }

double seconds_of(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

std::string event(std::string_view type, const std::string& id, const std::string& date, const std::string& data) {
  return fmt::format(R"({{"specversion":"1.0","type":"daybook.{}","source":"//meter","id":"{}",)"
                     R"("time":"{}T00:00:00Z","data":{{{}}}}})",
                     type, id, date, data);
}

/// A server over its own directory, with the month of March 2024 in it.
class Month {
 public:
  Month(const Options& options, std::uint64_t accounts, std::uint64_t subscriptions, std::uint64_t usage)
      : options_(options), accounts_(accounts), subscriptions_(subscriptions), usage_(usage),
        directory_(options.directory) {
    key_ = first_line_of({options.program, "key", "create", "--data", data(), "--name", "bench", "--rights",
                          "ingest,read,admin"});
    start();
    command("AdvanceClock", R"({"to":"2024-03-01T00:00:00Z","run":false})");
    catalogue();
    command("AdvanceClock", R"({"to":"2024-04-01T00:00:00Z","run":false})");
    const double seconds = seconds_of([&] { post_usage(); });
    std::printf("%llu accounts, %llu subscriptions, %llu usage events posted at %.0f/s\n", ull(accounts_),
                ull(subscriptions_), ull(usage_), static_cast<double>(usage_) / seconds);
    wait_for_views();
  }

  [[nodiscard]] std::uint64_t invoices() const { return number_in(get("/v1/invoices?limit=1"), "total"); }
  [[nodiscard]] std::uint64_t head() const { return number_in(get("/v1/log/head"), "position"); }
  [[nodiscard]] double cpu_seconds() const { return cpu_seconds_of(server_->id()); }
  [[nodiscard]] std::uint64_t memory(const std::string& name) const { return memory_mib(name, server_->id()); }

  void command(const std::string& name, const std::string& body) const {
    static int wishes = 0;
    const std::string headers = authorization() + "Idempotency-Key: bench-" + std::to_string(++wishes) + "\r\n";
    const std::string answer =
        answer_to(port_, post_request("/v1/commands/" + name, "application/json", body, headers), kPatienceSeconds);
    if (!answer.starts_with("HTTP/1.1 20")) throw std::runtime_error(name + ": " + answer.substr(0, 2'000));
  }
  void run_invoicing() const { command("RunInvoicing", R"({"through":"2024-04-01"})"); }

  /// Posts a usage event of the next month now and then for as long as `running`, and says how long each took, in
  /// seconds.
  [[nodiscard]] std::vector<double> post_while(const std::atomic<bool>& running) const {
    std::vector<double> waits;
    while (running.load()) {
      const std::string body =
          event("UsageRecorded", fmt::format("late-{}", waits.size()), "2024-04-01",
                fmt::format(R"("subscriptionId":"sub-{}","meterId":"vm-b0s","quantity":"1")",
                            waits.size() % subscriptions_));
      const std::string request =
          post_request("/v1/events", "application/cloudevents+json", body, authorization());
      waits.push_back(seconds_of([&] {
        if (!answer_to(port_, request).starts_with("HTTP/1.1 201")) throw std::runtime_error("usage was refused");
      }));
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return waits;
  }

  /// Every subscription has exactly one invoice.
  void check_invoices() const {
    std::set<std::string> seen;
    std::string cursor;
    do {
      const std::string answer = get("/v1/invoices?limit=1000" + (cursor.empty() ? "" : "&cursor=" + cursor));
      for (std::size_t at = answer.find("\"subscriptionId\":\""); at != std::string::npos;
           at = answer.find("\"subscriptionId\":\"", at + 1)) {
        const std::size_t begin = at + 18;
        const std::string id = answer.substr(begin, answer.find('"', begin) - begin);
        if (!seen.insert(id).second) throw std::runtime_error(id + " has two invoices");
      }
      const std::size_t next = answer.find("\"nextCursor\":\"");
      cursor = next == std::string::npos ? "" : answer.substr(next + 14, answer.find('"', next + 14) - next - 14);
    } while (!cursor.empty());
    if (seen.size() != subscriptions_) {
      throw std::runtime_error(fmt::format("{} of {} subscriptions have an invoice", seen.size(), subscriptions_));
    }
  }

  void kill_and_start() {
    if (server_->end(SIGKILL) != 128 + SIGKILL) throw std::runtime_error("the server was not killed");
    const double seconds = seconds_of([&] { start(); });
    std::printf("killed; open again after        %7.2f s\n", seconds);
  }
  void wait_for_views() const {
    const std::string request = "/v1/projections";
    for (;;) {
      const std::string answer = get(request);
      std::size_t behind = 0;
      for (std::size_t at = answer.find("\"lag\":"); at != std::string::npos; at = answer.find("\"lag\":", at + 1)) {
        if (answer.compare(at, 8, "\"lag\":0,") != 0) ++behind;
      }
      if (behind == 0) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }
  void start() {
    server_ = std::make_unique<Child>(std::vector<std::string>{options_.program, "--quiet", "serve", "--data", data(),
                                                               "--listen", "127.0.0.1:0", "--clock", "manual"});
    port_ = port_in(server_->line().value_or(""));
  }

  void stop() {
    if (const int code = server_->end(SIGTERM); code != 0) {
      throw std::runtime_error("the server ended with " + std::to_string(code));
    }
  }

 private:
  [[nodiscard]] std::string data() const { return directory_.path() + "/ledger"; }
  [[nodiscard]] std::string authorization() const { return "Authorization: Bearer " + key_ + "\r\n"; }

  [[nodiscard]] std::string get(const std::string& path) const {
    std::string answer = answer_to(port_, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + authorization() + "\r\n");
    if (!answer.starts_with("HTTP/1.1 200")) throw std::runtime_error(path + ": " + answer.substr(0, 2'000));
    return answer;
  }

  /// Posts `count` events, made by `make`, in batches.
  void post(std::uint64_t count, const std::function<std::string(std::uint64_t)>& make) const {
    Load load;
    load.port = port_;
    load.connections = 4;
    load.warm_up = 0;
    load.requests = (count + kBatch - 1) / kBatch;
    load.request = [&](std::uint64_t request) {
      std::string body = "[";
      for (std::uint64_t i = request * kBatch; i < std::min(count, (request + 1) * kBatch); ++i) {
        if (body.size() > 1) body += ',';
        body += make(i);
      }
      return post_request("/v1/events", "application/cloudevents-batch+json", body + "]", authorization());
    };
    load.expected = [](std::string_view answer) {
      return answer.find("\"duplicates\":0,\"rejected\":0,\"results\":[]") != std::string_view::npos;
    };
    const LoadResult result = run(load);
    if (result.errors != 0 || result.wrong != 0) throw std::runtime_error("refused: " + to_text(result));
  }

  void catalogue() const {
    post(kMeters, [](std::uint64_t i) {
      return event("PriceChanged", fmt::format("price-{}", i), "2024-03-01",
                   fmt::format(R"("meterId":"vm-b{}s","currency":"EUR","effectiveOn":"2024-03-01","unitPrice":"0.{}7")",
                               i, i + 1));
    });
    post(1, [](std::uint64_t) {
      return event("TaxRateChanged", "tax", "2024-03-01",
                   R"("country":"NL","name":"VAT","ratePercent":"21","effectiveOn":"2024-03-01")");
    });
    post(accounts_, [](std::uint64_t i) {
      return event("BillingAccountOpened", fmt::format("account-{}", i), "2024-03-01",
                   fmt::format(R"("accountId":"acc-{0}","type":"MOSP","country":"NL","tenantId":"tenant-{0}",)"
                               R"("currency":"EUR","signedUpBy":"owner-{0}","createdOn":"2024-03-01")",
                               i));
    });
    post(subscriptions_, [&](std::uint64_t i) {
      return event("SubscriptionCreated", fmt::format("subscription-{}", i), "2024-03-01",
                   fmt::format(R"("subscriptionId":"sub-{}","accountId":"acc-{}","offerId":"MS-AZR-0003P",)"
                               R"("createdOn":"2024-03-01")",
                               i, i * accounts_ / subscriptions_));
    });
  }

  void post_usage() const {
    const std::uint64_t a_day = (usage_ + 30) / 31;
    post(usage_, [&](std::uint64_t i) {
      return event("UsageRecorded", fmt::format("u-{:010}", i), fmt::format("2024-03-{:02}", 1 + i / a_day),
                   fmt::format(R"("subscriptionId":"sub-{}","meterId":"vm-b{}s","quantity":"{}.5","unit":"1 Hour",)"
                               R"("resourceId":"/vm/web-{}","category":"Virtual Machines","region":"EU West")",
                               i % subscriptions_, i / subscriptions_ % kMeters, 1 + i % 24, i % 5));
    });
  }

  const Options& options_;
  std::uint64_t accounts_;
  std::uint64_t subscriptions_;
  std::uint64_t usage_;
  TemporaryDirectory directory_;
  std::string key_;
  std::unique_ptr<Child> server_;
  std::uint16_t port_ = 0;
};

void close_month(const Options& options) {
  Month month(options, options.accounts, options.accounts * kSubscriptionsAnAccount, options.usage);
  const std::uint64_t wanted = options.accounts * kSubscriptionsAnAccount;
  if (options.kill) {
    const std::uint64_t before = month.head();
    std::thread run([&] {
      try {
        month.run_invoicing();
        std::fprintf(stderr, "the run was through before it was killed\n");
      } catch (const std::runtime_error&) {
        // Killed under it, as it should be.
      }
    });
    while (month.head() < before + wanted / 3) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    month.kill_and_start();
    run.join();
    std::printf("invoices there after the kill   %7llu of %llu\n",
                ull(month.invoices()), ull(wanted));
  }
  const std::uint64_t before_run = month.memory("VmRSS");
  const double cpu = month.cpu_seconds();
  double seconds = 0;
  std::vector<double> waits;
  {
    std::atomic<bool> running{true};
    std::jthread meter([&] { waits = month.post_while(running); });
    seconds = seconds_of([&] { month.run_invoicing(); });
    running.store(false);
  }
  const double cpu_us = (month.cpu_seconds() - cpu) / static_cast<double>(wanted) * 1e6;
  std::printf("RunInvoicing                    %7.2f s, %.0f invoices a second, %.0f us of processor an invoice\n",
              seconds, static_cast<double>(wanted) / seconds, cpu_us);
  std::sort(waits.begin(), waits.end());
  if (!waits.empty()) {
    std::printf("usage posted meanwhile, singly  p50 %.1f ms, p99 %.1f ms, slowest %.1f ms of %zu\n",
                waits[waits.size() / 2] * 1e3, waits[waits.size() * 99 / 100] * 1e3, waits.back() * 1e3, waits.size());
    if (!options.kill) figure("close.ingest_p99_ms", waits[waits.size() * 99 / 100] * 1e3);
  }
  const std::uint64_t head = month.head();
  const double again = seconds_of([&] { month.run_invoicing(); });
  std::printf("RunInvoicing once more          %7.2f s\n", again);
  if (month.head() != head) throw std::runtime_error("the second run recorded something");
  month.wait_for_views();
  const std::uint64_t peak = month.memory("VmHWM");
  std::printf("resident before, after, at most %7llu, %llu, %llu MiB\n", ull(before_run), ull(month.memory("VmRSS")),
              ull(peak));
  month.check_invoices();
  month.stop();
  const double opened = seconds_of([&] { month.start(); });
  std::printf("opened anew after               %7.2f s, resident %llu MiB\n", opened, ull(month.memory("VmRSS")));
  if (!options.kill) {
    figure("close.run_seconds", seconds);
    figure("close.again_seconds", again);
    figure("close.peak_mib", static_cast<double>(peak));
  }
  month.stop();
}

void close_big_account(const Options& options) {
  Month month(options, 1, 1, options.big);
  const double cpu = month.cpu_seconds();
  const double seconds = seconds_of([&] { month.run_invoicing(); });
  std::printf("one account with %llu events     %.2f s, %.2f s of processor\n", ull(options.big), seconds, month.cpu_seconds() - cpu);
  month.wait_for_views();
  month.check_invoices();
  figure("close.big_seconds", seconds);
  month.stop();
}

int main_of(int count, char** words) {
  Options options;
  if (count < 2) {
    std::fprintf(stderr, "Say which program to serve with: bench_close build/bench/cli/daybook\n");
    return 2;
  }
  options.program = words[1];
  for (int i = 2; i < count; ++i) {
    const std::string_view word = words[i];
    const char* next = i + 1 < count ? words[i + 1] : "";
    if (word == "--directory") options.directory = next;
    if (word == "--accounts") options.accounts = std::strtoull(next, nullptr, 10);
    if (word == "--usage") options.usage = std::strtoull(next, nullptr, 10);
    if (word == "--big") options.big = std::strtoull(next, nullptr, 10);
    if (word == "--kill") options.kill = true;
  }
  try {
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    print_machine(options.directory);
    close_month(options);
    if (options.big > 0) close_big_account(options);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "bench_close: %s\n", failure.what());
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace daybook::bench

int main(int count, char** words) { return daybook::bench::main_of(count, words); }
