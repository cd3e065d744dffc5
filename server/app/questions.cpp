#include "server/app/questions.h"

#include <algorithm>

#include "ledger/domain/days_kept.h"

namespace daybook::server {
namespace {

constexpr std::size_t kDefaultLimit = 100;
constexpr std::size_t kMostLimit = 1'000;

/// Path and filters, always written the same way, without what differs from page to page.
std::string question_text(const http::Request& request) {
  std::vector<std::string> filters;
  for (const http::QueryPair& pair : request.query_pairs()) {
    if (pair.name == "cursor" || pair.name == "limit" || pair.name == "minPosition") continue;
    filters.push_back(std::string(pair.name) + "=" + std::string(pair.value));
  }
  std::sort(filters.begin(), filters.end());
  std::string text(request.target().substr(0, request.target().find('?')));
  for (const std::string& filter : filters) text += "&" + filter;
  return text;
}

std::string caller_text(const http::Request& request) {
  const engine::Caller& caller = caller_of(request);
  return caller.key_id + "|" + (caller.viewer.identity ? caller.viewer.identity->text() : "") + "|" +
         (caller.viewer.tenant ? caller.viewer.tenant->text() : "");
}

projections::CursorSeal::Secret drawn(log::Rng& rng) {
  projections::CursorSeal::Secret secret{};
  rng.fill(std::as_writable_bytes(std::span(secret)));
  return secret;
}

}  // namespace

Result<std::optional<Date>> Question::query_date(std::string_view name) const {
  const auto text = request.query(name);
  if (!text) return std::optional<Date>();
  const Result<Date> date = Date::parse(*text);
  if (!date) return rejected("BAD_QUERY", std::string(name) + " is a date such as 2024-03-05.");
  if (name == "period" && !is_kept(*date)) {
    return rejected("BAD_QUERY", "period is a date from " + kFirstDayKept.text() + " to " + kLastDayKept.text() + "; check the year.");
  }
  return std::optional<Date>(*date);
}

Paging::Paging(log::Rng& rng) : seal_(drawn(rng)) {}

Result<std::optional<projections::CursorContent>> Paging::open(const http::Request& request) const {
  const auto cursor = request.query("cursor");
  if (!cursor) return std::optional<projections::CursorContent>();
  Result<projections::CursorContent> content = seal_.open(*cursor, question_text(request), caller_text(request));
  if (!content) return tl::unexpected(content.error());
  return std::optional<projections::CursorContent>(std::move(*content));
}

std::string Paging::seal(const http::Request& request, log::Position position, std::string place) const {
  return seal_.seal({position, std::move(place)}, question_text(request), caller_text(request));
}

http::Doc question_doc(std::string id, std::string summary, std::vector<http::Parameter> parameters) {
  http::Doc doc;
  doc.operation_id = std::move(id);
  doc.summary = std::move(summary);
  doc.tag = "Questions";
  doc.parameters = std::move(parameters);
  doc.answers = {{200, "The answer, with its position in Daybook-Position"}};
  doc.problems = {"NOT_FOUND", "BAD_QUERY", "NOT_YET_VISIBLE"};
  return doc;
}

void Questions::add_route(std::string path, http::Auth auth, http::Doc doc, bool is_list, Writer writer) {
  add_filled(std::move(path), std::move(auth), std::move(doc), is_list,
             [writer = std::move(writer)](const Question& question, const PageRequest& page, http::Response& response) {
               codec::JsonWriter json(response.body());
               std::optional<std::string> next;
               return writer(question, page, json, next);
             });
}

void Questions::add_file(std::string path, http::Auth auth, http::Doc doc, Filler fill) {
  add_filled(std::move(path), std::move(auth), std::move(doc), false,
             [fill = std::move(fill)](const Question& question, const PageRequest&, http::Response& response) {
               return fill(question, response);
             });
}

void Questions::add_filled(std::string path, http::Auth auth, http::Doc doc, bool is_list, PageFiller fill) {
  doc.parameters.push_back({"asOf", "a position, or an RFC 3339 instant with zone"});
  doc.parameters.push_back({"minPosition", "wait until this position shows"});
  if (is_list) {
    doc.parameters.push_back({"limit", "at most 1,000; 100 by default", R"({"type":"integer","minimum":1})"});
    doc.parameters.push_back({"cursor", "nextCursor of the page before"});
  }
  LedgerHost& host = host_;
  auto answer = [&host, paging = paging_, is_list, fill = std::move(fill)](const http::Request& request) {
    const log::Position head = host.ledger().log().position();
    Result<std::optional<projections::CursorContent>> cursor = paging->open(request);
    if (!cursor) return refuse(cursor.error(), request, head);
    PageRequest page;
    if (is_list) {
      const Result<std::size_t> limit = limit_of(request, kDefaultLimit, kMostLimit);
      if (!limit) return refuse(limit.error(), request, head);
      page.limit = *limit;
      if (*cursor) page.after = (*cursor)->place;
    }
    Result<http::Response> made = projections::reading([&]() -> http::Response {
      const Result<Reading> reading =
          *cursor ? reading_at(host, request, (*cursor)->position) : begin_reading(host, request);
      if (!reading) return refuse(reading.error(), request, head);
      const std::unique_ptr<UsageSource> usage = host.usage();
      http::Response response = http::Response::json(200, {});
      const Question question{request, *reading, *usage, host};
      if (Result<void> written = fill(question, page, response); !written) {
        return refuse(written.error(), request, reading->position);
      }
      set_position(response, reading->position);
      return response;
    });
    return made ? std::move(*made) : refuse(made.error(), request, head);
  };
  router_.add(http::Route(http::Method::Get, std::move(path), std::move(auth), std::move(doc), http::Pooled{answer}));
}

}  // namespace daybook::server
