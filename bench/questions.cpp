// Every day's questions over a large past, in process: how long an answer takes. Beside it, with the same data in the same
// run, PostgreSQL with the indexes that the questions need.
//
//   bench_questions [--directory DIR] [--invoices 10000000] [--usage 10000000] [--big 1000000]
//                   [--turns 2000] [--pages 500] [--batch-events 0] [--no-postgres]
//
// Every invoice is three events (issued, its lines, paid or past due). An account apart has some `--big` events of its own;
// it is asked what was known at positions of the past. All answers are made whole, as the HTTP front gives them, but for
// the JSON. The views are made from nothing first, which is timed as well; `--batch-events`: in batches of so many events, 0 as
// a daemon does.

#include <cstdio>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>

#include "bench/flags.h"
#include "bench/machine.h"
#include "bench/questions.h"
#include "bench/temporary_directory.h"
#include "ledger/domain/answers/invoice_answer.h"
#include "ledger/domain/answers/periods_of.h"
#include "ledger/domain/answers/usage_answer.h"
#include "ledger/log/log.h"
#include "projections/all.h"
#include "projections/engine.h"
#include "projections/entities/as_of_reader.h"
#include "projections/entities/entity_rows.h"
#include "projections/invoices/invoice_list.h"
#include "projections/invoices/invoice_rows.h"
#include "projections/usage/usage_reader.h"
#include "projections/usage/usage_rows.h"

namespace daybook::bench {
namespace {

using namespace projections;
using Number = unsigned long long;

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(std::string(result.error().code) + ": " + result.error().detail);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// The views, asked as the HTTP front asks them.
class Asking {
 public:
  Asking(const Projections& views, const BilledPast& past, log::Position head)
      : views_(views), picks_(past, head), head_(head) {}

  [[nodiscard]] Answers ask(const Turns& turns) const {
    Answers all;
    const auto add = [&](const char* question, std::size_t times, const std::function<std::uint64_t(std::size_t)>& answer) {
      Asked& asked = all[question];
      asked.times = timed(times, [&](std::size_t turn) { asked.answered += answer(turn); });
    };
    add(kInvoice, turns.daily, [&](std::size_t turn) { return total_of(picks_.invoice(turn), head_); });
    add(kMonth, turns.daily, [&](std::size_t turn) { return usage_rows(SubscriptionId(picks_.used_subscription(turn))); });
    add(kNextDate, turns.daily, [&](std::size_t turn) { return next_date(SubscriptionId(picks_.subscription(turn))); });
    add(kFirstPage, turns.pages, [&](std::size_t turn) {
      const Picks::Filter filter = Picks::filter(turn);
      InvoiceQuery query;
      query.status = filter.status;
      query.type = InvoiceType::AzureServices;
      query.from = filter.from;
      query.to = filter.to;
      return page(query, head_);
    });
    add(kPastList, turns.pages, [&](std::size_t turn) {
      InvoiceQuery query;
      query.scopes = {ScopeRef(AccountId(BilledPast::big_account()))};
      return page(query, picks_.position(turn));
    });
    add(kPastInvoice, turns.daily,
        [&](std::size_t turn) { return total_of(picks_.invoice_of_big(turn), picks_.position(turn)); });
    return all;
  }

 private:
  [[nodiscard]] AsOfReader state(log::Position position) const { return AsOfReader(views_.rows(kEntities), position); }

  [[nodiscard]] std::uint64_t total_of(const std::string& id, log::Position position) const {
    const AsOfReader reader = state(position);
    const InvoiceView invoice = must(invoice_answer(reader, Viewer::operating(), InvoiceId(id)));
    if (invoice.lines.size() != BilledPast::kLines) throw std::runtime_error(id + " lacks lines");
    return static_cast<std::uint64_t>(invoice.totals.total.minor_units);
  }

  [[nodiscard]] std::uint64_t usage_rows(const SubscriptionId& subscription) const {
    const AsOfReader reader = state(head_);
    const ViewUsageSource usage(views_.rows(kUsage));
    UsageQuery query;
    query.from = BilledPast::month(BilledPast::kMonths - 1);
    query.to = BilledPast::month(BilledPast::kMonths);
    query.group_by = {"meterId"};
    PageRequest all;
    all.limit = 10'000;
    return must(usage_answer(reader, usage, Viewer::operating(), ScopeRef(subscription), query, all, *query.to)).items.size();
  }

  [[nodiscard]] std::uint64_t next_date(const SubscriptionId& id) const {
    const AsOfReader reader = state(head_);
    const Subscription* subscription = reader.subscription(id);
    if (subscription == nullptr) throw std::runtime_error("no such subscription: " + id.text());
    return static_cast<std::uint64_t>(next_invoice_date(reader, *subscription).value().days);
  }

  [[nodiscard]] std::uint64_t page(const InvoiceQuery& query, log::Position position) const {
    const AsOfReader reader = state(position);
    const InvoicePage found = must(InvoiceList(views_.rows(kInvoices), position).page(query, Picks::kPage));
    std::uint64_t sum = found.total.value();
    for (const ListedInvoice& listed : found.items) {
      const auto item = invoice_item(reader, Viewer::operating(), listed.invoice_id);
      sum += static_cast<std::uint64_t>(item.value().totals.total.minor_units);
    }
    return sum;
  }

  const Projections& views_;
  Picks picks_;
  log::Position head_;
};

int run(Flags flags) {
  const std::string parent = flags.text("--directory", std::filesystem::temp_directory_path());
  const std::uint64_t invoices = flags.number("--invoices", 10'000'000);
  const std::uint64_t usage = flags.number("--usage", 10'000'000);
  const std::uint64_t big = flags.number("--big", 1'000'000);
  Turns turns;
  turns.daily = flags.number("--turns", turns.daily);
  turns.pages = flags.number("--pages", turns.pages);
  turns.batch_events = flags.number("--batch-events", 0);
  const bool with_postgres = !flags.given("--no-postgres");
  flags.end();
  print_machine(parent);
  const BilledPast past(invoices, usage, big);
  std::printf("%llu invoices of %llu subscriptions, usage of %llu; %llu subscriptions in one account\n",
              static_cast<Number>(past.invoices()), static_cast<Number>(past.subscriptions()),
              static_cast<Number>(past.used_subscriptions()), static_cast<Number>(past.big_subscriptions()));
  const Answers ours = ask_daybook(parent, past, turns);
  std::printf("memory: %llu MiB resident at most\n", static_cast<Number>(memory_mib("VmHWM")));
  for (const char* question : questions()) {
    const auto micros = ours.at(question).times.percentiles();
    std::printf("%-46s %s\n", question, shown(micros).c_str());
  }
  std::fflush(stdout);
  const auto p99 = [&](const char* question) { return ours.at(question).times.percentiles().p99 / 1e3; };
  figure("questions.invoice_p99_ms", p99(kInvoice));
  figure("questions.month_p99_ms", p99(kMonth));
  figure("questions.next_date_p99_ms", p99(kNextDate));
  figure("questions.first_page_p99_ms", p99(kFirstPage));
  figure("questions.past_list_p99_ms", p99(kPastList));
  figure("questions.past_invoice_p99_ms", p99(kPastInvoice));
  if (!with_postgres) return 0;
  const Answers theirs = ask_postgres(parent, past, turns);
  int different = 0;
  for (const auto& [question, asked] : theirs) {
    std::printf("PostgreSQL: %-46s %s\n", question.c_str(), shown(asked.times.percentiles()).c_str());
    if (asked.answered == ours.at(question).answered) continue;
    ++different;
    std::printf("  its answers sum to %llu, ours to %llu\n", static_cast<Number>(asked.answered),
                static_cast<Number>(ours.at(question).answered));
  }
  if (different > 0) throw std::runtime_error("the two stores answer differently: no figure of this run counts");
  return 0;
}

}  // namespace

std::vector<const char*> questions() { return {kInvoice, kMonth, kNextDate, kFirstPage, kPastList, kPastInvoice}; }

Answers ask_daybook(const std::string& parent, const BilledPast& past, const Turns& turns) {
  const TemporaryDirectory temporary(parent);
  log::SystemClock clock;
  log::SystemRng rng;
  log::Options options;
  options.directory = temporary.path() + "/ledger";
  auto opened = log::Log::open(options, {nullptr, &clock, &rng});
  if (!opened) throw std::runtime_error(opened.error().detail);
  log::Log& log = **opened;
  Steady::time_point begun = Steady::now();
  const std::uint64_t events = past.tell(*events_into(log, past));
  if (log.position() != events) throw std::runtime_error("the log has other positions than was told");
  const auto count = static_cast<double>(events);
  std::printf("log: %llu events written in %.1f s, %.1f bytes an event\n", static_cast<Number>(events), seconds_since(begun),
              static_cast<double>(log.disk_bytes()) / count);
  std::fflush(stdout);
  Projections::Options view_options;
  if (turns.batch_events > 0) view_options.batch_events = turns.batch_events;
  const auto views = must(Projections::open(log, *log.views(), all_projections(), view_options));
  begun = Steady::now();
  const double cpu = own_cpu_seconds();
  views->catch_up();
  std::printf("views made in %.1f s: %.0f events/s, %.0f ns of processor an event; %.1f bytes an event on disk\n",
              seconds_since(begun), count / seconds_since(begun), (own_cpu_seconds() - cpu) / count * 1e9,
              static_cast<double>(bytes_below(options.directory + "/views")) / count);
  std::fflush(stdout);
  for (const ProjectionStatus& view : views->status()) {
    if (view.error) throw std::runtime_error("the view " + view.name + " stopped: " + view.error->reason);
  }
  return Asking(*views, past, log.position()).ask(turns);
}

}  // namespace daybook::bench

int main(int count, char** words) { return daybook::bench::run_main(count, words, daybook::bench::run); }
