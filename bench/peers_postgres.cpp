// The usual alternative: the same usage events as rows of a PostgreSQL table, durable and once each by (source, id),
// with the index that reading a subscription's events needs. PostgreSQL gets the bytes that we store ready made, in a
// prepared multi-row INSERT; it reads no JSON, rates nothing, hashes nothing. The best number of connections counts.
//
//   bench_peers_postgres [--directory DIR] [--events N]

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <libpq-fe.h>

#include "bench/machine.h"
#include "bench/postgres.h"
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

class Connection {
 public:
  explicit Connection(const std::string& to) : connection_(PQconnectdb(to.c_str())) {
    if (PQstatus(connection_) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(connection_));
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { PQfinish(connection_); }

  std::string run(const std::string& statement) { return checked(PQexec(connection_, statement.c_str())); }

  void prepare() {
    std::string statement = "insert into event (source, id, subscription_id, data) values ";
    for (std::uint64_t row = 0; row < kRows; ++row) {
      statement += row == 0 ? "(" : ",(";
      for (std::uint64_t column = 1; column <= kColumns; ++column) {
        statement += (column == 1 ? "$" : ",$") + std::to_string(row * kColumns + column);
      }
      statement += ")";
    }
    statement += " on conflict (source, id) do nothing";
    checked(PQprepare(connection_, "insert", statement.c_str(), 0, nullptr));
  }

  /// Inserts the rows from `first` on. Throws unless every one of them is new.
  void insert(std::uint64_t first) {
    static const std::string kSource = "//meter/eu-1";
    values_.clear();
    lengths_.clear();
    texts_.resize(kRows * 2);
    buffer_.clear();
    std::vector<std::size_t> starts;
    for (std::uint64_t row = 0; row < kRows; ++row) {
      const Event event = usage(first + row);
      texts_[row * 2] = event.envelope.id;
      texts_[row * 2 + 1] = event.data.get_if<UsageRecorded>()->subscription_id.text();
      while (buffer_.size() % 8 != 0) *buffer_.extend(1) = std::byte{0};
      starts.push_back(buffer_.size());
      if (!codec::encode_event(event, sealer_, buffer_)) throw std::runtime_error("the event cannot be encoded");
    }
    starts.push_back(buffer_.size());
    for (std::uint64_t row = 0; row < kRows; ++row) {
      const std::string* const texts[] = {&kSource, &texts_[row * 2], &texts_[row * 2 + 1]};
      for (const std::string* text : texts) {
        values_.push_back(text->c_str());
        lengths_.push_back(static_cast<int>(text->size()));
      }
      values_.push_back(reinterpret_cast<const char*>(buffer_.bytes().data() + starts[row]));
      lengths_.push_back(static_cast<int>(starts[row + 1] - starts[row]));
    }
    const std::string inserted = checked(PQexecPrepared(connection_, "insert", static_cast<int>(values_.size()),
                                                        values_.data(), lengths_.data(), binary_.data(), 0));
    if (inserted != std::to_string(kRows)) throw std::runtime_error("only " + inserted + " rows were new");
  }

 private:
  /// Rows affected, or the first value where the statement answers with rows.
  std::string checked(PGresult* taken) {
    const std::unique_ptr<PGresult, void (*)(PGresult*)> result(taken, PQclear);
    const ExecStatusType status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
      throw std::runtime_error(PQerrorMessage(connection_));
    }
    return status == PGRES_TUPLES_OK ? PQgetvalue(result.get(), 0, 0) : PQcmdTuples(result.get());
  }

  PGconn* connection_;
  NoSealer sealer_;
  codec::Buffer buffer_;
  std::vector<std::string> texts_;
  std::vector<const char*> values_;
  std::vector<int> lengths_;
  std::vector<int> binary_ = std::vector<int>(kRows * kColumns, 1);
};

/// Rows a second over so many connections, each with a thread of its own.
double rate(const PostgresServer& server, std::uint64_t events, unsigned connections) {
  Connection(server.connection()).run(kTable);
  std::atomic<std::uint64_t> next{0};
  std::atomic<bool> failed{false};
  std::vector<std::unique_ptr<Connection>> open;
  for (unsigned i = 0; i < connections; ++i) {
    open.push_back(std::make_unique<Connection>(server.connection()));
    open.back()->prepare();
    open.back()->insert(next.fetch_add(kRows));
  }
  const std::uint64_t before = next.load();
  const auto begun = std::chrono::steady_clock::now();
  {
    std::vector<std::jthread> threads;
    for (const auto& connection : open) {
      threads.emplace_back([&, own = connection.get()] {
        try {
          for (std::uint64_t first = next.fetch_add(kRows); first < events + before; first = next.fetch_add(kRows)) {
            own->insert(first);
          }
        } catch (const std::exception& failure) {
          std::fprintf(stderr, "%s\n", failure.what());
          failed = true;
        }
      });
    }
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  if (failed) throw std::runtime_error("an insert failed");
  const std::string rows = Connection(server.connection()).run("select count(*) from event");
  if (rows != std::to_string(events + before)) throw std::runtime_error("the table holds " + rows + " rows");
  return static_cast<double>(events) / seconds;
}

int main_of(int count, char** words) {
  std::string directory = std::filesystem::temp_directory_path();
  std::uint64_t events = 300'000;
  for (int i = 1; i + 1 < count; i += 2) {
    if (std::string_view(words[i]) == "--directory") directory = words[i + 1];
    if (std::string_view(words[i]) == "--events") events = std::strtoull(words[i + 1], nullptr, 10) / kRows * kRows;
  }
  const std::string programs = PostgresServer::programs();
  if (programs.empty()) {
    std::printf("PostgreSQL is not installed here: nothing to compare with. apt-get install postgresql-15\n");
    return 0;
  }
  try {
    print_machine(directory);
    const PostgresServer server(programs, directory);
    std::printf("%s; %s\n", server.version().c_str(), PostgresServer::settings().c_str());
    double best = 0;
    for (const unsigned connections : {1U, 2U, 4U}) {
      const double rows = rate(server, events, connections);
      const std::string bytes = Connection(server.connection()).run("select pg_total_relation_size('event')");
      std::printf("inserts of 1,000 rows, %u connection%s %9.0f rows/s, %.0f bytes a row with its indexes\n", connections,
                  connections == 1 ? ": " : "s:", rows,
                  std::strtod(bytes.c_str(), nullptr) / static_cast<double>(events + connections * kRows));
      std::fflush(stdout);
      best = std::max(best, rows);
    }
    figure("postgres.rows_per_second", best);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "bench_peers_postgres: %s\n", failure.what());
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace daybook::bench

int main(int count, char** words) { return daybook::bench::main_of(count, words); }
