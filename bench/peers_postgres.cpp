// The usual alternative: the same usage events as rows of a PostgreSQL table, durable and once each by (source, id),
// with the index that reading a subscription's events needs. PostgreSQL gets the bytes that we store ready made, in a
// prepared multi-row INSERT; it reads no JSON, rates nothing, hashes nothing. The best number of connections counts.
//
// Then `--writers` connections that insert a row each and wait for it, again and again (0: none).
//
//   bench_peers_postgres [--directory DIR] [--events 300000] [--writers 64] [--writer-events 30000]

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "bench/flags.h"
#include "bench/latencies.h"
#include "bench/machine.h"
#include "bench/postgres.h"
#include "bench/postgres_connection.h"
#include "bench/usage.h"
#include "ledger/codec/event.h"
#include "ledger/domain/facts/usage.h"

namespace daybook::bench {
namespace {

constexpr std::uint64_t kRows = 1'000;
constexpr int kColumns = 4;

constexpr const char* kTable =
    "set client_min_messages = warning;"
    "drop table if exists event;"
    "create table event (position bigint generated always as identity primary key, source text not null, id text not "
    "null, subscription_id text not null, recorded_at timestamptz not null default now(), data bytea not null, unique "
    "(source, id));"
    "create index on event (subscription_id, position)";

class NoSealer final : public codec::Sealer {
  Result<std::string> seal(std::string_view, codec::Binding, std::string_view) override { std::abort(); }
  Result<std::optional<std::string>> open(std::string_view) const override { std::abort(); }
};

class Connection : public PostgresConnection {
 public:
  using PostgresConnection::PostgresConnection;

  /// Statements of so many rows.
  void prepare(std::uint64_t rows) {
    rows_ = rows;
    binary_.assign(rows * kColumns, 1);
    std::string statement = "insert into event (source, id, subscription_id, data) values ";
    for (std::uint64_t row = 0; row < rows_; ++row) {
      statement += row == 0 ? "(" : ",(";
      for (std::uint64_t column = 1; column <= kColumns; ++column) {
        statement += (column == 1 ? "$" : ",$") + std::to_string(row * kColumns + column);
      }
      statement += ")";
    }
    statement += " on conflict (source, id) do nothing";
    checked(PQprepare(connection(), "insert", statement.c_str(), 0, nullptr));
  }

  /// Inserts the rows from `first` on. Throws unless every one of them is new.
  void insert(std::uint64_t first) {
    static const std::string kSource = "//meter/eu-1";
    values_.clear();
    lengths_.clear();
    texts_.resize(rows_ * 2);
    buffer_.clear();
    std::vector<std::size_t> starts;
    for (std::uint64_t row = 0; row < rows_; ++row) {
      const Event event = usage(first + row);
      texts_[row * 2] = event.envelope.id;
      texts_[row * 2 + 1] = event.data.get_if<UsageRecorded>()->subscription_id.text();
      while (buffer_.size() % 8 != 0) *buffer_.extend(1) = std::byte{0};
      starts.push_back(buffer_.size());
      if (!codec::encode_event(event, sealer_, buffer_)) throw std::runtime_error("the event cannot be encoded");
    }
    starts.push_back(buffer_.size());
    for (std::uint64_t row = 0; row < rows_; ++row) {
      const std::string* const texts[] = {&kSource, &texts_[row * 2], &texts_[row * 2 + 1]};
      for (const std::string* text : texts) {
        values_.push_back(text->c_str());
        lengths_.push_back(static_cast<int>(text->size()));
      }
      values_.push_back(reinterpret_cast<const char*>(buffer_.bytes().data() + starts[row]));
      lengths_.push_back(static_cast<int>(starts[row + 1] - starts[row]));
    }
    const std::string inserted = checked(PQexecPrepared(connection(), "insert", static_cast<int>(values_.size()),
                                                        values_.data(), lengths_.data(), binary_.data(), 0));
    if (inserted != std::to_string(rows_)) throw std::runtime_error("only " + inserted + " rows were new");
  }

 private:
  std::uint64_t rows_ = 0;
  NoSealer sealer_;
  codec::Buffer buffer_;
  std::vector<std::string> texts_;
  std::vector<const char*> values_;
  std::vector<int> lengths_;
  std::vector<int> binary_;
};

struct Measured {
  double rate = 0;  ///< rows a second
  Latencies latencies;  ///< of statements
};

/// Statements of `rows` over so many connections, each with a thread of its own.
Measured measure(const PostgresServer& server, std::uint64_t events, unsigned connections, std::uint64_t rows) {
  Connection(server.connection()).run(kTable);
  std::atomic<std::uint64_t> next{0};
  std::atomic<bool> failed{false};
  std::mutex mutex;
  Measured measured;
  std::vector<std::unique_ptr<Connection>> open;
  for (unsigned i = 0; i < connections; ++i) {
    open.push_back(std::make_unique<Connection>(server.connection()));
    open.back()->prepare(rows);
    open.back()->insert(next.fetch_add(rows));
  }
  const std::uint64_t before = next.load();
  const auto begun = std::chrono::steady_clock::now();
  {
    std::vector<std::jthread> threads;
    for (const auto& connection : open) {
      threads.emplace_back([&, own = connection.get()] {
        try {
          Latencies latencies;
          for (std::uint64_t first = next.fetch_add(rows); first < events + before; first = next.fetch_add(rows)) {
            const Steady::time_point sent = Steady::now();
            own->insert(first);
            latencies.add(micros_since(sent));
          }
          const std::lock_guard lock(mutex);
          measured.latencies.add(latencies);
        } catch (const std::exception& failure) {
          std::fprintf(stderr, "%s\n", failure.what());
          failed = true;
        }
      });
    }
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  if (failed) throw std::runtime_error("an insert failed");
  const std::string held = Connection(server.connection()).run("select count(*) from event");
  if (held != std::to_string(events + before)) throw std::runtime_error("the table holds " + held + " rows");
  measured.rate = static_cast<double>(events) / seconds;
  return measured;
}

int run(Flags flags) {
  const std::string directory = flags.text("--directory", std::filesystem::temp_directory_path());
  const std::uint64_t events = flags.number("--events", 300'000) / kRows * kRows;
  const auto writers = static_cast<unsigned>(flags.number("--writers", 64));
  const std::uint64_t writer_events = flags.number("--writer-events", 30'000);
  flags.end();
  const std::string programs = PostgresServer::programs();
  if (programs.empty()) {
    std::printf("PostgreSQL is not installed here: nothing to compare with. apt-get install postgresql-15\n");
    return 0;
  }
  print_machine(directory);
  const PostgresServer server(programs, directory);
  std::printf("%s; %s\n", server.version().c_str(), PostgresServer::settings().c_str());
  Measured best;
  for (const unsigned connections : {1U, 2U, 4U}) {
    const Measured measured = measure(server, events, connections, kRows);
    const std::string bytes = Connection(server.connection()).run("select pg_total_relation_size('event')");
    std::printf("inserts of 1,000 rows, %u connection%s %9.0f rows/s, %.0f bytes a row with its indexes; an insert: %s\n",
                connections, connections == 1 ? ": " : "s:", measured.rate,
                std::strtod(bytes.c_str(), nullptr) / static_cast<double>(events + connections * kRows),
                shown(measured.latencies.percentiles()).c_str());
    std::fflush(stdout);
    if (measured.rate > best.rate) best = measured;
  }
  figure("postgres.rows_per_second", best.rate);
  figure("postgres.p99_us", best.latencies.percentiles().p99);
  if (writers == 0) return 0;
  const Measured singles = measure(server, writer_events, writers, 1);
  std::printf("%u writers of one row each: %9.0f rows/s; an insert: %s\n", writers, singles.rate,
              shown(singles.latencies.percentiles()).c_str());
  figure("postgres.single.per_second", singles.rate);
  figure("postgres.single.p99_us", singles.latencies.percentiles().p99);
  return 0;
}

}  // namespace
}  // namespace daybook::bench

int main(int count, char** words) { return daybook::bench::run_main(count, words, daybook::bench::run); }
