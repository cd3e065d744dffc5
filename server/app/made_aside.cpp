#include "server/app/made_aside.h"

#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "ledger/codec/json_writer.h"
#include "ledger/log/log_copy.h"
#include "server/app/job_routes.h"
#include "server/app/reading.h"

namespace daybook::server {
namespace {

constexpr std::size_t kNameMax = 100;
constexpr std::string_view kNameLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

}  // namespace

Result<void> check_name(std::string_view name, std::string_view pointer) {
  const bool good = !name.empty() && name.size() <= kNameMax && name.front() != '.' && !name.ends_with(".unfinished") &&
                    !name.ends_with(".origin") && !name.ends_with(".new") && name.find_first_not_of(kNameLetters) == std::string_view::npos;
  if (good) return {};
  return rejected("INVALID_FIELD",
                  "A name is 1 to 100 of A-Z a-z 0-9 . _ -, neither beginning with a dot nor ending with .unfinished, .origin or .new.",
                  std::string(pointer));
}

std::string name_of(Instant now) {
  std::string name;
  codec::JsonWriter(name).instant(now);
  std::erase_if(name, [](char c) { return c == '"' || c == '-' || c == ':'; });
  return name.substr(0, name.find_first_of(".Z")) + "Z";
}

Result<void> check_free(const std::string& path) {
  std::error_code error;
  for (const char* ending : {"", ".unfinished", ".origin", ".new"}) {
    if (!std::filesystem::exists(path + ending, error) && !error) continue;
    return conflict("ALREADY_EXISTS", "There is something of this name, or what was left of an interrupted one; choose another name.");
  }
  return {};
}

Error told_of_copy(Error error, std::string_view directory) {
  const std::string before = std::string(directory) + "/";
  for (std::size_t at = error.detail.find(before); at != std::string::npos; at = error.detail.find(before, at)) {
    error.detail.erase(at, before.size());
  }
  if (error.code != "COPY_FAILED" && error.code != "SEGMENT_NOT_WRITTEN") return error;
  return Error{ErrorKind::Internal, "INTERNAL",
               "The copy could not be made: " + error.detail + ". It was removed, and the ledger is as it was.", {}};
}

replay::BeginCopy copy_of(LedgerHost& host) {
  return [&host](const std::string& where) -> Result<std::unique_ptr<log::LogCopy>> {
    if (Result<void> settled = log::LogCopy::settle(host.ledger().log()); !settled) return tl::unexpected(settled.error());
    Result<std::unique_ptr<log::LogCopy>> copy;
    const Result<void> done = host.between_groups([&] { copy = log::LogCopy::begin(host.ledger().log(), where); });
    return done ? std::move(copy) : tl::unexpected(done.error());
  };
}

Result<void> check_operator(const http::Request& request) {
  const engine::Caller& caller = caller_of(request);
  if (caller.viewer.is_operator() && !caller.tenant) return {};
  return tl::unexpected(
      Error{ErrorKind::Forbidden, "FORBIDDEN", "Only the operator does this, with a key bound to no tenant.", {}});
}

http::Response make_aside(LedgerHost& host, Jobs& jobs, const http::Request& request, const std::string& directory,
                          std::string_view setting, Jobs::Work work) {
  const log::Position head = host.ledger().log().position();
  Result<std::string> key = idempotency_key(request);
  if (!key) return refuse(key.error(), request, head);
  if (directory.empty()) {
    const std::string where = "This server has no place for it; name a directory in its configuration: " + std::string(setting) + " in [server].";
    return refuse(Error{ErrorKind::Invalid, "NOT_SUPPORTED", where, {}}, request, head);
  }
  const Result<Jobs::View> job = jobs.start({caller_of(request).idempotency_owner(), std::move(*key), digest_of(request)}, std::move(work),
                                            Jobs::Ends::WhenAsked);
  return job ? job_accepted(*job, head) : refuse(job.error(), request, head);
}

}  // namespace daybook::server
