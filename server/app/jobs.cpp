#include "server/app/jobs.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <span>
#include <utility>

#include <spdlog/spdlog.h>

#include "ledger/domain/invariant.h"
#include "ledger/log/bytes.h"
#include "ledger/log/exit_code.h"
#include "server/http/problem.h"

namespace daybook::server {
namespace {

constexpr std::size_t kQueuedMost = 100;
constexpr std::size_t kEndedKept = 1'000;

std::string new_id(log::Rng& rng) {
  std::array<std::byte, 16> bytes{};
  rng.fill(bytes);
  return "job-" + log::hex(bytes);
}

}  // namespace

struct Jobs::Job {
  std::string id;
  Ticket ticket;
  Work work;
  State state = State::Queued;
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  std::string result;
  Ends ends = Ends::Done;
  bool is_cancelled = false;  ///< while it runs
};

std::string_view name(Jobs::State state) {
  switch (state) {
    case Jobs::State::Queued: return "Queued";
    case Jobs::State::Running: return "Running";
    case Jobs::State::Done: return "Done";
    case Jobs::State::Failed: return "Failed";
    case Jobs::State::Cancelled: return "Cancelled";
  }
  return "Failed";
}

Jobs::Jobs(log::Rng& rng) : rng_(rng), worker_([this] { run(); }) {}

Jobs::~Jobs() { stop(); }

Jobs::View Jobs::view_of(const Job& job) const { return {job.id, job.state, job.done, job.total, job.result, false}; }

Result<Jobs::View> Jobs::start(Ticket ticket, Work work, Ends ends) {
  std::shared_ptr<Job> job;
  View view;
  {
    const std::lock_guard lock(mutex_);
    const std::pair key(ticket.owner, ticket.idempotency_key);
    if (const auto known = by_key_.find(key); known != by_key_.end()) {
      const Job& before = *jobs_.find(known->second)->second;
      if (before.ticket.digest != ticket.digest) {
        return rejected("IDEMPOTENCY_KEY_REUSED",
                        "This Idempotency-Key was used with another path or body. Use a new key for a new request.");
      }
      if (before.state != State::Failed && before.state != State::Cancelled) {
        View repeated = view_of(before);
        repeated.is_repeated = true;
        return repeated;
      }
    }
    if (stopping_) return failed(ErrorKind::Unavailable, "OVERLOADED", "The server is stopping; ask again when it is back.");
    if (queue_.size() >= kQueuedMost) {
      return failed(ErrorKind::Unavailable, "TOO_MANY_EXPENSIVE_REQUESTS",
                    "Too many long commands are waiting; ask again when some are through.");
    }
    job = std::make_shared<Job>();
    job->id = new_id(rng_);
    job->ticket = std::move(ticket);
    job->work = std::move(work);
    job->ends = ends;
    jobs_.emplace(job->id, job);
    by_key_[key] = job->id;
    queue_.push_back(job);
    view = view_of(*job);
  }
  wake_.notify_one();
  return view;
}

std::optional<Jobs::View> Jobs::find(std::string_view job_id, std::string_view owner) const {
  const std::lock_guard lock(mutex_);
  const auto found = jobs_.find(job_id);
  if (found == jobs_.end() || found->second->ticket.owner != owner) return std::nullopt;
  return view_of(*found->second);
}

Result<Jobs::View> Jobs::cancel(std::string_view job_id, std::string_view owner) {
  const std::lock_guard lock(mutex_);
  const auto found = jobs_.find(job_id);
  if (found == jobs_.end() || found->second->ticket.owner != owner)
    return failed(ErrorKind::NotFound, "NOT_FOUND", "There is nothing here, or nothing for you to see.");
  const std::shared_ptr<Job> job = found->second;
  if (job->state == State::Queued) {
    std::erase(queue_, job);
    job->work = nullptr;
    end(job, State::Cancelled, {});
  } else if (job->state == State::Running) {
    if (job->ends == Ends::Done)
      return rejected("NOT_SUPPORTED", "This job has begun to record what it does, and goes on to its end.");
    job->is_cancelled = true;
  }
  return view_of(*job);
}

void Jobs::end(const std::shared_ptr<Job>& job, State state, std::string result) {
  job->state = state;
  job->result = std::move(result);
  ended_.push_back(job->id);
  forget_oldest();
}

void Jobs::forget_oldest() {
  while (ended_.size() > kEndedKept) {
    const auto job = jobs_.find(ended_.front());
    const Ticket& ticket = job->second->ticket;
    const auto key = by_key_.find({ticket.owner, ticket.idempotency_key});
    if (key != by_key_.end() && key->second == job->first) by_key_.erase(key);
    jobs_.erase(job);
    ended_.pop_front();
  }
}

void Jobs::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (stopping_) return;
    const std::shared_ptr<Job> job = std::move(queue_.front());
    queue_.pop_front();
    job->state = State::Running;
    const Work work = std::move(job->work);
    lock.unlock();
    Outcome outcome;
    bool is_cut_off = false;
    try {
      outcome = work(job->id, [this, &job](std::uint64_t done, std::uint64_t total) {
        const std::lock_guard progress(mutex_);
        job->done = done;
        job->total = total;
        if (job->ends == Ends::WhenAsked && (job->is_cancelled || stopping_)) throw Cancel();
      });
    } catch (const Cancel&) {
      is_cut_off = true;
    } catch (const InvariantBroken& broken) {
      spdlog::critical("an invariant is broken: {}", broken.what());
      std::_Exit(static_cast<int>(log::ExitCode::InvariantBroken));
    } catch (const std::exception& error) {
      spdlog::error("job {}: {}", job->id, error.what());
      outcome.json = http::problem("INTERNAL", "A fault of this server. Send the command again with the same "
                                   "Idempotency-Key: it goes on where it stopped.", job->id).body();
    }
    lock.lock();
    const State ended = outcome.succeeded ? State::Done : State::Failed;
    end(job, is_cut_off ? State::Cancelled : ended, std::move(outcome.json));
  }
}

void Jobs::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const std::shared_ptr<Job>& job : queue_) job->state = State::Cancelled;
    queue_.clear();
  }
  wake_.notify_all();
  if (worker_.joinable()) worker_.join();
}

}  // namespace daybook::server
