// End to end over HTTP: a real `daybook serve` on a directory of its own, its views folding beside, and a client on
// the same processors. CloudEvents in batches of 1,000, then single ones over 64 connections. Every answer is checked:
// what was not accepted fails the bench.
//
//   bench_serve DAYBOOK [--directory DIR] [--events N] [--singles N] [--batch 1000]

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

#include <fmt/format.h>

#include "bench/child.h"
#include "bench/http_load.h"
#include "bench/machine.h"
#include "bench/temporary_directory.h"
#include "bench/usage.h"

namespace daybook::bench {
namespace {

struct Options {
  std::string program;
  std::string directory = std::filesystem::temp_directory_path();
  std::uint64_t events = 1'000'000;
  std::uint64_t singles = 200'000;
  std::uint64_t batch = 1'000;
};

/// Now, as RFC 3339 has it; its first ten characters are the date.
std::string now() {
  const std::time_t seconds = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                     parts.tm_hour, parts.tm_min, parts.tm_sec);
}

std::uint16_t port_in(const std::string& listening) {
  const std::size_t colon = listening.rfind(':');
  if (!listening.starts_with("listening on ") || colon == std::string::npos) {
    throw std::runtime_error("the server did not start: " + listening);
  }
  return static_cast<std::uint16_t>(std::stoul(listening.substr(colon + 1)));
}

/// The server, what it is asked with, and the number of the next event.
class Serving {
 public:
  explicit Serving(const Options& options)
      : options_(options),
        directory_(options.directory),
        key_(first_line_of({options.program, "key", "create", "--data", data(), "--name", "bench", "--rights",
                            "ingest,read,admin"})),
        server_({options.program, "--quiet", "serve", "--data", data(), "--listen", "127.0.0.1:0", "--clock",
                 "system"}),
        port_(port_in(server_.line().value_or(""))),
        time_(now()) {
    const std::string answer = answer_to(port_, post("application/cloudevents-batch+json",
                                                    catalogue_json(time_.substr(0, 10), time_)));
    if (answer.find("\"rejected\":0") == std::string::npos) {
      throw std::runtime_error("the catalogue was refused: " + answer);
    }
  }

  void batches() {
    Load load = load_of(options_.events / options_.batch, 8);
    load.warm_up = load.requests / 10;
    load.request = [&](std::uint64_t) {
      std::string body = "[";
      for (std::uint64_t i = 0; i < options_.batch; ++i) {
        if (i > 0) body += ',';
        usage_json(next_++, time_, body);
      }
      body += ']';
      return post("application/cloudevents-batch+json", body);
    };
    const std::string accepted =
        "\"accepted\":" + std::to_string(options_.batch) + ",\"duplicates\":0,\"rejected\":0,\"results\":[]";
    load.expected = [accepted](std::string_view answer) { return answer.find(accepted) != std::string_view::npos; };
    measure("batches of 1,000, 8 connections", "http.batch", load, options_.batch);
  }

  void singles() {
    Load load = load_of(options_.singles, 64);
    load.warm_up = load.requests / 10;
    load.request = [&](std::uint64_t) {
      std::string body;
      usage_json(next_++, time_, body);
      return post("application/cloudevents+json", body);
    };
    load.expected = [](std::string_view answer) { return answer.starts_with("HTTP/1.1 201 "); };
    const LoadResult result = measure("single events, 64 connections", "http.single", load, 1);
    figure("http.single.p99_ms", result.p99_ms);
  }

  /// How long after the last answer every view has folded everything.
  void views() {
    const auto begun = std::chrono::steady_clock::now();
    const std::string request = "GET /v1/projections HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key_ + "\r\n\r\n";
    for (;;) {
      const std::string answer = answer_to(port_, request);
      std::size_t caught_up = 0;
      std::size_t all = 0;
      for (std::size_t at = answer.find("\"lag\":"); at != std::string::npos; at = answer.find("\"lag\":", at + 1)) {
        ++all;
        if (answer.compare(at, 8, "\"lag\":0,") == 0) ++caught_up;
      }
      if (all == 0) throw std::runtime_error("the views do not say how far they are: " + answer);
      if (caught_up == all) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    std::printf("%-32s %9.2f s after the last answer\n", "all views have caught up",
                std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
  }

  void stop() {
    if (const int code = server_.end(SIGTERM); code != 0) {
      throw std::runtime_error("the server ended with " + std::to_string(code));
    }
  }

 private:
  [[nodiscard]] std::string data() const { return directory_.path() + "/ledger"; }

  [[nodiscard]] std::string post(const std::string& type, const std::string& body) const {
    return post_request("/v1/events", type, body, "Authorization: Bearer " + key_ + "\r\n");
  }

  [[nodiscard]] Load load_of(std::uint64_t requests, std::size_t connections) const {
    Load load;
    load.port = port_;
    load.connections = connections;
    load.requests = requests;
    return load;
  }

  LoadResult measure(const char* what, const std::string& name, const Load& load, std::uint64_t events_a_request) {
    const double client_before = own_cpu_seconds();
    const double server_before = cpu_seconds_of(server_.id());
    const LoadResult result = run(load);
    const auto events = static_cast<double>((load.requests + load.warm_up) * events_a_request);
    const double client = (own_cpu_seconds() - client_before) / events * 1e6;
    const double server = (cpu_seconds_of(server_.id()) - server_before) / events * 1e6;
    if (result.errors != 0 || result.wrong != 0) {
      throw std::runtime_error(std::string(what) + ": not every event was accepted: " + to_text(result));
    }
    const double rate = result.per_second * static_cast<double>(events_a_request);
    std::printf("%-32s %9.0f events/s  p50 %.2f ms, p99 %.2f ms, slowest %.2f ms a request\n", what, rate,
                result.p50_ms, result.p99_ms, result.slowest_ms);
    std::printf("%-32s %9.2f us of processor an event in the server (views included), %.2f in the client\n", "",
                server, client);
    std::fflush(stdout);
    figure(name + ".per_second", rate);
    figure(name + ".server_cpu_us", server);
    figure(name + ".client_cpu_us", client);
    return result;
  }

  const Options& options_;
  TemporaryDirectory directory_;
  std::string key_;
  Child server_;
  std::uint16_t port_;
  std::string time_;
  std::uint64_t next_ = 1;
};

int main_of(int count, char** words) {
  Options options;
  if (count < 2) {
    std::fprintf(stderr, "Say which program to serve with: bench_serve build/bench/cli/daybook\n");
    return 2;
  }
  options.program = words[1];
  for (int i = 2; i + 1 < count; i += 2) {
    const std::string_view word = words[i];
    if (word == "--directory") options.directory = words[i + 1];
    if (word == "--events") options.events = std::strtoull(words[i + 1], nullptr, 10);
    if (word == "--singles") options.singles = std::strtoull(words[i + 1], nullptr, 10);
    if (word == "--batch") options.batch = std::strtoull(words[i + 1], nullptr, 10);
  }
  try {
    print_machine(options.directory);
    Serving serving(options);
    serving.singles();
    serving.batches();
    serving.views();
    serving.stop();
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "bench_serve: %s\n", failure.what());
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace daybook::bench

int main(int count, char** words) { return daybook::bench::main_of(count, words); }
