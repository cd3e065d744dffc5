#include "server/app/corrections_routes.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "ledger/codec/json_writer.h"
#include "ledger/codec/value_codec.h"
#include "ledger/domain/answers/corrections_answer.h"
#include "ledger/domain/views/corrections_view.h"
#include "projections/row_reader.h"
#include "server/app/job_routes.h"
#include "server/app/questions.h"
#include "server/app/reading.h"
#include "server/auth/gate.h"

namespace daybook::server {
namespace {

/// What was asked, checked.
struct AskedCorrections {
  Reading reading;
  std::optional<AccountId> account;
  bool with_rebills = false;
};

Result<AskedCorrections> corrections_asked(LedgerHost& host, const http::Request& request) {
  AskedCorrections asked;
  if (const auto text = request.query("accountId")) {
    Result<AccountId> account = AccountId::parse(*text);
    if (!account) return rejected("BAD_QUERY", "accountId is an identifier: 1 to 128 of A-Z a-z 0-9 . _ : and -.");
    asked.account = std::move(*account);
  }
  const auto rebills = request.query("rebills");
  if (rebills && *rebills != "true" && *rebills != "false") return rejected("BAD_QUERY", "rebills is true or false.");
  asked.with_rebills = rebills == "true";
  Result<Reading> reading = begin_reading(host, request);
  if (!reading) return tl::unexpected(reading.error());
  asked.reading = std::move(*reading);
  return asked;
}

/// The answer as JSON. Errors also: those of views that cannot be read.
Result<std::string> answer(const LedgerHost& host, const AskedCorrections& asked, const AccountProgress& progress) {
  Result<CorrectionsView> view = tl::unexpected(Error{});
  const Result<void> read = projections::reading([&] {
    view = corrections_answer(*asked.reading.state, *host.usage(), asked.account, asked.with_rebills, asked.reading.now, progress);
  });
  if (!read) return tl::unexpected(read.error());
  if (!view) return tl::unexpected(view.error());
  std::string text;
  codec::JsonWriter json(text);
  codec::to_json(*view, json);
  return text;
}

http::Response corrections(LedgerHost& host, Jobs& jobs, std::size_t at_once, const http::Request& request) {
  const log::Position head = host.ledger().log().position();
  Result<AskedCorrections> asked = tl::unexpected(Error{});
  std::size_t accounts = 1;
  const Result<void> read = projections::reading([&] {
    asked = corrections_asked(host, request);
    if (asked && !asked->account) accounts = asked->reading.state->accounts().size();
  });
  if (!read) return refuse(read.error(), request, head);
  if (!asked) return refuse(asked.error(), request, head);
  const log::Position position = asked->reading.position;
  if (wants_job(request)) {
    return answer_as_job(host, jobs, request, position,
                         [&host, kept = std::make_shared<const AskedCorrections>(std::move(*asked)), id = std::string(request.request_id())](
                             const std::string&, const Jobs::Progress& progress) -> Jobs::Outcome {
                           const Result<std::string> text = answer(host, *kept, progress);
                           return text ? Jobs::Outcome{true, *text} : Jobs::Outcome{false, problem_of(text.error(), id).body()};
                         });
  }
  if (accounts > at_once) {
    return refuse(Error{ErrorKind::Invalid, "BAD_QUERY",
                        "The corrections of " + std::to_string(accounts) + " accounts take long: ask with Prefer: respond-async, which "
                        "answers as a job, or of one with accountId.", {}},
                  request, position);
  }
  Result<std::string> text = answer(host, *asked, {});
  if (!text) return refuse(text.error(), request, position);
  http::Response response = http::Response::json(200, std::move(*text));
  set_position(response, position);
  return response;
}

}  // namespace

void add_corrections_routes(http::Router& router, LedgerHost& host, Jobs& jobs, std::size_t at_once) {
  http::Doc doc = question_doc(
      "previewCorrections", "What late, amended and voided usage makes of issued invoices",
      {{"accountId", "of this account; default: of all"},
       {"rebills", "true: also what voiding and billing again makes of those whose prices changed after them"},
       {"asOf", "a position, or an RFC 3339 instant with zone"},
       {"minPosition", "wait until this position shows"},
       {"Prefer", "respond-async: it runs on as a job", R"({"type":"string"})", true},
       {"Idempotency-Key", "of a job: the same request finds it again", R"({"type":"string"})", true}});
  doc.description = "RunInvoicing with corrections issues it, as credit notes and invoices of their own. Of all accounts of a large "
                    "ledger it is a job.";
  answer_is<CorrectionsView>(doc);
  doc.answers.push_back({202, "It runs on as a job; Location names it"});
  router.add(http::Route(http::Method::Get, "/v1/corrections", http::Auth::any_of({right::kLedger}), std::move(doc),
                         http::Pooled{[&host, &jobs, at_once](const http::Request& request) {
                           return corrections(host, jobs, at_once, request);
                         }}));
}

}  // namespace daybook::server
