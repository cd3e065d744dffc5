#pragma once

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

#include "ledger/log/exit_code.h"

namespace rocksdb {
class FileSystem;
}

namespace daybook::log {

/// The file operation that failed under log/, witness or keys/; its outcome is unknown. Or the sign that
/// another process has taken the ledger over ("fence", Locked).
struct IoFailure {
  std::string operation;  ///< "write", "sync", …
  std::string file;
  std::string reason;
  ExitCode exit_code = ExitCode::IoError;
};

/// Called once for the first failure. In production (`end_process`) it does not return. A test may pass
/// one that does: then the status goes up, `Log::append` throws FailStopped, and so does every later call.
using OnIoFailure = std::function<void(const IoFailure&)>;

/// Says what happened on stderr and ends the process with `exit_code`, at once: no destructor, no flush, no
/// retry.
[[noreturn]] void end_process(const IoFailure& failure);

/// Thrown in tests alone, where OnIoFailure returns. Nothing was acknowledged.
class FailStopped : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// `files`, with every I/O error but "not found" handed to `on_failure` before anyone else sees it. After
/// the first failure every further operation fails without touching the disk: a second fsync on the same
/// data would succeed without having written it.
[[nodiscard]] std::shared_ptr<rocksdb::FileSystem> fail_stop_files(
    std::shared_ptr<rocksdb::FileSystem> files, OnIoFailure on_failure);

}  // namespace daybook::log
