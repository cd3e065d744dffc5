#include "server/app/provider_route.h"

#include <utility>

#include "ledger/codec/json_writer.h"
#include "ledger/codec/value_codec.h"
#include "ledger/domain/answers/settings_answer.h"
#include "ledger/domain/views/settings_view.h"
#include "projections/row_reader.h"
#include "server/app/questions.h"
#include "server/http/problem.h"

namespace daybook::server {
namespace {

http::Response shown(const ProviderView& view) {
  http::Response response = http::Response::json(200, {});
  codec::JsonWriter json(response.body());
  codec::to_json(view, json);
  return response;
}

/// Strangers learn no position (docs/decisions/0017), so they name none either: whether one is refused would tell it.
http::Response to_a_stranger(LedgerHost& host, const http::Request& request) {
  if (request.query("asOf") || request.query("minPosition")) {
    return http::problem("UNAUTHENTICATED", "What stood at another position is told to those who have a key: send \"Authorization: Bearer KEY\", "
                         "or leave asOf and minPosition out.", request.request_id());
  }
  ProviderView view;
  const Date today = host.ledger().now().date();
  host.ledger().read_books([&](const StateReader& state) { view = provider_answer(state, today); });
  http::Response response = shown(view);
  response.set_for_strangers();
  return response;
}

http::Response to_a_caller(LedgerHost& host, const http::Request& request) {
  const Result<Reading> reading = begin_reading(host, request);
  if (!reading) return refuse(reading.error(), request, host.ledger().log().position());
  if (reading->is_before_all()) return refuse(nothing_recorded_yet().value(), request, 0);
  http::Response response = shown(provider_answer(*reading->state, reading->now.date()));
  set_position(response, reading->position);
  return response;
}

}  // namespace

void add_provider_route(http::Router& router, LedgerHost& host) {
  http::Doc doc;
  doc.operation_id = "readProvider";
  doc.summary = "Who provides what is billed; all null where nobody has configured it";
  doc.description = "Needs no key. Without one the answer names no position, and takes neither asOf nor minPosition.";
  doc.tag = "Questions";
  doc.parameters = {{"asOf", "a position, or an RFC 3339 instant with zone"}, {"minPosition", "wait until this position shows"}};
  doc.answers = {{200, "The public part of the provider's block"}};
  doc.problems = {"UNAUTHENTICATED", "BAD_QUERY", "NOT_YET_VISIBLE"};
  answer_is<ProviderView>(doc);
  router.add(http::Route(http::Method::Get, "/v1/provider", http::Auth::open_and_known(), std::move(doc),
                         http::Pooled{[&host](const http::Request& request) {
                           if (request.principal<engine::Caller>() == nullptr) return to_a_stranger(host, request);
                           Result<http::Response> made = projections::reading([&] { return to_a_caller(host, request); });
                           return made ? std::move(*made) : refuse(made.error(), request, host.ledger().log().position());
                         }}));
}

}  // namespace daybook::server
