#include "server/app/ledger_host.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include <spdlog/spdlog.h>

#include "projections/all.h"
#include "projections/entities/as_of_reader.h"
#include "projections/entities/entity_rows.h"
#include "projections/row_reader.h"
#include "projections/usage/usage_reader.h"
#include "projections/usage/usage_rows.h"
#include "server/http/message.h"

namespace daybook::server {
namespace {

constexpr std::chrono::seconds kViewPatience{600};
constexpr std::chrono::seconds kKeepEvery{1};
constexpr unsigned kPlanningThreadsAtMost = 8;

void tell_halt(const std::string& view, const std::optional<projections::Halt>& halt) {
  if (!halt) {
    spdlog::info("the view {} goes on", view);
    return;
  }
  spdlog::error("the view {} has stopped at position {}: {}. All others go on, and what needs it shows what was known before; it goes "
                "on from there with a program that can fold the event",
                view, halt->position, halt->reason);
}

}  // namespace

/// What billing runs read: the views, once they have caught up.
class LedgerHost::ViewHistory final : public engine::History {
 public:
  explicit ViewHistory(LedgerHost& host) : host_(host) {}

  Result<void> wait_for(log::Position position) override {
    if (host_.views().wait_for(position, kViewPatience)) return {};
    return failed(ErrorKind::Unavailable, "NOT_YET_VISIBLE",
                  "The views have not folded the newest events; see /v1/projections for what halted them.");
  }
  std::unique_ptr<StateReader> state_at(log::Position position) override {
    return host_.state_at(position);
  }
  std::unique_ptr<UsageSource> usage() override { return host_.usage(); }

 private:
  LedgerHost& host_;
};

LedgerHost::Opened LedgerHost::open(const Options& options) {
  std::unique_ptr<LedgerHost> host(new LedgerHost());
  host->options_ = options;
  log::Seams seams;
  seams.clock = &host->clock_;
  seams.rng = &host->rng_;
  seams.room = options.room.get();
  engine::LedgerOptions ledger_options = options.ledger;
  if (ledger_options.planning_threads == 0) {
    ledger_options.planning_threads = std::clamp(std::thread::hardware_concurrency(), 1u, kPlanningThreadsAtMost);
  }
  engine::Ledger::Opened ledger = engine::Ledger::open(ledger_options, seams);
  if (!ledger) return tl::unexpected(ledger.error());
  host->ledger_ = std::move(*ledger);
  std::vector<projections::Projection> all = projections::all_projections();
  all.insert(all.end(), options.more_views.begin(), options.more_views.end());
  projections::Projections::Options view_options;
  view_options.on_halt = tell_halt;
  Result<std::unique_ptr<projections::Projections>> views = projections::Projections::open(
      host->ledger_->log(), *host->ledger_->log().views(), std::move(all), view_options);
  if (!views) return tl::unexpected(log::OpenError{log::ExitCode::Corruption, views.error().detail});
  host->views_ = std::move(*views);
  if (const Result<void> read = KeyUses::open(*host->ledger_->log().views(), host->key_uses_); !read)
    spdlog::warn("when keys were last used is not known: {}", read.error().detail);
  host->history_ = std::make_unique<ViewHistory>(*host);
  host->ledger_->set_history(host->history_.get());
  host->runner_ = std::make_unique<projections::Runner>(*host->views_);
  host->opened_at_ = host->ledger_->log().position();
  host->ledger_->set_on_committed([host = host.get()](log::Position) {
    host->runner_->wake();
    host->committed_.notify();
  });
  host->ledger_->set_sequenced(true);
  LedgerHost* raw = host.get();
  host->sequencer_ = std::thread([raw] { raw->sequence(); });
  host->keeper_ = std::thread([raw] { raw->keep(); });
  return host;
}

LedgerHost::~LedgerHost() {
  drain();
  {
    const std::lock_guard lock(mutex_);
    stopping_.store(true);
  }
  stop_.notify_all();
  if (keeper_.joinable()) keeper_.join();
  scrubber_.reset();
  runner_.reset();
  if (views_) views_->catch_up();
  if (ledger_) {
    if (Result<void> kept = ledger_->maintain(true); !kept) spdlog::warn("checkpoint at the end: {}", kept.error().detail);
  }
  if (const Result<void> kept = key_uses_.keep(true); !kept) spdlog::warn("when keys were last used: {}", kept.error().detail);
  views_.reset();
}

std::unique_ptr<StateReader> LedgerHost::state_at(log::Position position) const {
  return std::make_unique<projections::AsOfReader>(views_->rows(projections::kEntities), position, &ledger_->sealer());
}

std::unique_ptr<UsageSource> LedgerHost::usage() const {
  return std::make_unique<projections::ViewUsageSource>(views_->rows(projections::kUsage));
}

void LedgerHost::drain() {
  if (ledger_) ledger_->close();
  const std::lock_guard lock(drain_mutex_);
  sequencing_.store(false);
  if (sequencer_.joinable()) sequencer_.join();
}

Result<void> LedgerHost::between_groups(std::function<void()> work) {
  std::packaged_task<void()> task(std::move(work));
  std::future<void> done = task.get_future();
  {
    const std::lock_guard lock(between_mutex_);
    if (sequencer_ended_) return failed(ErrorKind::Unavailable, "OVERLOADED", "The ledger is stopping; ask again when it is back.");
    between_.push_back(std::move(task));
  }
  done.get();
  return {};
}

void LedgerHost::run_between_groups() {
  std::vector<std::packaged_task<void()>> waiting;
  {
    const std::lock_guard lock(between_mutex_);
    waiting.swap(between_);
  }
  for (std::packaged_task<void()>& task : waiting) task();
}

void LedgerHost::sequence() {
  try {
    while (sequencing_.load()) {
      if (ledger_->wait_for_work(100'000)) {
        const http::ReplyBatch answers_together;
        ledger_->commit_group();
      }
      run_between_groups();
    }
    while (ledger_->commit_group()) {
    }
    {
      const std::lock_guard lock(between_mutex_);
      sequencer_ended_ = true;
    }
    run_between_groups();
  } catch (const InvariantBroken& broken) {
    spdlog::critical("an invariant is broken: {}", broken.what());
    std::_Exit(static_cast<int>(log::ExitCode::InvariantBroken));
  }
}

void LedgerHost::keep() {
  bool tells_damage = false;
  while (!stopping_.load()) {
    if (options_.room) options_.room->tend();
    const std::optional<Error> damage = ledger_->log().damage();
    if (damage && !tells_damage) {
      tells_damage = true;
      spdlog::critical("the log is damaged: {}. Nothing more is recorded; what can be read is answered. Keep a copy of the directory as it "
                       "is, then restore a backup or salvage it (docs/operating/worst-hour.md)", damage->detail);
    }
    if (Result<void> kept = ledger_->maintain(); !kept) spdlog::warn("housekeeping: {}", kept.error().detail);
    if (Result<void> kept = key_uses_.keep(false); !kept) spdlog::warn("when keys were last used: {}", kept.error().detail);
    if (performs_due_work_.load() && ready() && !damage) {
      const Result<void> done = ledger_->tick();
      // That the disk is full is said once, by who looks at it.
      if (!done && done.error().code != "INSUFFICIENT_STORAGE") spdlog::warn("what fell due was not done: {}", done.error().detail);
    }
    std::unique_lock lock(mutex_);
    stop_.wait_for(lock, kKeepEvery, [&] { return stopping_.load(); });
  }
}

}  // namespace daybook::server
