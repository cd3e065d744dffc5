#include "server/app/history_routes.h"

#include <chrono>
#include <memory>
#include <set>
#include <string>

#include "ledger/codec/event.h"
#include "ledger/domain/answers/history_answer.h"
#include "ledger/domain/answers/remade_document.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/rules/access_rules.h"
#include "ledger/domain/views/history_view.h"
#include "projections/entities/as_of_reader.h"
#include "projections/entities/entity_rows.h"
#include "server/app/asked_progress.h"
#include "server/app/estimate_bisect.h"
#include "server/app/log_routes.h"

namespace daybook::server {
namespace {

constexpr std::chrono::milliseconds kViewsPatience{2000};

/// The frames that may hold an event of an invoice.
std::uint64_t mask_of_invoices() {
  std::uint64_t mask = 0;
  for (const EventTypeEntry& entry : kEventTypes) {
    if (entry.stream == StreamType::Invoice) mask |= log::type_bit(static_cast<std::uint16_t>(entry.type));
  }
  return mask;
}

/// Calls `each(event, position)`, which returns whether to go on, for every event of an invoice at `from` … `to`.
template <class Each>
Result<void> each_invoice_event(const log::Log& log, log::Position from, log::Position to, Each&& each) {
  Result<void> outcome;
  const Result<void> scanned = log.scan_frames(
      from, to,
      [&](std::span<const log::RecordView> records) {
        for (const log::RecordView& record : records) {
          if (record.position < from || record.position > to) continue;
          if (stream_of(static_cast<EventType>(record.type)) != StreamType::Invoice) continue;
          const Result<Event> event = codec::decode_event(record.event, nullptr);
          if (!event) {
            outcome = tl::unexpected(event.error());
            return false;
          }
          if (!each(*event, record.position)) return false;
        }
        return true;
      },
      mask_of_invoices());
  return outcome ? scanned : outcome;
}

/// `?name=` as a position. Errors: BAD_QUERY.
Result<log::Position> position_asked(LedgerHost& host, const http::Request& request, std::string_view name) {
  const auto text = request.query(name);
  if (!text) return rejected("BAD_QUERY", "Give from and to: positions, or RFC 3339 instants with zone.");
  return position_as_of(host, *text).map_error([&](Error error) {
    if (error.detail.starts_with("asOf")) error.detail.replace(0, 4, name);
    return error;
  });
}

Result<DiffView> difference(LedgerHost& host, const http::Request& request) {
  const Result<Reading> reading = begin_reading(host, request);  // has waited for minPosition
  if (!reading) return tl::unexpected(reading.error());
  const Result<log::Position> from = position_asked(host, request, "from");
  if (!from) return tl::unexpected(from.error());
  const Result<log::Position> to = position_asked(host, request, "to");
  if (!to) return tl::unexpected(to.error());
  if (*from > *to) return rejected("BAD_QUERY", "from comes after to.");
  if (!reading->at_head && *to > reading->position) {
    return rejected("BAD_QUERY", "to lies beyond asOf, position " + std::to_string(reading->position) + ": what came later was not known then.");
  }
  if (!host.views().wait_for(*to, kViewsPatience))
    return failed(ErrorKind::Unavailable, "NOT_YET_VISIBLE", "The views have not come so far yet; ask again.");
  const std::unique_ptr<StateReader> before = host.state_at(*from);
  const std::unique_ptr<StateReader> after = host.state_at(*to);
  if (*from == *to) return diff_answer(*before, *after, {});
  std::set<std::string> invoices;
  const Result<void> scanned =
      each_invoice_event(host.ledger().log(), *from + 1, *to, [&](const Event& event, log::Position position) {
        if (asked_progress()) asked_progress()(position - *from, *to - *from);
        invoices.insert(codec::stream_id(event.data));
        return true;
      });
  if (!scanned) return tl::unexpected(scanned.error());
  const Viewer& viewer = caller_of(request).viewer;
  std::erase_if(invoices, [&](const std::string& id) {
    const Invoice* invoice = after->find<Invoice>(id);
    return invoice == nullptr || !may(*after, viewer, Action::ViewInvoices, AccessObject::of(*invoice)).allowed;
  });
  return diff_answer(*before, *after, invoices);
}

http::Response diff(LedgerHost& host, const http::Request& request) {
  const log::Position head = host.ledger().log().position();
  Result<http::Response> made = projections::reading([&]() -> http::Response {
    const Result<DiffView> view = difference(host, request);
    if (!view) return refuse(view.error(), request, head);
    http::Response response = http::Response::json(200, {});
    codec::JsonWriter json(response.body());
    codec::to_json(*view, json);
    set_position(response, view->to);
    return response;
  });
  return made ? std::move(*made) : refuse(made.error(), request, head);
}

Result<BisectView> bisect(const Question& question) {
  const Result<InvoiceId> id = question.path_id<InvoiceId>("id");
  if (!id) return tl::unexpected(id.error());
  const auto when = question.request.query("when");
  const Result<InvoiceCondition> condition = InvoiceCondition::parse(when.value_or(""));
  if (!condition) return tl::unexpected(condition.error());
  const Result<AskedInvoice> asked = invoice_asked_for(question.state(), question.viewer(), *id);
  if (!asked) return tl::unexpected(asked.error());
  // Whatever changed the invoice wrote a version of it, also what is told of another: a payment that went over from the one
  // it replaces.
  const log::Log& log = question.host.ledger().log();
  const projections::AsOfReader versions(question.host.views().rows(projections::kEntities), question.reading.position);
  std::optional<InvoiceStandingView> before;
  const std::vector<log::Position> changes = versions.changes_of(StateKind::Invoice, id->text());
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const log::Position position = changes[i];
    if (asked_progress()) asked_progress()(i + 1, changes.size());
    const std::unique_ptr<StateReader> then = question.host.state_at(position);
    const std::optional<InvoiceStandingView> after = standing_of(*then, *id);
    if (!after || !condition->holds(*after)) {
      before = after;
      continue;
    }
    const Result<log::StoredRecord> record = log.read(position);
    if (!record) return tl::unexpected(record.error());
    const Result<Event> event = codec::decode_event(record->event, nullptr);
    if (!event) return tl::unexpected(event.error());
    const Result<std::int64_t> recorded = log.recorded_at(position);
    if (!recorded) return tl::unexpected(recorded.error());
    return BisectView{*id,
                      std::string(*when),
                      position,
                      Instant{*recorded},
                      "daybook." + std::string(name(event->data.type())),
                      event->envelope.source,
                      event->envelope.id,
                      before,
                      *after};
  }
  return failed(ErrorKind::NotFound, "NOT_FOUND", "It was never so: " + std::string(*when) + ".");
}

}  // namespace

void add_history_routes(http::Router& router, Questions& questions, LedgerHost& host) {
  http::Doc described = question_doc("diffLog", "What changed between two positions: invoices, and their accounts",
                                     {{"from", "a position, or an RFC 3339 instant with zone: as it was then"},
                                      {"to", "the same: as it is then"},
                                      {"asOf", "a position, or an RFC 3339 instant with zone: to lies at or before it"},
                                      {"minPosition", "wait until this position shows"}});
  described.problems.emplace_back("CORRUPTION");
  answer_is<DiffView>(described);
  router.add(http::Route(http::Method::Get, "/v1/log/diff", http::Auth::any_of({right::kLedger}), std::move(described),
                         http::Pooled{[&host](const http::Request& request) { return diff(host, request); }}));
  http::Doc bisected = question_doc("bisectInvoice", "The first event after which a condition held",
                                    {{"when", "total > 100, amountDue = 0, status = Paid; also subTotal, tax, credited, paid, lines and creditNotes, joined by `and`"}});
  bisected.problems.insert(bisected.problems.end(), {"NOT_SUPPORTED", "CORRUPTION"});
  questions.add("/v1/invoices/{id}/bisect", http::Auth::any_of({right::kRead}), std::move(bisected), bisect);
  add_estimate_bisect(questions);
}

}  // namespace daybook::server
