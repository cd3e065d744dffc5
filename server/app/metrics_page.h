#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "server/app/ledger_host.h"
#include "server/http/server.h"

namespace daybook::server {

/// Answers to requests, counted by route and status, and how long they took.
class RequestCounts {
 public:
  struct Sum {
    std::uint64_t answers = 0;
    std::chrono::nanoseconds taken{};
  };
  /// Route (its pattern; empty: none matched) and status.
  using Key = std::pair<std::string, unsigned>;

  void add(const http::Exchange& exchange);
  [[nodiscard]] std::map<Key, Sum> sums() const;

  /// The front that the answers left by, once it has started; it outlives every scrape.
  void set_front(const http::Server* front) { front_.store(front); }
  [[nodiscard]] const http::Server* front() const { return front_.load(); }

 private:
  mutable std::mutex mutex_;
  std::map<Key, Sum> sums_;  // as many as there are routes, times the statuses that each has answered with
  std::atomic<const http::Server*> front_{nullptr};
};

/// One page in the text format of Prometheus, version 0.0.4: every metric with its HELP and TYPE, then its samples.
class MetricsPage {
 public:
  enum class Type : std::uint8_t { Gauge, Counter };
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  /// Begins a metric; what follows are its samples.
  MetricsPage& metric(std::string_view name, Type type, std::string_view help);
  MetricsPage& sample(std::uint64_t value, Labels labels = {});
  /// In seconds.
  MetricsPage& sample(std::chrono::nanoseconds value, Labels labels = {});
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  void begin_sample(Labels labels);

  std::string name_;
  std::string text_;
};

/// What the server knows of itself; nothing of what it keeps. `requests` may be null: nobody is served.
[[nodiscard]] std::string metrics_text(LedgerHost& host, const RequestCounts* requests);

}  // namespace daybook::server
