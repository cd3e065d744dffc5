#include "server/app/log_routes.h"

#include <charconv>

#include "ledger/codec/event.h"
#include "server/app/event_items.h"
#include "server/app/reading.h"
#include "server/auth/gate.h"

namespace daybook::server {
namespace {

constexpr std::size_t kScannedAtMost = 2'000'000;  ///< events looked at for one page of a filtered list

std::string hex(std::span<const std::byte> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::byte byte : bytes) {
    const auto value = std::to_integer<unsigned>(byte);
    text.push_back(kDigits[value >> 4]);
    text.push_back(kDigits[value & 15]);
  }
  return text;
}

/// Which events a list wants.
struct EventFilter {
  std::optional<EventType> type;
  std::optional<StreamType> stream_type;
  std::string stream_id;
  engine::StreamNumber stream = 0;
};

Result<EventFilter> filter_of(const engine::Ledger& ledger, const http::Request& request) {
  EventFilter filter;
  if (auto type = request.query("type")) {
    if (type->starts_with("daybook.")) type->remove_prefix(8);
    filter.type = event_type(*type);
    if (!filter.type) return rejected("BAD_QUERY", "type is the name of an event, with or without daybook.");
  }
  if (const auto stream = request.query("stream")) {
    const std::size_t colon = stream->find(':');
    filter.stream_type = colon == std::string_view::npos ? std::nullopt : stream_type(stream->substr(0, colon));
    if (!filter.stream_type) return rejected("BAD_QUERY", "stream is StreamType:id, such as Subscription:sub-01.");
    filter.stream_id = stream->substr(colon + 1);
    filter.stream = ledger.stream_number(*filter.stream_type, filter.stream_id);
  }
  return filter;
}

Result<log::Position> first_position(const http::Request& request) {
  const auto text = request.query("cursor") ? request.query("cursor") : request.query("from");
  if (!text) return log::Position{1};
  log::Position from = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), from);
  if (text->empty() || error != std::errc() || end != text->data() + text->size() || from == 0) {
    return rejected(request.query("cursor") ? "BAD_CURSOR" : "BAD_QUERY", "from is a position, the first one wanted.");
  }
  return from;
}

http::Response events(LedgerHost& host, const http::Request& request) {
  const Result<Reading> reading = begin_reading(host, request);
  if (!reading) return refuse(reading.error(), request, host.ledger().log().position());
  // The log itself is newer than any view of it.
  const log::Position head = reading->at_head ? host.ledger().log().position() : reading->position;
  const Result<std::size_t> limit = limit_of(request, 100, 1'000);
  const Result<EventFilter> filter = filter_of(host.ledger(), request);
  const Result<log::Position> from = first_position(request);
  if (!limit) return refuse(limit.error(), request, head);
  if (!filter) return refuse(filter.error(), request, head);
  if (!from) return refuse(from.error(), request, head);

  http::Response response = http::Response::json(200, {});
  codec::JsonWriter json(response.body());
  json.begin_object().key("items").begin_array();
  std::size_t count = 0;
  log::Position next = 0;
  Result<void> written;
  const bool nothing = filter->stream_type && filter->stream == 0;
  const std::uint64_t mask = filter->type ? log::type_bit(static_cast<std::uint16_t>(*filter->type)) : log::kAllTypes;
  if (!nothing && *from <= head) {
    Result<void> scanned = host.ledger().log().scan_frames(
        *from, head,
        [&](std::span<const log::RecordView> records) {
          for (const log::RecordView& record : records) {
            if (filter->type && record.type != static_cast<std::uint16_t>(*filter->type)) continue;
            if (filter->stream != 0 && record.stream != filter->stream) continue;
            if (count == *limit || record.position - *from > kScannedAtMost) {
              next = record.position;
              return false;
            }
            ++count;
            written = write_event_item(host.ledger(), record, json);
            if (!written) return false;
          }
          return true;
        },
        mask);
    if (!scanned) return refuse(scanned.error(), request, head);
    if (!written) return refuse(written.error(), request, head);
  }
  json.end_array().key("nextCursor");
  next == 0 ? json.null() : json.text(std::to_string(next));
  json.end_object();
  set_position(response, head);
  return response;
}

http::Response log_head(LedgerHost& host, const http::Request& request) {
  const log::Log& log = host.ledger().log();
  const Result<Reading> reading = begin_reading(host, request);
  if (!reading) return refuse(reading.error(), request, log.position());
  if (!reading->at_head && reading->position != log.position()) {
    return refuse(Error{ErrorKind::Invalid, "BAD_QUERY",
                        "This version signs the newest head alone; ask without asOf, and keep the heads you need.", {}},
                  request, log.position());
  }
  const log::SignedHead head = log.signed_head();
  http::Response response = http::Response::json(200, {});
  codec::JsonWriter json(response.body());
  json.begin_object().key("ledgerId").text(hex(head.head.ledger_id)).key("position").number(head.head.position);
  json.key("chain").text(hex(head.head.chain)).key("root").text(hex(head.head.root)).key("recordedAt").instant(Instant{head.head.recorded_at});
  json.key("publicKey").text(hex(head.public_key)).key("signature").text(hex(head.signature)).end_object();
  set_position(response, head.head.position);
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
  http::Response response = http::Response::json(200, {});
  codec::JsonWriter json(response.body());
  const bool manual = host.ledger().clock_mode() == engine::ClockMode::Manual;
  json.begin_object().key("clock").text(manual ? "manual" : "system").key("now").instant(reading->now).end_object();
  set_position(response, reading->position);
  return response;
}

http::Doc doc(std::string id, std::string summary, std::vector<http::Parameter> parameters = {}) {
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

}  // namespace

void add_log_routes(http::Router& router, LedgerHost& host) {
  using Answer = http::Response (*)(LedgerHost&, const http::Request&);
  const auto get = [&](std::string path, http::Auth auth, http::Doc described, Answer answer) {
    router.add(http::Route(http::Method::Get, std::move(path), std::move(auth), std::move(described),
                           http::Pooled{[&host, answer](const http::Request& request) { return answer(host, request); }}));
  };
  get("/v1/events", http::Auth::any_of({right::kLedger}),
      doc("listEvents", "The log, in order",
          {{"from", "the first position wanted"},
           {"limit", "at most 1,000; 100 by default"},
           {"cursor", "from a page before"},
           {"stream", "StreamType:id"},
           {"type", "the name of an event"}}),
      events);
  get("/v1/log/head", http::Auth::any_of({right::kLedger}), doc("logHead", "The signed head"), log_head);
  get("/v1/projections", http::Auth::any_of({right::kLedger}), doc("listProjections", "Views: position, lag, state hash"),
      projections);
  get("/v1/clock", http::Auth::any_of({right::kRead}), doc("readClock", "The ledger's clock"), clock);
}

}  // namespace daybook::server
