#include "server/app/provider_route.h"

#include "ledger/codec/json_writer.h"
#include "ledger/codec/value_codec.h"
#include "ledger/domain/answers/settings_answer.h"
#include "ledger/domain/views/settings_view.h"
#include "server/app/questions.h"

namespace daybook::server {

void add_provider_route(http::Router& router, LedgerHost& host) {
  http::Doc doc;
  doc.operation_id = "readProvider";
  doc.summary = "Who provides what is billed; all null where nobody has configured it";
  doc.tag = "Questions";
  doc.answers = {{200, "The public part of the provider's block"}};
  answer_is<ProviderView>(doc);
  router.add(http::Route(http::Method::Get, "/v1/provider", http::Auth::open(), std::move(doc),
                         http::Direct{[&host](http::Request, http::Responder responder) {
                           ProviderView view;
                           const Date today = host.ledger().now().date();
                           host.ledger().read_books(
                               [&](const StateReader& state) { view = provider_answer(state, today); });
                           http::Response response = http::Response::json(200, {});
                           codec::JsonWriter json(response.body());
                           codec::to_json(view, json);
                           response.set_for_strangers();
                           responder.respond(std::move(response));
                         }}));
}

}  // namespace daybook::server
