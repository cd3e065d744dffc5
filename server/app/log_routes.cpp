#include "server/app/log_routes.h"

#include <algorithm>
#include <charconv>

#include "ledger/domain/views/settings_view.h"
#include "projections/row_reader.h"
#include "server/app/event_filter.h"
#include "server/app/event_items.h"
#include "server/app/questions.h"
#include "server/auth/gate.h"

namespace daybook::server {
namespace {

constexpr std::size_t kScannedAtMost = 2'000'000;  ///< events looked at for one page of a filtered list

/// The first position of the page: `from`, or where the page before ended. Errors: BAD_QUERY.
Result<log::Position> first_position(const http::Request& request, const std::optional<projections::CursorContent>& cursor) {
  const std::optional<std::string_view> text = cursor ? std::optional<std::string_view>(cursor->place) : request.query("from");
  if (!text) return log::Position{1};
  log::Position from = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), from);
  if (text->empty() || error != std::errc() || end != text->data() + text->size() || from == 0) {
    return rejected("BAD_QUERY", "from is a position, the first one wanted.");
  }
  return from;
}

http::Response events(LedgerHost& host, const Paging& paging, const http::Request& request) {
  const log::Position newest = host.ledger().log().position();
  const Result<std::optional<projections::CursorContent>> cursor = paging.open(request);
  if (!cursor) return refuse(cursor.error(), request, newest);
  const Result<Reading> reading =
      *cursor ? reading_at(host, request, (*cursor)->position) : begin_reading(host, request);
  if (!reading) return refuse(reading.error(), request, newest);
  // The log itself is newer than any view of it.
  const log::Position head = reading->at_head ? std::max(newest, reading->position) : reading->position;
  const Result<std::size_t> limit = limit_of(request, 100, 1'000);
  Result<EventFilter> filter = EventFilter::of(host.ledger(), *reading->state, request);
  const Result<log::Position> from = first_position(request, *cursor);
  if (!limit) return refuse(limit.error(), request, head);
  if (!filter) return refuse(filter.error(), request, head);
  if (!from) return refuse(from.error(), request, head);

  http::Response response = http::Response::json(200, {});
  codec::JsonWriter json(response.body());
  json.begin_object().key("items").begin_array();
  std::size_t count = 0;
  log::Position next = 0;
  Result<void> written;
  if (*from <= head) {
    Result<void> scanned = host.ledger().log().scan_frames(
        *from, head,
        [&](std::span<const log::RecordView> records) {
          for (const log::RecordView& record : records) {
            if (record.position < *from || record.position > head) continue;
            if (count == *limit || record.position - *from > kScannedAtMost) {
              next = record.position;
              return false;
            }
            if (!filter->wants(record)) continue;
            ++count;
            written = write_event_item(host.ledger(), record, json);
            if (!written) return false;
          }
          return true;
        },
        filter->type_mask());
    if (!scanned) return refuse(scanned.error(), request, head);
    if (!written) return refuse(written.error(), request, head);
  }
  json.end_array().key("nextCursor");
  next == 0 ? json.null() : json.text(paging.seal(request, head, std::to_string(next)));
  json.end_object();
  set_position(response, head);
  return response;
}

http::Response projections(LedgerHost& host, const http::Request& request) {
  const Result<Reading> reading = begin_reading(host, request);
  if (!reading) return refuse(reading.error(), request, host.ledger().log().position());
  http::Response response = http::Response::json(200, {});
  codec::JsonWriter json(response.body());
  json.begin_object().key("items").begin_array();
  for (const projections::ProjectionStatus& view : host.views().status()) {
    json.begin_object().key("name").text(view.name).key("version").number(view.version);
    json.key("position").number(view.position).key("lag").number(view.lag).key("stateHash").text(view.state_hash);
    json.key("status").text(projections::name(view.status)).key("error");
    if (view.error) {
      json.begin_object().key("position").number(view.error->position).key("reason").text(view.error->reason).end_object();
    } else {
      json.null();
    }
    json.end_object();
  }
  json.end_array().end_object();
  set_position(response, host.views().position());
  return response;
}

http::Response clock(LedgerHost& host, const http::Request& request) {
  const Result<Reading> reading = begin_reading(host, request);
  if (!reading) return refuse(reading.error(), request, host.ledger().log().position());
  if (reading->is_before_all()) return refuse(nothing_recorded_yet().value(), request, 0);
  http::Response response = http::Response::json(200, {});
  codec::JsonWriter json(response.body());
  const bool manual = host.ledger().clock_mode() == engine::ClockMode::Manual;
  json.begin_object().key("clock").text(manual ? "manual" : "system").key("now").instant(reading->now).end_object();
  set_position(response, reading->position);
  return response;
}

}  // namespace

http::Doc log_doc(std::string id, std::string summary, std::vector<http::Parameter> parameters) {
  http::Doc made;
  made.operation_id = std::move(id);
  made.summary = std::move(summary);
  made.tag = "Log";
  made.parameters = std::move(parameters);
  made.parameters.push_back({"asOf", "a position, or an RFC 3339 instant with zone"});
  made.parameters.push_back({"minPosition", "wait until this position shows"});
  made.answers = {{200, "The answer"}};
  return made;
}

void add_log_routes(http::Router& router, LedgerHost& host) {
  using Answer = http::Response (*)(LedgerHost&, const http::Request&);
  const auto get = [&](std::string path, http::Auth auth, http::Doc described, Answer answer) {
    router.add(http::Route(http::Method::Get, std::move(path), std::move(auth), std::move(described),
                           http::Pooled{[&host, answer](const http::Request& request) { return answer(host, request); }}));
  };
  router.add(http::Route(http::Method::Get, "/v1/events", http::Auth::any_of({right::kLedger}),
                         log_doc("listEvents", "The log, in order",
                             {{"from", "the first position wanted"},
                              {"limit", "at most 1,000; 100 by default"},
                              {"cursor", "from a page before"},
                              {"stream", "StreamType:id"},
                              {"type", "the name of an event"},
                              {"account", "what concerns this account"}}),
                         http::Pooled{[&host, paging = std::make_shared<Paging>(host.rng())](const http::Request& request) {
                           Result<http::Response> made =
                               projections::reading([&] { return events(host, *paging, request); });
                           return made ? std::move(*made) : refuse(made.error(), request, host.ledger().log().position());
                         }}));
  // Views are told of as they stand: the state hash of a past position is not kept.
  http::Doc views = log_doc("listProjections", "Views as they stand now: position, lag, state hash");
  std::erase_if(views.parameters, [](const http::Parameter& parameter) { return parameter.name == "asOf"; });
  get("/v1/projections", http::Auth::any_of({right::kLedger}), std::move(views), projections);
  http::Doc clock_doc = log_doc("readClock", "The ledger's clock");
  answer_is<ClockView>(clock_doc);
  get("/v1/clock", http::Auth::any_of({right::kRead}), std::move(clock_doc), clock);
}

}  // namespace daybook::server
