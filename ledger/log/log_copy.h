#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "ledger/domain/result.h"

namespace daybook::log {

class Log;

/// A copy of a ledger's directory, taken while the ledger goes on: log, witness, keys and FORMAT as of one group's end.
/// Views are left out; they follow from the log.
///
/// In two steps, so that the ledger stands still for the first one alone: what changes with every group is little and is
/// copied then; the table files of the log never change, and are copied beside whatever happens.
///
/// Nothing here is fail-stop: a full disk at the copy's place costs the copy and nothing else.
/// Errors: ALREADY_EXISTS (there is something in the directory), COPY_FAILED (a file and why).
class LogCopy {
 public:
  /// Writes what the log holds in memory to table files, so that `begin` has little left to copy. Any thread, beside appends.
  [[nodiscard]] static Result<void> settle(const Log& log);
  /// Makes `directory`, which is absent or empty and has a parent. Call it while nothing is appended and no key destroyed;
  /// `log` outlives the copy.
  [[nodiscard]] static Result<std::unique_ptr<LogCopy>> begin(const Log& log, const std::string& directory);
  /// Lets the ledger delete files again. A copy that was not finished is no ledger: FORMAT comes last.
  ~LogCopy();
  LogCopy(const LogCopy&) = delete;
  LogCopy& operator=(const LogCopy&) = delete;

  /// Copies the rest and waits until all of it is on disk; `progress` counts bytes. Any thread.
  [[nodiscard]] Result<void> finish(const std::function<void(std::uint64_t done, std::uint64_t total)>& progress = {});

 private:
  struct State;
  explicit LogCopy(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace daybook::log
