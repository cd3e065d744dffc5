#include "server/app/event_routes.h"

#include <utility>
#include <vector>

#include "ledger/codec/cloudevents.h"
#include "ledger/codec/json_writer.h"
#include "server/app/event_answers.h"
#include "server/app/identities_body.h"
#include "server/app/lines_body.h"
#include "server/app/reading.h"
#include "server/auth/gate.h"
#include "server/http/problem.h"

namespace daybook::server {
namespace {

constexpr std::size_t kBodyEventsMax = 10'000;
constexpr std::size_t kAtomicBytesMax = std::size_t{8} << 20;
constexpr std::string_view kStructured = "application/cloudevents+json";
constexpr std::string_view kBatch = "application/cloudevents-batch+json";
constexpr std::string_view kLines = "application/x-ndjson";
constexpr std::string_view kFlatbuffers = "application/vnd.daybook.events+flatbuffers";

codec::Intake intake_of(const engine::Ledger& ledger, const engine::Caller& caller) {
  codec::Intake intake;
  intake.now = ledger.now();
  intake.tenant = caller.tenant;
  intake.actor = caller.actor();
  intake.import = caller.may_import;
  return intake;
}

std::unique_ptr<engine::FactBatch> new_batch(const engine::Caller& caller, bool atomic) {
  auto batch = std::make_unique<engine::FactBatch>();
  batch->caller = caller;
  batch->atomic = atomic;
  return batch;
}

/// Reads a body into a batch. Errors: of the body as a whole.
Result<void> read_body(const engine::Ledger& ledger, codec::BodyForm form, std::string_view body,
                       engine::FactBatch& batch) {
  thread_local codec::CloudEventStream stream;
  const codec::Intake intake = intake_of(ledger, batch.caller);
  stream.open(form, body, intake);
  while (auto* item = stream.next()) {
    if (batch.facts.size() == kBodyEventsMax) {
      return rejected("BODY_TOO_LARGE", "A body holds at most 10,000 events. Send several, or NDJSON without atomic, which is streamed.");
    }
    if (item->event) {
      ledger.prepare(batch, std::move(*item->event));
    } else {
      ledger.prepare_refused(batch, std::move(item->event.error()));
    }
  }
  if (stream.failure()) return tl::unexpected(*stream.failure());
  return {};
}

bool is_json(std::string_view media_type) {
  constexpr std::string_view kSuffix = "+json";
  return http::equal_ignoring_case(media_type, "application/json") ||
         (media_type.size() > kSuffix.size() &&
          http::equal_ignoring_case(media_type.substr(media_type.size() - kSuffix.size()), kSuffix));
}

/// CloudEvents over HTTP, 3: `ce-*` headers make an event of a body that is none by its own type.
bool is_binary(const http::Request& request) {
  if (!request.header("ce-specversion")) return false;
  const std::string_view type = request.media_type();
  return !http::equal_ignoring_case(type, kStructured) && !http::equal_ignoring_case(type, kBatch) &&
         !http::equal_ignoring_case(type, kFlatbuffers);
}

/// The binary form: `ce-*` headers, the body is `data`. Errors: UNSUPPORTED_MEDIA_TYPE.
Result<void> read_binary(const engine::Ledger& ledger, const http::Request& request, engine::FactBatch& batch) {
  std::vector<std::pair<std::string, std::string_view>> names;
  for (const http::Field& field : request.headers()) {
    if (field.name.size() > 3 && http::equal_ignoring_case(field.name.substr(0, 3), "ce-")) {
      std::string name(field.name.substr(3));
      for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
      names.emplace_back(std::move(name), field.value);
    }
  }
  std::vector<std::pair<std::string_view, std::string_view>> attributes;
  for (const auto& [name, value] : names) attributes.emplace_back(name, value);
  if (!is_json(request.media_type())) {
    return rejected("UNSUPPORTED_MEDIA_TYPE", "With ce- headers the body is the event's data in JSON: send Content-Type: application/json.");
  }
  const codec::Intake intake = intake_of(ledger, batch.caller);
  Result<Event> event = codec::parse_binary_event(attributes, request.body().text(), intake);
  if (event) {
    ledger.prepare(batch, std::move(*event));
  } else {
    ledger.prepare_refused(batch, std::move(event.error()));
  }
  return {};
}

Result<bool> flag(const http::Request& request, std::string_view name, std::string_view on, std::string_view off) {
  const auto value = request.query(name);
  if (!value || (!off.empty() && *value == off)) return false;
  if (*value == on) return true;
  return rejected("BAD_QUERY", std::string(name) + " is " + std::string(on) +
                                   (off.empty() ? ", or left out." : " or " + std::string(off) + "."));
}

void post_events(LedgerHost& host, http::Request request, http::Responder responder) {
  engine::Ledger& ledger = host.ledger();
  const log::Position head = ledger.log().position();
  const Result<bool> atomic = flag(request, "atomic", "true", "false");
  const Result<bool> all = flag(request, "results", "all", "");
  if (!atomic || !all) {
    responder.respond(refuse(!atomic ? atomic.error() : all.error(), request, head));
    return;
  }
  std::unique_ptr<engine::FactBatch> batch = new_batch(caller_of(request), *atomic);
  const std::string_view type = request.media_type();
  const bool binary = is_binary(request);
  const bool many = !binary && (http::equal_ignoring_case(type, kBatch) || http::equal_ignoring_case(type, kFlatbuffers));
  Result<void> read;
  if (binary) {
    read = read_binary(ledger, request, *batch);
  } else if (http::equal_ignoring_case(type, kFlatbuffers)) {
    read = read_body(ledger, codec::BodyForm::Flatbuffers, request.body().text(), *batch);
  } else if (many) {
    read = read_body(ledger, codec::BodyForm::Batch, request.body().text(), *batch);
  } else if (http::equal_ignoring_case(type, kStructured)) {
    read = read_body(ledger, codec::BodyForm::Single, request.body().text(), *batch);
    if (read && request.body().text().size() > http::kDefaultBodyLimit && batch->content_bytes == 0) {
      read = rejected("BODY_TOO_LARGE", "The body holds at most 1 MiB; at most 4 MiB where the event carries a document.");
    }
  } else {
    read = rejected("UNSUPPORTED_MEDIA_TYPE",
                    "Send application/cloudevents+json, application/cloudevents-batch+json, application/x-ndjson, "
                    "application/vnd.daybook.events+flatbuffers, or ce- headers with the data as JSON.");
  }
  if (!read) {
    responder.respond(refuse(read.error(), request, head));
    return;
  }
  ledger.finish_preparing(*batch);
  // Held behind a shared pointer because std::function wants what can be copied.
  auto answer = std::make_shared<http::Responder>(std::move(responder));
  auto asked = std::make_shared<http::Request>(std::move(request));
  const bool every = *all;
  Result<void> queued = ledger.submit(std::move(batch), [&ledger, answer, asked, many, every](std::unique_ptr<engine::FactBatch> done) {
    const std::string_view id = asked->request_id();
    if (done->atomic && done->count(engine::FactStatus::Rejected) > 0) {
      answer->respond(many ? atomic_refusal(*done, id) : one_event_answer(ledger, *done, id));
    } else if (!many) {
      answer->respond(one_event_answer(ledger, *done, id));
    } else {
      ManyEventsAnswer outcomes(every);
      outcomes.add(*done);
      answer->respond(outcomes.response());
    }
  });
  if (!queued) answer->respond(refuse(queued.error(), *asked, head));
}

/// NDJSON as one body, which is recorded whole or not at all.
http::net::awaitable<Result<http::Response>> post_lines_atomically(engine::Ledger& ledger, const http::Request& request,
                                                                   http::BodyReader& reader, bool every) {
  http::Body body;
  for (bool more = true; more;) {
    Result<bool> got = co_await reader.read(&body);
    if (!got) co_return tl::unexpected(got.error());
    more = *got;
    if (body.text().size() > kAtomicBytesMax) {
      co_return rejected("BODY_TOO_LARGE", "A body that is all or nothing holds at most 10,000 events and 8 MiB. Send several, or leave out atomic.");
    }
  }
  std::unique_ptr<engine::FactBatch> batch = new_batch(caller_of(request), true);
  Result<void> read = read_body(ledger, codec::BodyForm::Lines, body.text(), *batch);
  if (!read) co_return tl::unexpected(read.error());
  ledger.finish_preparing(*batch);
  Result<std::shared_ptr<engine::FactBatch>> done = co_await record(ledger, std::move(batch));
  if (!done) co_return tl::unexpected(done.error());
  if ((*done)->count(engine::FactStatus::Rejected) > 0) co_return atomic_refusal(**done, request.request_id());
  ManyEventsAnswer outcomes(every);
  outcomes.add(**done);
  co_return outcomes.response();
}

/// NDJSON: taken in pieces of at most 10,000 lines, each consecutive in the log.
http::net::awaitable<http::Response> post_lines(LedgerHost* host, http::Request request, http::BodyReader* reader) {
  engine::Ledger& ledger = host->ledger();
  const engine::Caller caller = caller_of(request);
  const Result<bool> all = flag(request, "results", "all", "");
  if (!all) co_return refuse(all.error(), request, ledger.log().position());
  const Result<bool> atomic = flag(request, "atomic", "true", "false");
  if (!atomic) co_return refuse(atomic.error(), request, ledger.log().position());
  if (*atomic) {
    Result<http::Response> answer = co_await post_lines_atomically(ledger, request, *reader, *all);
    co_return answer ? std::move(*answer) : refuse(answer.error(), request, ledger.log().position());
  }
  LinesBody lines(ledger, caller, *all);
  bool more = true;
  while (more) {
    Result<bool> got = co_await reader->read(&lines.buffer());
    if (!got) co_return refuse(got.error(), request, ledger.log().position());
    more = *got;
    while (lines.next_piece(!more)) {
      Result<void> taken = co_await lines.take_piece();
      if (!taken) co_return refuse(taken.error(), request, ledger.log().position());
    }
    if (lines.is_stuck()) co_return refuse(lines.too_long(), request, ledger.log().position());
  }
  co_return lines.answer();
}

http::Response lookup(LedgerHost& host, const http::Request& request) {
  const log::Position head = host.ledger().log().position();
  Result<std::vector<std::pair<std::string, std::string>>> asked = parse_identities(request.body().text());
  if (!asked) return refuse(asked.error(), request, head);
  const engine::Caller& caller = caller_of(request);
  Result<std::vector<log::Position>> positions = host.ledger().lookup(caller.tenant.value_or(""), *asked);
  if (!positions) return refuse(positions.error(), request, head);
  http::Response response = http::Response::json(200, {});
  codec::JsonWriter json(response.body());
  json.begin_object().key("items").begin_array();
  for (std::size_t i = 0; i < asked->size(); ++i) {
    json.begin_object().key("source").text((*asked)[i].first).key("id").text((*asked)[i].second).key("position");
    (*positions)[i] == 0 ? json.null() : json.number((*positions)[i]);
    json.end_object();
  }
  json.end_array().end_object();
  set_position(response, head);
  return response;
}

constexpr std::string_view kRecorded =
    R"({"type":"object","properties":{"position":{"type":["integer","null"]},"source":{"type":"string"},"id":{"type":"string"},)"
    R"("recordedAt":{"type":["string","null"],"format":"date-time"},"unmatched":{"type":["string","null"]}},)"
    R"("required":["position","source","id","recordedAt","unmatched"]})";
constexpr std::string_view kTaken =
    R"({"type":"object","properties":{"first":{"type":["integer","null"]},"position":{"type":["integer","null"]},)"
    R"("accepted":{"type":"integer"},"duplicates":{"type":"integer"},"rejected":{"type":"integer"},)"
    R"("results":{"type":"array","items":{"type":"object","properties":{"index":{"type":"integer"},)"
    R"("status":{"enum":["accepted","duplicate","rejected","skipped"]}},"required":["index","status"]}}},)"
    R"("required":["first","position","accepted","duplicates","rejected","results"]})";

}  // namespace

void add_event_routes(http::Router& router, LedgerHost& host) {
  const std::string event = "#/components/schemas/CloudEvent";
  http::Doc doc;
  doc.operation_id = "postEvents";
  doc.summary = "Record facts";
  doc.tag = "Facts";
  doc.description = "Each event counts once for ever, by source and id. Acknowledged only when durable.";
  doc.parameters = {{"atomic", "true: all or nothing", R"({"type":"boolean"})"},
                    {"results", "all: an item for every event", R"({"type":"string","enum":["all"]})"}};
  doc.answers = {{201, "One event, recorded", "application/json", std::string(kRecorded)},
                 {200, "Many events, or one that was recorded before", "application/json",
                  R"({"anyOf":[)" + std::string(kRecorded) + ',' + std::string(kTaken) + "]}"}};
  doc.problems = {"EVENT_ID_REUSED", "UNKNOWN_EVENT_TYPE", "LEDGER_DECIDES", "INVALID_FIELD", "UNKNOWN_REFERENCE", "INSUFFICIENT_STORAGE"};
  router.add(http::Route(http::Method::Post, "/v1/events", http::Auth::any_of({right::kIngest}),
                         {{std::string(kStructured), http::kDocumentBodyLimit, false, event},
                          {std::string(kBatch), http::kBatchBodyLimit, false, R"({"type":"array","items":{"$ref":")" + event + R"("}})"},
                          {std::string(kFlatbuffers), http::kBatchBodyLimit, false, {}},
                          {std::string(kLines), 0, true, event},
                          {"*", http::kDefaultBodyLimit, false, {}}},
                         doc,
                         http::Direct{[&host](http::Request request, http::Responder responder) {
                           post_events(host, std::move(request), std::move(responder));
                         }})
                 .on_stream([&host](http::Request request, http::BodyReader* reader) {
                   return post_lines(&host, std::move(request), reader);
                 }));

  http::Doc which;
  which.operation_id = "lookupEvents";
  which.summary = "Which of these events are recorded";
  which.tag = "Facts";
  router.add(http::Route(http::Method::Post, "/v1/events/lookup", http::Auth::any_of({right::kIngest, right::kLedger}),
                         {{"application/json", http::kBatchBodyLimit, false, {}}}, which,
                         http::Pooled{[&host](const http::Request& request) { return lookup(host, request); }}));
}

}  // namespace daybook::server
