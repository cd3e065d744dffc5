#include "server/app/event_answers.h"

#include "ledger/codec/event_view.h"
#include "ledger/codec/json_writer.h"
#include "ledger/domain/enums.h"
#include "server/app/reading.h"
#include "server/http/problem.h"

namespace daybook::server {
namespace {

void unmatched(codec::JsonWriter& json, std::uint8_t code) {
  json.key("unmatched");
  if (code == 0) {
    json.null();
  } else {
    json.text(wire_name(static_cast<Unmatched>(code - 1)));
  }
}

}  // namespace

http::Response one_event_answer(const engine::Ledger& ledger, const engine::FactBatch& batch,
                                std::string_view request_id) {
  const engine::PreparedFact& fact = batch.facts.front();
  if (const Error* error = batch.error_of(fact)) {
    http::Response refused = problem_of(*error, request_id);
    refused.set_header("Daybook-Position", std::to_string(batch.head));
    return refused;
  }
  Instant recorded_at{batch.recorded_at};
  std::uint8_t code = fact.code;
  if (fact.status == engine::FactStatus::Duplicate) {
    const Result<log::StoredRecord> first = ledger.log().read(fact.position);
    if (!first) return http::problem(first.error(), request_id);
    recorded_at = Instant{first->recorded_at};
    code = first->code;
  }
  const codec::EventView view(batch.event_bytes(fact));
  const bool is_skipped = fact.status == engine::FactStatus::Skipped;
  http::Response response = http::Response::json(fact.status == engine::FactStatus::Accepted ? 201 : 200, {});
  codec::JsonWriter json(response.body());
  json.begin_object().key("position");
  is_skipped ? json.null() : json.number(fact.position);
  json.key("source").text(view.source()).key("id").text(view.id()).key("recordedAt");
  is_skipped ? json.null() : json.instant(recorded_at);
  unmatched(json, code);
  json.end_object();
  response.set_header("Daybook-Position", std::to_string(batch.head));
  return response;
}

void ManyEventsAnswer::add(const engine::FactBatch& batch) {
  for (const engine::PreparedFact& fact : batch.facts) {
    const std::size_t index = count_++;
    const Error* error = batch.error_of(fact);
    const bool accepted = error == nullptr && fact.status == engine::FactStatus::Accepted;
    accepted_ += accepted ? 1 : 0;
    rejected_ += error != nullptr ? 1 : 0;
    const bool skipped = fact.status == engine::FactStatus::Skipped;
    duplicates_ += error == nullptr && !accepted && !skipped ? 1 : 0;
    if (accepted && fact.code == 0 && !all_) continue;
    if (!results_.empty()) results_.push_back(',');
    codec::JsonWriter item(results_);
    item.begin_object().key("index").number(index).key("status");
    if (error != nullptr) {
      item.text("rejected").key("code").text(error->code).key("pointer").text(error->pointer);
      item.key("detail").text(in_a_sentence(*error).detail);
    } else if (skipped) {
      item.text("skipped");
    } else {
      item.text(accepted ? "accepted" : "duplicate").key("position").number(fact.position);
      if (accepted) unmatched(item, fact.code);
    }
    item.end_object();
  }
  if (first_ == 0) first_ = batch.first;
  if (batch.last != 0) last_ = batch.last;
  head_ = batch.head;
}

http::Response ManyEventsAnswer::response() const {
  http::Response response = http::Response::json(200, {});
  codec::JsonWriter json(response.body());
  json.begin_object().key("first");
  first_ == 0 ? json.null() : json.number(first_);
  json.key("position");
  last_ == 0 ? json.null() : json.number(last_);
  json.key("accepted").number(accepted_).key("duplicates").number(duplicates_).key("rejected").number(rejected_);
  json.key("results").begin_array();
  if (!results_.empty()) json.raw(results_);
  json.end_array().end_object();
  response.set_header("Daybook-Position", std::to_string(head_));
  return response;
}

http::Response atomic_refusal(const engine::FactBatch& batch, std::string_view request_id) {
  std::vector<Error> errors;
  for (std::size_t i = 0; i < batch.facts.size(); ++i) {
    if (const Error* error = batch.error_of(batch.facts[i])) {
      errors.push_back(in_a_sentence(*error));
      errors.back().pointer = "/" + std::to_string(i) + error->pointer;
    }
  }
  const Error whole{ErrorKind::Invalid, errors.empty() ? "INVALID_FIELD" : errors.front().code,
                    "Nothing of this body was recorded, because it is atomic and part of it was refused.", {}};
  constexpr unsigned kUnprocessable = 422;  // whatever its parts were refused for
  http::Response response = http::problem(whole, request_id, errors, {}, kUnprocessable);
  response.set_header("Daybook-Position", std::to_string(batch.head));
  return response;
}

}  // namespace daybook::server
