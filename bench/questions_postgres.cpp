#include "bench/questions.h"

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <stdexcept>

#include <fmt/format.h>

#ifdef DAYBOOK_BENCH_POSTGRES
#include "bench/machine.h"
#include "bench/postgres.h"
#include "bench/postgres_connection.h"
#endif

namespace daybook::bench {

#ifdef DAYBOOK_BENCH_POSTGRES
namespace {

constexpr const char* kTables =
    "create table subscription (subscription_id text, account_id text, created_on date, billed_through date);"
    "create table invoice (number bigint, invoice_id text, account_id text, subscription_id text, status smallint, "
    "issue_date date, due_date date, period_start date, period_end date, billed bigint, tax bigint, total bigint);"
    "create table invoice_line (invoice_id text, line int, meter_id text, description text, consumed numeric, rate "
    "numeric, amount bigint);"
    "create table invoice_status (number bigint, position bigint, status smallint);"
    "create table usage (position bigint, subscription_id text, day date, meter_id text, resource_id text, quantity "
    "numeric);";

constexpr const char* kIndexes =
    "set maintenance_work_mem = '512MB';"
    "alter table subscription add primary key (subscription_id);"
    "alter table invoice add primary key (invoice_id);"
    "create index on invoice (account_id, issue_date desc, number desc);"
    "create index on invoice (status, issue_date desc, number desc);"
    "create index on invoice (issue_date desc, number desc);"
    "alter table invoice_line add primary key (invoice_id, line);"
    "alter table invoice_status add primary key (number, position);"
    "create index on usage (subscription_id, day) include (meter_id, quantity);";

constexpr const char* kInvoiceColumns =
    "number, invoice_id, account_id, subscription_id, status, issue_date, due_date, period_start, period_end, billed, tax, "
    "total";
constexpr std::size_t kTotalColumn = 11;

std::uint64_t number(const std::string& text) { return std::strtoull(text.c_str(), nullptr, 10); }

/// Copies everything, a connection a table.
class Loader final : public BilledPast::Listener {
 public:
  Loader(const std::string& to, const BilledPast& past)
      : past_(past), subscription_(to), invoice_(to), line_(to), status_(to), usage_(to), numbers_(past.invoices()) {
    subscription_.run(kTables);
    subscription_.copy_into("subscription");
    invoice_.copy_into("invoice");
    line_.copy_into("invoice_line");
    status_.copy_into("invoice_status");
    usage_.copy_into("usage");
  }

  void opened(const std::string&, std::uint64_t) override {}
  void created(std::uint64_t s, std::uint64_t) override {
    subscription_.copy(fmt::format("{}\t{}\t{}\t{}", BilledPast::subscription(s), past_.account(s),
                                   BilledPast::month(0).text(), BilledPast::month(BilledPast::kMonths).text()));
  }
  void issued(std::uint64_t m, std::uint64_t s, std::uint64_t position) override {
    const std::string id = past_.invoice(m, s);
    const std::string day = BilledPast::month(m + 1).text();
    std::int64_t sum = 0;
    for (std::uint64_t i = 0; i < BilledPast::kLines; ++i) {
      const std::int64_t amount = BilledPast::amount(m, s, i);
      line_.copy(fmt::format("{}\t{}\t{}\tVirtual Machines\t{}\t0.01\t{}", id, i + 1, BilledPast::meter(i), amount, amount));
      sum += amount;
    }
    const std::int64_t tax = sum * 21 / 100;
    invoice_.copy(fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}", position, id, past_.account(s),
                              BilledPast::subscription(s), static_cast<int>(past_.status(m, s)), day, day,
                              BilledPast::month(m).text(), day, sum, tax, sum + tax));
    numbers_[m * past_.subscriptions() + s] = position;
    status_.copy(fmt::format("{}\t{}\t{}", position, position, static_cast<int>(InvoiceStatus::Due)));
  }
  void settled(std::uint64_t m, std::uint64_t s, InvoiceStatus now, std::uint64_t position) override {
    status_.copy(
        fmt::format("{}\t{}\t{}", numbers_[m * past_.subscriptions() + s], position, static_cast<int>(now)));
  }
  void used(std::uint64_t s, Date day, std::uint64_t meter, std::uint64_t milli, std::uint64_t position) override {
    usage_.copy(fmt::format("{}\t{}\t{}\t{}\t/subscriptions/{}/vm/web-{}\t{}.{:03}", position, BilledPast::subscription(s),
                            day.text(), BilledPast::meter(meter), s, meter, milli / 1000, milli % 1000));
    ++usage_rows_;
  }
  void end() override {
    for (PostgresConnection* table : {&subscription_, &invoice_, &line_, &status_, &usage_}) table->end_copy();
  }
  [[nodiscard]] std::uint64_t usage_rows() const { return usage_rows_; }

 private:
  const BilledPast& past_;
  PostgresConnection subscription_;
  PostgresConnection invoice_;
  PostgresConnection line_;
  PostgresConnection status_;
  PostgresConnection usage_;
  std::vector<std::uint64_t> numbers_;
  std::uint64_t usage_rows_ = 0;
};

class Asking {
 public:
  Asking(PostgresConnection& database, const BilledPast& past, std::uint64_t head)
      : database_(database), picks_(past, head) {}

  [[nodiscard]] Answers ask(const Turns& turns) {
    Answers all;
    const auto add = [&](const char* question, std::size_t times, const std::function<std::uint64_t(std::size_t)>& answer) {
      Asked& asked = all[question];
      asked.times = timed(times, [&](std::size_t turn) { asked.answered += answer(turn); });
    };
    add(kInvoice, turns.daily, [&](std::size_t turn) { return invoice(picks_.invoice(turn)); });
    add(kMonth, turns.daily, [&](std::size_t turn) {
      return database_
          .ask("select day, meter_id, sum(quantity) from usage where subscription_id = $1 and day >= $2 and day < $3 group "
               "by day, meter_id order by day, meter_id",
               {picks_.used_subscription(turn), BilledPast::month(BilledPast::kMonths - 1).text(),
                BilledPast::month(BilledPast::kMonths).text()})
          .size();
    });
    add(kNextDate, turns.daily, [&](std::size_t turn) {
      const auto rows = database_.ask(
          "select (billed_through + interval '1 month')::date - date '1970-01-01' from subscription where subscription_id = "
          "$1",
          {picks_.subscription(turn)});
      return number(rows.at(0)[0]);
    });
    add(kFirstPage, turns.pages, [&](std::size_t turn) { return first_page(Picks::filter(turn)); });
    add(kPastList, turns.pages, [&](std::size_t turn) { return past_list(picks_.position(turn)); });
    add(kPastInvoice, turns.daily, [&](std::size_t turn) {
      const std::string position = std::to_string(picks_.position(turn));
      const std::string id = picks_.invoice_of_big(turn);
      const auto status = database_.ask(
          "select s.status from invoice i join invoice_status s using (number) where invoice_id = $1 and s.position <= $2 "
          "order by s.position desc limit 1",
          {id, position});
      return status.empty() ? 0 : invoice(id);
    });
    return all;
  }

 private:
  std::uint64_t invoice(const std::string& id) {
    const auto head = database_.ask(fmt::format("select {} from invoice where invoice_id = $1", kInvoiceColumns), {id});
    const auto lines = database_.ask("select * from invoice_line where invoice_id = $1 order by line", {id});
    if (lines.size() != BilledPast::kLines) throw std::runtime_error(id + " lacks lines");
    return number(head.at(0)[kTotalColumn]);
  }

  std::uint64_t first_page(const Picks::Filter& filter) {
    std::string where = "true";
    std::vector<std::string> values;
    const auto add = [&](const char* condition, std::string value) {
      values.push_back(std::move(value));
      where += fmt::format(" and {} ${}", condition, values.size());
    };
    if (filter.status) add("status =", std::to_string(static_cast<int>(*filter.status)));
    if (filter.from) add("issue_date >=", filter.from->text());
    if (filter.to) add("issue_date <", filter.to->text());
    return sum_of(database_.ask(fmt::format("select {} from invoice where {} order by issue_date desc, number desc limit {}",
                                            kInvoiceColumns, where, Picks::kPage),
                                values)) +
           number(database_.ask("select count(*) from invoice where " + where, values).at(0)[0]);
  }

  std::uint64_t past_list(std::uint64_t position) {
    const std::vector<std::string> values{BilledPast::big_account(), std::to_string(position)};
    const std::string status =
        "(select s.status from invoice_status s where s.number = invoice.number and s.position <= $2 order by s.position "
        "desc limit 1)";
    return sum_of(database_.ask(
               fmt::format("select {}, {} as status_then from invoice where account_id = $1 and number <= $2 order by "
                           "issue_date desc, number desc limit {}",
                           kInvoiceColumns, status, Picks::kPage),
               values)) +
           number(database_.ask("select count(*) from invoice where account_id = $1 and number <= $2", values).at(0)[0]);
  }

  static std::uint64_t sum_of(const PostgresConnection::Rows& rows) {
    std::uint64_t sum = 0;
    for (const auto& row : rows) sum += number(row[kTotalColumn]);
    return sum;
  }

  PostgresConnection& database_;
  Picks picks_;
};

}  // namespace

Answers ask_postgres(const std::string& parent, const BilledPast& past, const Turns& turns) {
  const std::string programs = PostgresServer::programs();
  if (programs.empty()) {
    std::printf("PostgreSQL: not measured: apt-get install postgresql-15\n");
    return {};
  }
  const PostgresServer server(programs, parent);
  std::printf("%s; %s\n", server.version().c_str(), PostgresServer::settings().c_str());
  Steady::time_point begun = Steady::now();
  std::uint64_t rows = 0;
  std::uint64_t head = 0;
  {
    Loader loader(server.connection(), past);
    head = past.tell(loader);
    rows = loader.usage_rows();
  }
  PostgresConnection database(server.connection());
  const double copied = seconds_since(begun);
  database.run(kIndexes);
  database.run("vacuum analyze");
  const auto bytes = number(database.run("select pg_database_size(current_database())"));
  std::printf("PostgreSQL: loaded by COPY in %.1f s, indexed after %.1f s, %.1f bytes an event\n", copied,
              seconds_since(begun), static_cast<double>(bytes) / static_cast<double>(head));
  begun = Steady::now();
  database.run(
      "create table daily as select subscription_id, day, meter_id, sum(quantity) as quantity, count(*) as rows from usage "
      "group by subscription_id, day, meter_id;"
      "create unique index on daily (subscription_id, day, meter_id)");
  database.run(
      "create table counted as select account_id, status, date_trunc('month', issue_date) as month, count(*) as invoices, "
      "sum(total) as total from invoice group by 1, 2, 3");
  std::printf("PostgreSQL: daily sums of %llu rows and counts of %llu invoices made again in %.1f s\n",
              static_cast<unsigned long long>(rows), static_cast<unsigned long long>(past.invoices()), seconds_since(begun));
  std::fflush(stdout);
  return Asking(database, past, head).ask(turns);
}

#else

Answers ask_postgres(const std::string&, const BilledPast&, const Turns&) {
  std::printf("PostgreSQL: not measured: apt-get install libpq-dev postgresql-15, and build again\n");
  return {};
}

#endif

}  // namespace daybook::bench
