#pragma once

#include <cstdint>
#include <deque>
#include <exception>
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
    Cancelled,  ///< somebody did, or the server stopped; of one that had begun, what it made is taken away
  };
  /// Whether work that has begun may be cut off. Commands go on to their end: what they wrote stays.
  enum class Ends : std::uint8_t { Done, WhenAsked };
  /// Thrown to work that was cancelled, from where it says how far it is.
  class Cancel : public std::exception {};
  /// What a job looks like now.
  struct View {
    std::string job_id;
    State state = State::Queued;
    std::uint64_t done = 0;
    std::uint64_t total = 0;  ///< 0: not known
    std::string result;       ///< JSON; empty while there is none
    bool is_repeated = false; ///< an answer to a request that was sent before
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

  /// Queues it, or finds the job of the same request that neither failed nor was cancelled. Errors: IDEMPOTENCY_KEY_REUSED;
  /// TOO_MANY_EXPENSIVE_REQUESTS; OVERLOADED (the server stops).
  [[nodiscard]] Result<View> start(Ticket ticket, Work work, Ends ends = Ends::Done);
  /// Nothing where there is no such job of this owner.
  [[nodiscard]] std::optional<View> find(std::string_view job_id, std::string_view owner) const;
  /// Cancels a job that waits; one that runs ends at its next step, where its kind allows. One that is over stays as it is.
  /// Errors: NOT_FOUND; NOT_SUPPORTED for one that runs and goes on to its end.
  [[nodiscard]] Result<View> cancel(std::string_view job_id, std::string_view owner);
  /// Cancels what has not begun and waits for the one that runs: close the ledger first, then it ends soon.
  void stop();

 private:
  struct Job;
  void run();
  [[nodiscard]] View view_of(const Job& job) const;
  void forget_oldest();
  void end(const std::shared_ptr<Job>& job, State state, std::string result);

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
