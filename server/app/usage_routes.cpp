#include "server/app/usage_routes.h"

#include "ledger/codec/event.h"
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

}  // namespace

void add_usage_routes(Questions& questions) {
  questions.add_list("/v1/unmatched-usage", http::Auth::any_of({right::kLedger}),
                     question_doc("listUnmatchedUsage", "Usage that no subscription or price matches yet"),
                     unmatched_usage);
}

}  // namespace daybook::server
