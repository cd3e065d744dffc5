#pragma once

#include <string>
#include <vector>

#include "ledger/domain/result.h"
#include "ledger/log/types.h"
#include "projections/engine.h"

namespace daybook::replay {

/// Every view, folded again from the first event beside the live one.
struct Rebuild {
  log::Position position = 0;
  std::vector<projections::Rebuilt> views;

  [[nodiscard]] bool equal() const;
  /// `{"position":N,"projections":[{"name","version","liveHash","rebuiltHash","equal":true}]}`, in one line.
  [[nodiscard]] std::string to_json() const;
};

/// Waits until the live views have folded the whole log, then folds it again and compares; nothing that is live changes.
/// Errors: those of the views; NOT_YET_VISIBLE where a live view does not get to the end of the log.
[[nodiscard]] Result<Rebuild> rebuild(projections::Projections& views, log::Position head,
                                      const projections::Projections::Progress& progress = {});

}  // namespace daybook::replay
