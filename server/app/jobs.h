#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <condition_variable>

#include "ledger/domain/result.h"
#include "ledger/log/rng.h"

namespace daybook::server {

/// Commands that run on while nobody waits for them (`Prefer: respond-async`), one after another.
///
/// A job lives as long as the process. What it wrote stands in the log; a command that the end of the process cut
/// off goes on when it is sent again under its Idempotency-Key.
class Jobs {
 public:
  enum class State : std::uint8_t {
    Queued,
    Running,
    Done,       ///< `result` is the command's answer
    Failed,     ///< `result` is a problem document
    Cancelled,  ///< the server stopped before it began
  };
  /// What a job looks like now.
  struct View {
    std::string job_id;
    State state = State::Queued;
    std::uint64_t done = 0;
    std::uint64_t total = 0;  ///< 0: not known
    std::string result;       ///< JSON; empty while there is none
  };
  struct Outcome {
    bool succeeded = false;
    std::string json;
  };
  using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;
  /// `job_id` for what it says about itself.
  using Work = std::function<Outcome(const std::string& job_id, const Progress& progress)>;
  /// Whose job it is, and the request that asked for it.
  struct Ticket {
    std::string owner;
    std::string idempotency_key;
    std::string digest;
  };

  explicit Jobs(log::Rng& rng);
  ~Jobs();
  Jobs(const Jobs&) = delete;
  Jobs& operator=(const Jobs&) = delete;

  /// Queues it, or finds the job of the same request that has not failed. Errors: IDEMPOTENCY_KEY_REUSED;
  /// TOO_MANY_EXPENSIVE_REQUESTS; OVERLOADED (the server stops).
  [[nodiscard]] Result<View> start(Ticket ticket, Work work);
  /// Nothing where there is no such job of this owner.
  [[nodiscard]] std::optional<View> find(std::string_view job_id, std::string_view owner) const;
  /// Whether the server stops: long work that changes nothing of the ledger may end then.
  [[nodiscard]] bool stopping() const;
  /// Cancels what has not begun and waits for the one that runs: close the ledger first, then it ends soon.
  void stop();

 private:
  struct Job;
  void run();
  [[nodiscard]] View view_of(const Job& job) const;
  void forget_oldest();

  log::Rng& rng_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::map<std::string, std::shared_ptr<Job>, std::less<>> jobs_;
  std::map<std::pair<std::string, std::string>, std::string> by_key_;  ///< owner and Idempotency-Key: jobId
  std::deque<std::shared_ptr<Job>> queue_;
  std::deque<std::string> ended_;  ///< oldest first
  std::thread worker_;
};

[[nodiscard]] std::string_view name(Jobs::State state);

}  // namespace daybook::server
