#include "server/app/replay_routes.h"

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include "ledger/codec/json_writer.h"
#include "ledger/codec/value_codec.h"
#include "ledger/log/bytes.h"
#include "ledger/log/segment.h"
#include "replay/branch.h"
#include "replay/import.h"
#include "server/app/made_aside.h"
#include "server/app/reading.h"
#include "server/app/replay_wishes.h"
#include "server/auth/gate.h"

namespace daybook::server {
namespace {

/// Makes what a checked wish asks for, at `path`, which is not there yet.
using Make = std::function<Result<std::string>(const std::string& path, const replay::StepProgress& progress)>;

Error corrupt(const std::string& detail) { return Error{ErrorKind::Corruption, "CORRUPTION", detail, {}}; }

/// Errors of opening a ledger are told as what is wrong with its bytes.
Error error_of(const replay::BranchFailure& failure) {
  if (const auto* error = std::get_if<Error>(&failure)) return *error;
  return corrupt(std::get<log::OpenError>(failure).detail);
}

http::Response make_named(LedgerHost& host, Jobs& jobs, const http::Request& request, const std::string& directory,
                          const std::string& name, Make make) {
  if (const Result<void> good = check_name(name); !good) return refuse(good.error(), request, host.ledger().log().position());
  return make_aside(host, jobs, request, directory, "replays",
                    [directory, path = directory + "/" + name, make = std::move(make), id = std::string(request.request_id())](
                        const std::string&, const Jobs::Progress& progress) -> Jobs::Outcome {
                      const auto steps = [&](std::string_view, std::uint64_t done, std::uint64_t total) { progress(done, total); };
                      const Result<void> free = check_free(path);
                      const Result<std::string> made = free ? make(path, steps) : tl::unexpected(free.error());
                      if (made) return {true, *made};
                      return {false, problem_of(told_of_copy(made.error(), directory), id).body()};
                    });
}

Result<ExportWish> export_asked(LedgerHost& host, const http::Request& request) {
  Result<ExportWish> wish = codec::from_json<ExportWish>(request.body().text());
  if (!wish) return wish;
  const log::Position head = host.ledger().log().position();
  const log::Position to = wish->to.value_or(head);
  if (to == 0 || to > head)
    return rejected("INVALID_FIELD", "to is a position up to the newest, " + std::to_string(head) + ".", "/to");
  const log::Position from = wish->from.value_or(1);
  if (from == 0 || from > to) return rejected("INVALID_FIELD", "from is a position from 1 to " + std::to_string(to) + ", where the export ends.", "/from");
  wish->from = from;
  wish->to = to;
  return wish;
}

http::Response start_export(LedgerHost& host, Jobs& jobs, const std::string& directory, const http::Request& request) {
  const Result<ExportWish> wish = export_asked(host, request);
  if (!wish) return refuse(wish.error(), request, host.ledger().log().position());
  const log::SegmentRange range{*wish->from, *wish->to, log::SegmentForm::Signed};
  return make_named(host, jobs, request, directory, wish->name,
                    [&host, range, name = wish->name](const std::string& path, const replay::StepProgress& progress) -> Result<std::string> {
                      const Result<log::Head> head = log::export_segment(
                          host.ledger().log(), path, range,
                          [&](log::Position position) { progress("writing", position - range.from + 1, range.to - range.from + 1); });
                      if (!head) return tl::unexpected(head.error());
                      std::string text;
                      codec::JsonWriter(text).begin_object().key("name").text(name).key("from").number(range.from).key("position")
                          .number(head->position).key("root").text(log::hex(head->root)).end_object();
                      return text;
                    });
}

Result<replay::ImportOptions> import_asked(const std::string& directory, const ImportWish& wish) {
  replay::ImportOptions options;
  if (wish.segments.empty()) return rejected("INVALID_FIELD", "Name the segments, in the order of their positions.", "/segments");
  for (std::size_t i = 0; i < wish.segments.size(); ++i) {
    if (const Result<void> good = check_name(wish.segments[i], "/segments/" + std::to_string(i)); !good)
      return tl::unexpected(good.error());
    options.segments.push_back(directory + "/" + wish.segments[i]);
  }
  if (wish.public_key && !log::from_hex(*wish.public_key, options.public_key.emplace()))
    return rejected("INVALID_FIELD", "A public key is 64 hexadecimal digits, as GET /v1/log/head shows them.", "/publicKey");
  return options;
}

http::Response start_import(LedgerHost& host, Jobs& jobs, const std::string& directory, const http::Request& request) {
  const log::Position position = host.ledger().log().position();
  const Result<ImportWish> wish = codec::from_json<ImportWish>(request.body().text());
  if (!wish) return refuse(wish.error(), request, position);
  Result<replay::ImportOptions> options = import_asked(directory, *wish);
  if (!options) return refuse(options.error(), request, position);
  return make_named(host, jobs, request, directory, wish->name,
                    [options = std::move(*options), name = wish->name, segments = wish->segments](
                        const std::string& path, const replay::StepProgress& progress) -> Result<std::string> {
                      for (std::size_t i = 0; i < segments.size(); ++i) {  // not before: a job ahead of this one may make it
                        std::error_code error;
                        if (!std::filesystem::exists(options.segments[i], error))
                          return failed(ErrorKind::NotFound, "NOT_FOUND", "There is no segment \"" + segments[i] + "\" among the server's replays.");
                      }
                      replay::ImportOptions import = options;
                      import.directory = path;
                      const Result<replay::Verdict> verdict = replay::import_segments(import, progress);
                      if (!verdict) return tl::unexpected(verdict.error());
                      if (verdict->damage) return tl::unexpected(corrupt(verdict->damage->detail));
                      std::string text;
                      codec::JsonWriter(text).begin_object().key("name").text(name).key("position").number(verdict->position)
                          .key("ok").boolean(true).end_object();
                      return text;
                    });
}

http::Response start_branch(LedgerHost& host, Jobs& jobs, const std::string& directory, const http::Request& request) {
  const log::Position position = host.ledger().log().position();
  const Result<BranchWish> wish = codec::from_json<BranchWish>(request.body().text());
  if (!wish) return refuse(wish.error(), request, position);
  const Result<replay::BranchPoint> at = replay::branch_point(wish->at);
  if (!at) return refuse(Error{ErrorKind::Invalid, "INVALID_FIELD", at.error().detail, "/at"}, request, position);
  return make_named(host, jobs, request, directory, wish->name,
                    [&host, at = *at, name = wish->name](const std::string& path, const replay::StepProgress& progress) -> Result<std::string> {
                      const Result<log::Position> leaves = replay::leaving_position(host.ledger().log(), at);  // before all is copied
                      if (!leaves) return tl::unexpected(leaves.error());
                      const auto made = replay::branch_of(copy_of(host), *leaves, path, progress);
                      if (!made) return tl::unexpected(error_of(made.error()));
                      const log::Origin& origin = made->lineage.origins.back();
                      std::string text;
                      codec::JsonWriter json(text);
                      json.begin_object().key("name").text(name).key("ledgerId").text(log::hex(made->lineage.ledger_id));
                      json.key("position").number(made->head.position).key("branchOf").begin_object();
                      json.key("ledgerId").text(log::hex(origin.ledger)).key("position").number(origin.position).end_object();
                      json.end_object();
                      return text;
                    });
}

http::Doc doc_of(std::string id, std::string summary, std::string description) {
  http::Doc doc;
  doc.operation_id = std::move(id);
  doc.summary = std::move(summary);
  doc.description = std::move(description);
  doc.tag = "Log";
  doc.parameters = {{"Idempotency-Key", "1 to 255 visible ASCII characters, new for each request", R"({"type":"string"})", true, true}};
  doc.answers = {{202, "It runs on as a job; Location names it"}};
  doc.problems = {"IDEMPOTENCY_KEY_REQUIRED", "IDEMPOTENCY_KEY_REUSED", "INVALID_FIELD", "NOT_SUPPORTED", "TOO_MANY_EXPENSIVE_REQUESTS"};
  return doc;
}

using Start = http::Response (*)(LedgerHost&, Jobs&, const std::string&, const http::Request&);

}  // namespace

void add_replay_routes(http::Router& router, LedgerHost& host, Jobs& jobs, const std::string& directory) {
  const auto add = [&](std::string path, http::Doc doc, Start start) {
    router.add(http::Route(http::Method::Post, std::move(path), http::Auth::any_of({right::kCommand}),
                           {{"application/json", http::kDefaultBodyLimit, false, {}}}, std::move(doc),
                           http::Pooled{[&host, &jobs, directory, start](const http::Request& request) {
                             const Result<void> may = check_operator(request);
                             return may ? start(host, jobs, directory, request)
                                        : refuse(may.error(), request, host.ledger().log().position());
                           }}));
  };
  add("/v1/replay/exports",
      doc_of("exportLog", "Write the log, or a stretch of it, to a file",
             "The body is {\"name\",\"from\"?,\"to\"?}: a segment of that name where the configuration has `replays` made. The job's "
             "result is {\"name\",\"from\",\"position\",\"root\"}."),
      start_export);
  add("/v1/replay/imports",
      doc_of("importLog", "Make a ledger of exported segments, beside the one that is served",
             "The body is {\"name\",\"segments\",\"publicKey\"?}: segments of those names, in the order of their positions, become a "
             "new directory; every byte, hash and signature is checked. The job's result is {\"name\",\"position\",\"ok\":true}."),
      start_import);
  add("/v1/replay/branches",
      doc_of("makeBranch", "Make a working copy of the ledger as it was",
             "The body is {\"name\",\"at\"}, `at` a position or an RFC 3339 instant. The directory is a ledger of its own with a clock "
             "that is moved by hand. The job's result is {\"name\",\"ledgerId\",\"position\",\"branchOf\"}."),
      start_branch);
}

}  // namespace daybook::server
