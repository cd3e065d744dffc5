#include "server/app/metrics_page.h"

#include <algorithm>
#include <vector>

namespace daybook::server {
namespace {

constexpr auto kGauge = MetricsPage::Type::Gauge;
constexpr auto kCounter = MetricsPage::Type::Counter;

void write_ledger(LedgerHost& host, MetricsPage& page) {
  engine::Ledger& ledger = host.ledger();
  const log::Position position = ledger.log().position();
  page.metric("daybook_log_position", kGauge, "Newest position of the log.").sample(position);
  page.metric("daybook_events_recorded_total", kCounter,
              "Events recorded since the start, those that the ledger itself decided included.")
      .sample(position - host.opened_at());
  page.metric("daybook_clock_timestamp_seconds", kGauge, "The ledger's clock, in seconds since 1970.")
      .sample(std::chrono::microseconds(ledger.now().micros));
  const engine::QueueLength queue = ledger.queue_length();
  page.metric("daybook_queue_submissions", kGauge, "Bodies and commands that wait for the sequencer.").sample(queue.submissions);
  page.metric("daybook_queue_bytes", kGauge, "Bytes of what waits for the sequencer.").sample(queue.bytes);
  page.metric("daybook_ready", kGauge, "1 once the views show what the log held at the start.").sample(host.ready() ? 1 : 0);
}

void write_views(const projections::Projections& views, MetricsPage& page) {
  const std::vector<projections::ProjectionStatus> all = views.status();
  page.metric("daybook_projection_position", kGauge, "Last event that the projection has folded.");
  for (const auto& view : all) page.sample(view.position, {{"projection", view.name}});
  page.metric("daybook_projection_lag_events", kGauge, "Events of the log that the projection has not folded yet.");
  for (const auto& view : all) page.sample(view.lag, {{"projection", view.name}});
  page.metric("daybook_projection_halted", kGauge, "1 where the projection has stopped at an event that it cannot fold.");
  for (const auto& view : all) {
    page.sample(view.status == projections::ProjectionState::Halted ? 1 : 0, {{"projection", view.name}});
  }
}

void write_scrubbed(const Scrubber::Standing& scrubbed, MetricsPage& page) {
  page.metric("daybook_scrubbed_bytes_total", kCounter, "Bytes of files that were read again to see that they are as they were written.")
      .sample(scrubbed.bytes);
  page.metric("daybook_scrub_damaged_files", kGauge, "Files of log and views whose bytes have changed, of those that were last read again.")
      .sample(scrubbed.damaged_files);
  page.metric("daybook_scrub_completed_timestamp_seconds", kGauge, "When all files had last been read again; 0: not since the start.")
      .sample(scrubbed.whole.time_since_epoch());
}

void write_process(LedgerHost& host, MetricsPage& page) {
  page.metric("daybook_uptime_seconds", kGauge, "Seconds since the ledger was opened.")
      .sample(std::chrono::steady_clock::now() - host.opened());
  page.metric("process_resident_memory_bytes", kGauge, "Resident memory of the process.").sample(resident_bytes());
}

void write_memory(LedgerHost& host, MetricsPage& page) {
  const log::Log& log = host.ledger().log();
  page.metric("daybook_memory_bytes", kGauge, "Memory of what grows with use, as far as it is counted.");
  const auto database = [&](std::string_view name, const log::MemoryUse& use) {
    page.sample(use.write_buffers, {{"part", "write_buffers"}, {"of", name}})
        .sample(use.caches, {{"part", "cache"}, {"of", name}})
        .sample(use.tables, {{"part", "tables"}, {"of", name}});
  };
  database("log", log.memory_use());
  database("views", log.views()->memory_use());
  page.sample(host.ledger().identities_bytes(), {{"part", "identities"}, {"of", "index"}});
  const MemoryWatch* const watch = host.memory();
  if (watch == nullptr) return;
  page.metric("daybook_memory_limit_bytes", kGauge, "Resident memory that the process is to stay below (server.memoryMegabytes).")
      .sample(watch->most());
  page.metric("daybook_memory_short", kGauge, "1 while more is resident than the limit, and less is held of requests' bodies.")
      .sample(watch->is_short() ? 1 : 0);
}

void write_front(const http::Server& front, MetricsPage& page) {
  const http::Metrics sum = front.metrics();
  page.metric("daybook_http_connections", kGauge, "Connections that are open.").sample(sum.connections_open);
  page.metric("daybook_http_connections_accepted_total", kCounter, "Connections accepted.").sample(sum.connections_accepted);
  page.metric("daybook_http_connections_refused_total", kCounter, "Connections refused, by the limit that they met.")
      .sample(sum.connections_refused_total, {{"limit", "all"}})
      .sample(sum.connections_refused_per_ip, {{"limit", "address"}});
  page.metric("daybook_http_heads_refused_total", kCounter, "Requests whose head was refused as it stood.").sample(sum.heads_refused);
  page.metric("daybook_http_timeouts_total", kCounter, "Connections ended by a deadline, idle ones apart.").sample(sum.timeouts);
  page.metric("daybook_http_received_bytes_total", kCounter, "Bytes received.").sample(sum.bytes_in);
  page.metric("daybook_http_sent_bytes_total", kCounter, "Bytes sent.").sample(sum.bytes_out);
}

void write_requests(const RequestCounts& requests, MetricsPage& page) {
  const auto sums = requests.sums();
  const auto each = [&](auto value) {
    for (const auto& [key, sum] : sums) {
      const auto& [route, status] = key;
      page.sample(value(sum), {{"route", route}, {"status", std::to_string(status)}});
    }
  };
  page.metric("daybook_http_requests_total", kCounter, "Requests answered, by route and status; without a route: none matched.");
  each([](const RequestCounts::Sum& sum) { return sum.answers; });
  page.metric("daybook_http_request_duration_seconds_total", kCounter, "Time from a request's first byte to the end of its answer, summed.");
  each([](const RequestCounts::Sum& sum) { return sum.taken; });
}

}  // namespace

void RequestCounts::add(const http::Exchange& exchange) {
  Key key(exchange.pattern, exchange.status);
  const std::lock_guard lock(mutex_);
  Sum& sum = sums_[std::move(key)];
  ++sum.answers;
  sum.taken += exchange.taken;
}

std::map<RequestCounts::Key, RequestCounts::Sum> RequestCounts::sums() const {
  const std::lock_guard lock(mutex_);
  return sums_;
}

MetricsPage& MetricsPage::metric(std::string_view name, Type type, std::string_view help) {
  name_ = name;
  text_.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ").append(name);
  text_.append(type == Type::Gauge ? " gauge\n" : " counter\n");
  return *this;
}

void MetricsPage::begin_sample(Labels labels) {
  text_ += name_;
  if (labels.size() > 0) {
    char before = '{';
    for (const auto& [label, value] : labels) {
      text_ += before;
      text_.append(label).append("=\"");
      for (const char c : value) {
        if (c == '\\' || c == '"') text_ += '\\';
        c == '\n' ? text_.append("\\n") : text_.append(1, c);
      }
      text_ += '"';
      before = ',';
    }
    text_ += '}';
  }
  text_ += ' ';
}

MetricsPage& MetricsPage::sample(std::uint64_t value, Labels labels) {
  begin_sample(labels);
  text_.append(std::to_string(value)).append("\n");
  return *this;
}

MetricsPage& MetricsPage::sample(std::chrono::nanoseconds value, Labels labels) {
  begin_sample(labels);
  const std::uint64_t micros = static_cast<std::uint64_t>(std::max<std::int64_t>(value.count(), 0)) / 1'000;
  const std::string fraction = std::to_string(1'000'000 + micros % 1'000'000);  // a 1, then its six digits
  text_.append(std::to_string(micros / 1'000'000)).append(".").append(fraction, 1).append("\n");
  return *this;
}

std::string metrics_text(LedgerHost& host, const RequestCounts* requests) {
  MetricsPage page;
  write_process(host, page);
  write_memory(host, page);
  write_ledger(host, page);
  write_views(host.views(), page);
  if (const std::optional<Scrubber::Standing> scrubbed = host.scrubbed()) write_scrubbed(*scrubbed, page);
  if (requests != nullptr) {
    if (const http::Server* front = requests->front()) write_front(*front, page);
    write_requests(*requests, page);
  }
  return page.text();
}

}  // namespace daybook::server
