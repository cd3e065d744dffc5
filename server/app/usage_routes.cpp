#include "server/app/usage_routes.h"

#include "ledger/codec/event.h"
#include "ledger/domain/answers/alarms_answer.h"
#include "ledger/domain/answers/price_list_answer.h"
#include "ledger/domain/answers/settings_answer.h"
#include "ledger/domain/answers/usage_answer.h"
#include "ledger/domain/facts/usage.h"
#include "ledger/domain/views/unmatched_view.h"
#include "projections/unmatched/unmatched.h"
#include "projections/usage/usage_rows.h"

namespace daybook::server {
namespace {

/// What a row of the list tells of is read from its event.
Result<UnmatchedItemView> unmatched_item(const engine::Ledger& ledger, const projections::UnmatchedRow& row) {
  const Result<log::StoredRecord> record = ledger.log().read(row.position);
  if (!record) return tl::unexpected(record.error());
  const Result<Event> event = codec::decode_event(record->event, &ledger.sealer());
  if (!event) return tl::unexpected(event.error());
  UnmatchedItemView item;
  item.position = row.position;
  item.source = event->envelope.source;
  item.id = event->envelope.id;
  item.data = event->data.get<UsageRecorded>();
  item.usage_id = item.data.usage_id.value_or(item.id);
  item.subscription_id = row.subscription_id;
  item.reason = row.reason;
  return item;
}

Result<UnmatchedListView> unmatched_usage(const Question& question, const PageRequest& page) {
  Result<projections::UnmatchedPage> found = projections::unmatched_page(
      question.host.views().rows(projections::kUnmatched), question.host.views().rows(projections::kUsage),
      question.state(), page.limit, page.after);
  if (!found) return tl::unexpected(found.error());
  UnmatchedListView view;
  for (const projections::UnmatchedRow& row : found->items) {
    Result<UnmatchedItemView> item = unmatched_item(question.host.ledger(), row);
    if (!item) return tl::unexpected(item.error());
    view.items.push_back(std::move(*item));
  }
  view.next_cursor = std::move(found->next);
  return view;
}

Result<UsageView> usage(const Question& question, ScopeType type, const PageRequest& page) {
  UsageQuery query;
  const auto from = question.query_date("from");
  const auto to = question.query_date("to");
  const auto granularity = question.query_enum<Granularity>("granularity");
  if (!from) return tl::unexpected(from.error());
  if (!to) return tl::unexpected(to.error());
  if (!granularity) return tl::unexpected(granularity.error());
  query.from = *from;
  query.to = *to;
  query.granularity = granularity->value_or(Granularity::daily);
  if (const auto text = question.request.query("groupBy")) {
    if (text->empty()) return bad_query("groupBy names dimensions, such as meterId,tag:team; leave it out for none.");
    auto group_by = parse_group_by(*text);
    if (!group_by) return tl::unexpected(group_by.error());
    query.group_by = std::move(*group_by);
  }
  const ScopeRef scope(type, std::string(question.request.param("id")));
  return usage_answer(question.state(), question.usage, question.viewer(), scope, query, page, question.today());
}

Result<PriceListView> prices(const Question& question, ScopeType type, const PageRequest& page) {
  const Result<std::optional<Date>> on = question.query_date("on");
  if (!on) return tl::unexpected(on.error());
  const ScopeRef scope(type, std::string(question.request.param("id")));
  return price_list_answer(question.state(), question.viewer(), scope, on->value_or(question.today()), page);
}

void add_prices(Questions& questions) {
  constexpr std::pair<std::string_view, ScopeType> kScopes[] = {
      {"accounts", ScopeType::Account}, {"profiles", ScopeType::Profile}, {"enrollments", ScopeType::Enrollment}};
  for (const auto& [plural, type] : kScopes) {
    questions.add_list("/v1/" + std::string(plural) + "/{id}/prices", http::Auth::any_of({right::kRead}),
                       question_doc("listPricesOf" + std::string(wire_name(type)), "The prices in force on a day",
                                    {{"on", "the day; default: today"}}),
                       [type = type](const Question& q, const PageRequest& page) { return prices(q, type, page); });
  }
}

/// As UsageView, but that an item has those members alone that were grouped by, tags as `tag:KEY`.
constexpr std::string_view kUsageSchema =
    R"({"type":"object","properties":{"from":{"type":["string","null"],"format":"date"},)"
    R"("to":{"type":["string","null"],"format":"date"},"granularity":{"enum":["daily","monthly"]},)"
    R"("groupBy":{"type":"array","items":{"type":"string"}},"items":{"type":"array","items":{"type":"object","properties":{)"
    R"("date":{"type":"string","format":"date"},"quantity":{"type":["string","null"]},"unit":{"type":["string","null"]},)"
    R"("cost":{"type":"string"},"currency":{"type":"string"}},"required":["date","quantity","unit","cost","currency"]}},)"
    R"("totals":{"type":"array","items":{"type":"object","properties":{"currency":{"type":"string"},"cost":{"type":"string"}},)"
    R"("required":["currency","cost"]}},"nextCursor":{"type":["string","null"]}},)"
    R"("required":["from","to","granularity","groupBy","items","totals","nextCursor"]})";

}  // namespace

void add_usage_routes(Questions& questions) {
  const std::vector<http::Parameter> parameters = {{"from", "the first day"},
                                                   {"to", "the day after the last"},
                                                   {"granularity", "daily (default) or monthly"},
                                                   {"groupBy", "comma-separated, such as meterId,tag:team"}};
  constexpr std::pair<std::string_view, ScopeType> kScopes[] = {{"subscriptions", ScopeType::Subscription},
                                                                {"profiles", ScopeType::Profile},
                                                                {"enrollments", ScopeType::Enrollment},
                                                                {"accounts", ScopeType::Account}};
  for (const auto& [plural, type] : kScopes) {
    http::Doc doc = question_doc("readUsageOf" + std::string(wire_name(type)), "Usage and cost by day or month", parameters);
    doc.answers.front().schema = kUsageSchema;
    questions.add_list("/v1/" + std::string(plural) + "/{id}/usage", http::Auth::any_of({right::kRead}), std::move(doc),
                       [type = type](const Question& q, const PageRequest& page) { return usage(q, type, page); });
  }
  add_prices(questions);
  questions.add("/v1/terms/email", http::Auth::any_of({right::kRead}),
                question_doc("readEmailTerms", "The terms of invoices by e-mail"),
                [](const Question& q) -> Result<EmailTermsView> {
                  if (q.reading.is_before_all()) return nothing_recorded_yet();
                  return email_terms_answer(q.state());
                });
  questions.add_short_list("/v1/alarms", http::Auth::any_of({right::kLedger}),
                           question_doc("listAlarms", "What lasts until somebody acts", {{"invoiceId", "of this invoice alone"}}),
                           [](const Question& q) -> Result<AlarmListView> {
                             const auto invoice = q.query_id<InvoiceId>("invoiceId");
                             if (!invoice) return tl::unexpected(invoice.error());
                             return alarms_answer(q.state(), q.usage, q.today(), *invoice);
                           });
  questions.add("/v1/policies", http::Auth::any_of({right::kLedger}),
                question_doc("listPolicies", "Every policy: its value, what it may be, what it means and who set it when"),
                [](const Question& q) -> Result<PolicyListView> {
                  return q.reading.is_before_all() ? PolicyListView() : policies_answer(q.state());
                });
  questions.add_list("/v1/unmatched-usage", http::Auth::any_of({right::kLedger}),
                     question_doc("listUnmatchedUsage", "Usage that no subscription or price matches yet"),
                     unmatched_usage);
}

}  // namespace daybook::server
