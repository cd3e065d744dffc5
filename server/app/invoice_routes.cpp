#include "server/app/invoice_routes.h"

#include <algorithm>
#include <charconv>

#include "ledger/domain/answers/invoice_answer.h"
#include "ledger/domain/answers/listing.h"
#include "ledger/domain/answers/refusals.h"
#include "ledger/domain/answers/scope_path.h"
#include "ledger/domain/rules/access_rules.h"
#include "ledger/domain/rules/placed.h"
#include "ledger/domain/views/changes_view.h"
#include "ledger/domain/views/explain_view.h"
#include "projections/invoices/invoice_list.h"
#include "projections/invoices/invoice_rows.h"
#include "server/app/explanations.h"

namespace daybook::server {
namespace {

bool sees_invoices(const StateReader& state, const Viewer& viewer, const ScopeRef& scope) {
  return is_allowed(state, viewer, Action::ViewInvoices, scope);
}

/// The scopes whose invoices `viewer` sees: whole accounts where he may, else what he has of them. Disjoint.
std::vector<ScopeRef> scopes_in_sight(const StateReader& state, const Viewer& viewer) {
  std::vector<ScopeRef> scopes;
  for (const std::string& id : accounts_in_reach(state, viewer)) {
    const Account* account = state.find<Account>(id);
    if (account == nullptr) continue;
    const ScopeRef whole(account->account_id);
    if (sees_invoices(state, viewer, whole)) {
      scopes.push_back(whole);
      continue;
    }
    for (const std::string& profile : state.profiles_of(account->account_id)) {
      const ScopeRef scope(ScopeType::Profile, profile);
      if (sees_invoices(state, viewer, scope)) scopes.push_back(scope);
    }
    for (const std::string& enrollment : state.enrollments_of(account->account_id)) {
      const ScopeRef scope(ScopeType::Enrollment, enrollment);
      if (sees_invoices(state, viewer, scope)) scopes.push_back(scope);
    }
    if (!bills_subscriptions(state, *account)) continue;
    for (const std::string& subscription : state.subscriptions_of(account->account_id)) {
      const ScopeRef scope(ScopeType::Subscription, subscription);
      if (sees_invoices(state, viewer, scope)) scopes.push_back(scope);
    }
  }
  return scopes;
}

/// The scopes that the filters name, the widest first. Errors: BAD_QUERY; NOT_FOUND for one that is not there or not the
/// viewer's.
Result<std::vector<ScopeRef>> filtered_scopes(const Question& question) {
  std::vector<ScopeRef> wanted;
  constexpr std::pair<std::string_view, ScopeType> kFilters[] = {
      {"accountId", ScopeType::Account}, {"profileId", ScopeType::Profile}, {"enrollmentId", ScopeType::Enrollment},
      {"subscriptionId", ScopeType::Subscription}};
  for (const auto& [name, type] : kFilters) {
    const auto id = question.query_id<AccountId>(name);  // all identifiers are of one alphabet
    if (!id) return tl::unexpected(id.error());
    if (!*id) continue;
    wanted.emplace_back(type, (*id)->text());
    if (!is_seen(question.state(), question.viewer(), wanted.back())) return nothing_here();
  }
  return wanted;
}

/// Whether a document is of each of `scopes`.
bool is_of_all(const InvoiceItemView& item, const std::vector<ScopeRef>& scopes) {
  return std::all_of(scopes.begin(), scopes.end(), [&](const ScopeRef& scope) {
    switch (scope.type) {
      case ScopeType::Account: return item.account_id.text() == scope.id;
      case ScopeType::Profile: return item.profile_id && item.profile_id->text() == scope.id;
      case ScopeType::Enrollment: return item.enrollment_id && item.enrollment_id->text() == scope.id;
      default: return item.subscription_id && item.subscription_id->text() == scope.id;
    }
  });
}

/// What of `wanted` (or of everything) the viewer sees, as disjoint scopes; an empty list is nothing at all, none is
/// the whole ledger.
std::optional<std::vector<ScopeRef>> scopes_of(const Question& question, const std::vector<ScopeRef>& wanted) {
  const StateReader& state = question.state();
  const Viewer& viewer = question.viewer();
  if (wanted.empty()) {
    if (viewer.is_operator() && !viewer.tenant) return std::nullopt;
    return scopes_in_sight(state, viewer);
  }
  const ScopeRef& scope = wanted.back();
  if (sees_invoices(state, viewer, scope)) return std::vector{scope};
  std::vector<ScopeRef> part;
  for (ScopeRef& seen : scopes_in_sight(state, viewer)) {
    const std::vector<ScopeRef> path = scope_path(state, seen);
    if (std::find(path.begin(), path.end(), scope) != path.end()) part.push_back(std::move(seen));
  }
  return part;
}

/// Where a page of the list ends, and how many documents the whole list has, where that was known when it began.
struct ListPlace {
  projections::InvoicePlace place;
  std::optional<std::int64_t> total;

  [[nodiscard]] std::string text() const {
    std::string text = std::to_string(place.issue_date.days) + ":" + std::to_string(place.number);
    return total ? text + ":" + std::to_string(*total) : text;
  }
  /// Made by `text` and protected by the cursor's MAC.
  static ListPlace of(std::string_view text) {
    ListPlace found;
    const char* const end = text.data() + text.size();
    const char* at = std::from_chars(text.data(), end, found.place.issue_date.days).ptr;
    at = std::from_chars(at + 1, end, found.place.number).ptr;
    if (at != end) std::from_chars(at + 1, end, found.total.emplace());
    return found;
  }
};

Result<std::optional<DocumentType>> document_type(const Question& question) {
  const auto text = question.request.query("documentType");
  if (text == "all") return std::optional<DocumentType>();
  Result<std::optional<DocumentType>> type = question.query_enum<DocumentType>("documentType");
  if (!type) return rejected("BAD_QUERY", "documentType is one of Invoice, CreditNote, all.");
  return *type ? type : std::optional(DocumentType::Invoice);
}

/// Whether not all documents of the scope are seen by the same rules: those of a subscription that has changed its
/// owner, or whose account was upgraded.
bool is_of_several_rules(const StateReader& state, const ScopeRef& scope) {
  const Subscription* subscription =
      scope.type == ScopeType::Subscription ? state.find<Subscription>(scope.id) : nullptr;
  return subscription != nullptr &&
         std::any_of(subscription->earlier.begin(), subscription->earlier.end(), [&](const EarlierPlace& place) {
           return place.account_id != subscription->account_id || !place.profile_id;
         });
}

std::optional<InvoiceItemView> item_of(const Question& question, const projections::ListedInvoice& listed) {
  const std::string& id =
      listed.kind == DocumentType::CreditNote ? listed.credit_note_id.text() : listed.invoice_id.text();
  return invoice_item(question.state(), question.viewer(), InvoiceId(id));
}

/// The documents of the scopes that are seen and are of all that is `wanted`: no others are counted either.
Result<InvoiceListView> list_of_visible(const Question& question, const projections::InvoiceList& list,
                                        const projections::InvoiceQuery& query,
                                        const std::vector<ScopeRef>& wanted, std::size_t limit,
                                        const std::optional<projections::InvoicePlace>& after) {
  constexpr std::size_t kStride = 1000;
  InvoiceListView view;
  std::int64_t total = 0;
  projections::InvoicePlace last;
  std::optional<projections::InvoicePlace> walked;
  do {
    Result<projections::InvoicePage> found = list.page(query, kStride, walked);
    if (!found) return tl::unexpected(found.error());
    for (const projections::ListedInvoice& listed : found->items) {
      std::optional<InvoiceItemView> item = item_of(question, listed);
      if (!item || !is_of_all(*item, wanted)) continue;
      ++total;
      const bool is_behind = !after || listed.issue_date < after->issue_date ||
                             (listed.issue_date == after->issue_date && listed.number < after->number);
      if (!is_behind) continue;
      if (view.items.size() == limit) {
        if (!view.next_cursor) view.next_cursor = ListPlace{last, {}}.text();
        continue;
      }
      view.items.push_back(std::move(*item));
      last = {listed.issue_date, listed.number};
    }
    walked = found->next;
  } while (walked);
  view.total = total;
  return view;
}

Result<InvoiceListView> list(const Question& question, const PageRequest& page) {
  projections::InvoiceQuery query;
  const auto status = question.query_enum<InvoiceStatus>("status");
  const auto type = question.query_enum<InvoiceType>("type");
  const auto from = question.query_date("from");
  const auto to = question.query_date("to");
  const auto kind = document_type(question);
  if (!status) return tl::unexpected(status.error());
  if (!type) return tl::unexpected(type.error());
  if (!from) return tl::unexpected(from.error());
  if (!to) return tl::unexpected(to.error());
  if (!kind) return tl::unexpected(kind.error());
  if (*from && *to && **from > **to) return rejected("BAD_QUERY", "from is after to: to is the first day left out, so give a later one.");
  query.status = *status;
  query.type = *type;
  query.from = *from;
  query.to = *to;
  query.kind = *kind;
  const Result<std::vector<ScopeRef>> wanted = filtered_scopes(question);
  if (!wanted) return tl::unexpected(wanted.error());
  std::optional<std::vector<ScopeRef>> scopes = scopes_of(question, *wanted);
  InvoiceListView view;
  if (scopes && scopes->empty()) {
    view.total = 0;
    return view;
  }
  if (scopes) query.scopes = std::move(*scopes);

  const projections::InvoiceList list(question.host.views().rows(projections::kInvoices), question.reading.position);
  std::optional<projections::InvoicePlace> after;
  if (page.after) {
    const ListPlace began = ListPlace::of(*page.after);
    after = began.place;
    view.total = began.total;
  }
  if (wanted->size() > 1) return list_of_visible(question, list, query, *wanted, page.limit, after);
  if (!question.viewer().is_operator() || question.viewer().tenant) {
    const bool is_mixed = std::any_of(query.scopes.begin(), query.scopes.end(), [&](const ScopeRef& scope) {
      return is_of_several_rules(question.state(), scope);
    });
    if (is_mixed) return list_of_visible(question, list, query, {}, page.limit, after);
  }
  Result<projections::InvoicePage> found = list.page(query, page.limit, after);
  if (!found) return tl::unexpected(found.error());
  for (const projections::ListedInvoice& listed : found->items) {
    std::optional<InvoiceItemView> item = item_of(question, listed);
    if (item) view.items.push_back(std::move(*item));
  }
  if (found->total) view.total = static_cast<std::int64_t>(*found->total);
  if (found->next) view.next_cursor = ListPlace{*found->next, view.total}.text();
  return view;
}

/// The explanation, or the proof, of the invoice in the path.
Result<void> explain(const Question& question, http::Response& response) {
  const Result<InvoiceId> id = question.path_id<InvoiceId>("id");
  if (!id) return tl::unexpected(id.error());
  std::optional<std::string> line;
  if (const auto asked = question.request.query("line")) line = std::string(*asked);
  codec::JsonWriter json(response.body());
  return Explanation{question.host, question.state(), question.viewer()}.explain(*id, line, json);
}

Result<void> prove(const Question& question, http::Response& response) {
  const Result<InvoiceId> id = question.path_id<InvoiceId>("id");
  if (!id) return tl::unexpected(id.error());
  codec::JsonWriter json(response.body());
  return Explanation{question.host, question.state(), question.viewer()}.prove(*id, json);
}

/// Why the invoice differs from an earlier one.
Result<void> compare(const Question& question, http::Response& response) {
  const Result<InvoiceId> id = question.path_id<InvoiceId>("id");
  if (!id) return tl::unexpected(id.error());
  const Result<std::optional<InvoiceId>> earlier = question.query_id<InvoiceId>("from");
  if (!earlier) return tl::unexpected(earlier.error());
  if (!*earlier) return rejected("BAD_QUERY", "from names the earlier invoice.");
  codec::JsonWriter json(response.body());
  return Explanation{question.host, question.state(), question.viewer()}.compare(**earlier, *id, json);
}

http::Doc explain_doc(std::string id, std::string summary, std::vector<http::Parameter> parameters = {}) {
  http::Doc doc = question_doc(std::move(id), std::move(summary), std::move(parameters));
  doc.problems.insert(doc.problems.end(), {"NOT_SUPPORTED", "CORRUPTION"});
  return doc;
}

}  // namespace

void add_invoice_routes(Questions& questions) {
  const http::Auth read = http::Auth::any_of({right::kRead});
  questions.add_list("/v1/invoices", read,
                     question_doc("listInvoices", "Invoices, newest first, with their exact count",
                                  {{"accountId", "of this account"},
                                   {"profileId", "of this billing profile"},
                                   {"enrollmentId", "of this enrollment"},
                                   {"subscriptionId", "of this subscription"},
                                   {"status", "Due, PastDue, Paid, Void or Locked"},
                                   {"type", "AzureServices, AzureMarketplace, AzureSupport, Profile, EnrollmentOverage"},
                                   {"from", "issued on or after this day"},
                                   {"to", "issued before this day"},
                                   {"documentType", "Invoice (default), CreditNote or all"}}),
                     list);
  questions.add("/v1/invoices/{id}", read, question_doc("readInvoice", "One invoice, whole"), [](const Question& q) {
    return q.path_id<InvoiceId>("id").and_then(
        [&](const InvoiceId& id) { return invoice_answer(q.state(), q.viewer(), id); });
  });
  http::Doc explained = explain_doc("explainInvoice", "How each line came about, down to the events",
                                    {{"line", "this line alone, by its lineId"}});
  answer_is<ExplainView>(explained);
  questions.add_file("/v1/invoices/{id}/explain", read, std::move(explained), explain);
  http::Doc changes = explain_doc("compareInvoices", "Why a bill changed, in parts that sum to the difference",
                                  {{"from", "the earlier invoice"}});
  changes.problems.emplace_back("CURRENCY_MISMATCH");
  answer_is<ChangesView>(changes);
  questions.add_file("/v1/invoices/{id}/changes", read, std::move(changes), compare);
  questions.add_file("/v1/invoices/{id}/proof", read,
                     explain_doc("proveInvoice", "The events the invoice was made of, each with its path in the log's tree"),
                     prove);
  questions.add_short_list("/v1/invoices/{id}/emails", read, question_doc("listInvoiceMails", "Mail queued and sent"),
                           [](const Question& q) {
                             return q.path_id<InvoiceId>("id").and_then([&](const InvoiceId& id) {
                               return invoice_mails_answer(q.state(), q.viewer(), id);
                             });
                           });
  questions.add_short_list("/v1/invoices/{id}/notices", read,
                           question_doc("listInvoiceNotices", "Notices: past due, warned, disabled"),
                           [](const Question& q) {
                             return q.path_id<InvoiceId>("id").and_then([&](const InvoiceId& id) {
                               return invoice_notices_answer(q.state(), q.viewer(), id);
                             });
                           });
}

}  // namespace daybook::server
