#include "server/app/what_if_routes.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "ledger/codec/json_writer.h"
#include "ledger/codec/value_codec.h"
#include "replay/price_file.h"
#include "replay/what_if.h"
#include "server/app/asked_progress.h"
#include "server/app/job_routes.h"
#include "server/app/reading.h"
#include "server/auth/gate.h"

namespace daybook::server {
namespace {

constexpr std::size_t kMoversMost = 1'000;
constexpr unsigned kThreads = 2;

enum class Format { Json, Csv };

/// What was asked, checked and ready to be rated.
struct Asked {
  log::Position position = 0;
  replay::WhatIfRequest request;
  Format format = Format::Json;
};

Result<Date> date_asked(const http::Request& request, std::string_view name) {
  const auto text = request.query(name);
  const Result<Date> date = Date::parse(text.value_or(""));
  if (!date) return rejected("BAD_QUERY", std::string(name) + " is a date, as 2024-03-01.");
  return date;
}

Result<Period> days_asked(const http::Request& request, Instant now) {
  const Result<Date> from = date_asked(request, "from");
  if (!from) return tl::unexpected(from.error());
  const Result<Date> to = date_asked(request, "to");
  if (!to) return tl::unexpected(to.error());
  if (*from >= *to) return rejected("BAD_QUERY", "from comes before to, which is the first day no more.");
  if (*to > now.date().plus_days(1)) {
    return rejected("BAD_QUERY", "to is after the ledger's clock, which shows " + now.text() + ": nothing is used there yet.");
  }
  return Period{*from, *to};
}

Result<std::size_t> movers_asked(const http::Request& request) {
  const auto text = request.query("movers");
  if (!text) return std::size_t{10};
  std::size_t count = 0;
  for (const char c : *text) {
    if (c < '0' || c > '9' || count > kMoversMost) return rejected("BAD_QUERY", "movers is a number up to 1000.");
    count = count * 10 + static_cast<std::size_t>(c - '0');
  }
  if (text->empty() || count > kMoversMost) return rejected("BAD_QUERY", "movers is a number up to 1000.");
  return count;
}

Result<Format> format_asked(const http::Request& request) {
  const auto text = request.query("format");
  if (!text || *text == "json") return Format::Json;
  if (*text == "csv") return Format::Csv;
  return rejected("BAD_QUERY", "format is json or csv.");
}

Result<Asked> asked_of(LedgerHost& host, const http::Request& request) {
  const Result<Reading> reading = begin_reading(host, request);
  if (!reading) return tl::unexpected(reading.error());
  Asked asked;
  asked.position = reading->position;
  const Result<Period> days = days_asked(request, reading->now);
  if (!days) return tl::unexpected(days.error());
  asked.request.days = *days;
  const Result<std::size_t> movers = movers_asked(request);
  if (!movers) return tl::unexpected(movers.error());
  asked.request.movers = *movers;
  const Result<Format> format = format_asked(request);
  if (!format) return tl::unexpected(format.error());
  asked.format = *format;
  Result<replay::Tried> tried = replay::read_price_file(request.body().text(), *reading->state, reading->now);
  if (!tried) return tl::unexpected(tried.error());
  asked.request.tried = std::move(*tried);
  asked.request.threads = kThreads;
  return asked;
}

Result<WhatIfView> rate(const LedgerHost& host, const Asked& asked) {
  const replay::RatingSources sources{[&host, position = asked.position] { return host.state_at(position); },
                                      [&host] { return host.usage(); }};
  return replay::what_if(sources, asked.request);
}

std::string json_of(const WhatIfView& view) {
  std::string text;
  codec::JsonWriter json(text);
  codec::to_json(view, json);
  return text;
}

http::Response start_job(LedgerHost& host, Jobs& jobs, const http::Request& request, Asked asked) {
  if (asked.format == Format::Csv) {
    return refuse(Error{ErrorKind::Invalid, "BAD_QUERY", "A job's result is JSON: leave format=csv out, or wait for it.", {}},
                  request, asked.position);
  }
  const log::Position position = asked.position;
  return answer_as_job(host, jobs, request, position,
                       [&host, kept = std::make_shared<Asked>(std::move(asked)), request_id = std::string(request.request_id())](
                           const std::string&, const Jobs::Progress& progress) -> Jobs::Outcome {
                         kept->request.progress = progress;
                         const Result<WhatIfView> view = rate(host, *kept);
                         if (!view) return {false, problem_of(view.error(), request_id).body()};
                         return {true, json_of(*view)};
                       });
}

http::Response what_if(LedgerHost& host, Jobs& jobs, const http::Request& request) {
  const log::Position head = host.ledger().log().position();
  Result<Asked> asked = tl::unexpected(Error{});
  const Result<void> read = projections::reading([&] { asked = asked_of(host, request); });
  if (!read) return refuse(read.error(), request, head);
  if (!asked) return refuse(asked.error(), request, head);
  if (wants_job(request)) return start_job(host, jobs, request, std::move(*asked));
  asked->request.progress = asked_progress();
  const Result<WhatIfView> view = rate(host, *asked);
  if (!view) return refuse(view.error(), request, asked->position);
  http::Response response = asked->format == Format::Csv
                                ? http::Response(200, "text/csv; charset=utf-8", replay::what_if_csv(*view))
                                : http::Response::json(200, json_of(*view));
  set_position(response, asked->position);
  return response;
}

}  // namespace

void add_what_if_routes(http::Router& router, LedgerHost& host, Jobs& jobs) {
  http::Doc doc;
  doc.operation_id = "whatIf";
  doc.summary = "What usage would have cost by other prices, taxes, exchange rates, discounts or policies";
  doc.tag = "Questions";
  doc.description =
      "The body is a fact a line, as POST /v1/events takes them: PriceChanged, TaxRateChanged, ExchangeRateChanged, "
      "DiscountGranted, DiscountEnded; or a policy as SetPolicy takes it: ea.invoiceAfterDays, mosp.invoiceDay, "
      "mosp.marketplaceDay; or a rule that no policy is: {\"rule\":\"rounding\",\"value\":\"HalfEven\"}, "
      "{\"rule\":\"includedQuantity\",\"meterId\":\"gb\",\"value\":\"100\"}, of every meter without meterId. Nothing of it is recorded. Rated are the billing periods that begin in [from, to), by "
      "what is known of them now: usage and its discounts, before credit and spending limits.";
  doc.parameters = {{"from", "the first day on which a period may begin", R"({"type":"string","format":"date"})", false, true},
                    {"to", "the first day on which none may", R"({"type":"string","format":"date"})", false, true},
                    {"movers", "so many accounts with the largest differences; 10", R"({"type":"integer"})"},
                    {"format", "json (default) or csv: the accounts, one a row", R"({"type":"string","enum":["json","csv"]})"},
                    {"asOf", "a position, or an RFC 3339 instant with zone: by what was known then"},
                    {"minPosition", "wait until this position shows"},
                    {"Prefer", "respond-async: it runs on as a job", R"({"type":"string"})", true},
                    {"Idempotency-Key", "of a job: the same request finds it again", R"({"type":"string"})", true}};
  doc.answers = {{200, "Totals before and after by currency, percentiles, movers, and every account"},
                 {202, "It runs on as a job; Location names it"}};
  doc.problems = {"BAD_QUERY", "INVALID_FIELD", "INVALID_AMOUNT", "UNKNOWN_REFERENCE", "ALREADY_EXISTS", "NOT_SUPPORTED", "NOT_YET_VISIBLE"};
  router.add(http::Route(http::Method::Post, "/v1/what-if", http::Auth::any_of({right::kLedger}),
                         {{"application/x-ndjson", http::kBatchBodyLimit, false, "#/components/schemas/CloudEvent"}}, doc,
                         http::Pooled{[&host, &jobs](const http::Request& request) { return what_if(host, jobs, request); }}));
}

}  // namespace daybook::server
