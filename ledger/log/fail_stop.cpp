#include "ledger/log/fail_stop.h"

#include <atomic>
#include <cstdint>
#include <utility>

#include <unistd.h>

#include "ledger/log/canary.h"
#include "ledger/log/guarded_files.h"

namespace daybook::log {
namespace {

using rocksdb::IOStatus;

/// After a failed sync the kernel may drop the dirty pages and call the next sync a success, so nothing is
/// tried again.
class FailStop final : public FileGuard {
 public:
  explicit FailStop(OnIoFailure on_failure) : on_failure_(std::move(on_failure)) {}

  IOStatus before(FileOp, const std::string& file) override {
    return has_stopped() ? IOStatus::IOError("stopped after an I/O error", file) : IOStatus::OK();
  }

  IOStatus after(FileOp op, const std::string& file, IOStatus outcome) override {
    if (kCanary == Canary::IgnoreReadErrors && op == FileOp::Read) {
      return IOStatus::OK();
    }
    if (outcome.IsIOError() && !outcome.IsPathNotFound() && !has_stopped()) {
      stop({name(op), file, outcome.ToString(), ExitCode::IoError});
    }
    return outcome;
  }

 private:
  enum class Phase : std::uint8_t { Running, Stopping, Stopped };

  /// Whoever asks while the first failure is told waits until that is done, which in production is never: RocksDB, given
  /// the error meanwhile, would go on, and end the process in its own way.
  bool has_stopped() const {
    phase_.wait(Phase::Stopping, std::memory_order_acquire);
    return phase_.load(std::memory_order_acquire) != Phase::Running;
  }

  void stop(const IoFailure& failure) {
    Phase running = Phase::Running;
    if (!phase_.compare_exchange_strong(running, Phase::Stopping, std::memory_order_acq_rel)) {
      [[maybe_unused]] const bool stopped = has_stopped();
      return;
    }
    on_failure_(failure);
    phase_.store(Phase::Stopped, std::memory_order_release);
    phase_.notify_all();
  }

  OnIoFailure on_failure_;
  std::atomic<Phase> phase_{Phase::Running};
};

}  // namespace

void end_process(const IoFailure& failure) {
  const std::string line =
      failure.exit_code == ExitCode::IoError
          ? "daybook: " + failure.operation + " of " + failure.file + " failed: " + failure.reason +
                ". Its outcome is unknown, so nothing more is written or acknowledged. See that the disk is"
                " sound and has room, then start again. (exit 74)\n"
          : "daybook: " + failure.file + ": " + failure.reason + "\n";
  // Not through a logger: it could be waiting for the very disk that failed.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
  ::_exit(static_cast<int>(failure.exit_code));
}

std::shared_ptr<rocksdb::FileSystem> fail_stop_files(std::shared_ptr<rocksdb::FileSystem> files,
                                                     OnIoFailure on_failure) {
  return guarded_files(std::move(files), std::make_shared<FailStop>(std::move(on_failure)));
}

}  // namespace daybook::log
