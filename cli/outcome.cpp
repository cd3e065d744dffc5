#include "cli/outcome.h"

#include "server/http/problem.h"

namespace daybook::cli {
namespace {

ExitCode exit_code_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::Invalid:
    case ErrorKind::Conflict:
      return ExitCode::Conflict;
    case ErrorKind::NotFound:
      return ExitCode::NotFound;
    case ErrorKind::Forbidden:
      return ExitCode::Unauthorised;
    case ErrorKind::Corruption:
      return ExitCode::Corruption;
    case ErrorKind::Unavailable:
    case ErrorKind::Internal:
      return ExitCode::Failed;
  }
  return ExitCode::Failed;
}

}  // namespace

tl::unexpected<Failure> fail(const Error& error) {
  std::string message = std::string(error.code) + ": " + error.detail;
  if (!error.pointer.empty()) message += " (" + error.pointer + ")";
  return tl::unexpected(Failure{exit_code_of(error.kind), std::move(message), http::problem(error, {}).body()});
}

tl::unexpected<Failure> fail(const log::OpenError& error) {
  return fail(error.exit_code, error.detail);
}

ExitCode exit_code_of_status(int status) {
  switch (status) {
    case 404:
      return ExitCode::NotFound;
    case 401:
    case 403:
      return ExitCode::Unauthorised;
    case 400:
    case 409:
    case 422:
      return ExitCode::Conflict;
    default:
      return ExitCode::Failed;
  }
}

}  // namespace daybook::cli
