#pragma once

#include <atomic>
#include <utility>

#include "ledger/log/log.h"
#include "ledger/log/views.h"

namespace daybook::projections {

/// A family in use by readers and perhaps no longer live: dropped with the last of them.
class LiveRows {
 public:
  LiveRows(log::Views& views, log::Family rows, const log::Log& from)
      : family(std::move(rows)), log(from), views_(views) {}
  ~LiveRows() {
    // What cannot be dropped now is dropped at the next open: nothing points to it.
    if (retired_) static_cast<void>(views_.drop(family.name()));
  }
  LiveRows(const LiveRows&) = delete;
  LiveRows& operator=(const LiveRows&) = delete;

  const log::Family family;
  const log::Log& log;  ///< what they were folded from

  void retire() const { retired_ = true; }

 private:
  log::Views& views_;
  mutable std::atomic<bool> retired_{false};
};

}  // namespace daybook::projections
