#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <boost/describe/class.hpp>

#include "ledger/domain/enums.h"
#include "ledger/domain/facts/export_job.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/money.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/scope.h"
#include "ledger/domain/rules/state_kind.h"
#include "ledger/domain/time.h"

namespace daybook {

/// A file that somebody asked for (domain.md 4.9): Requested, Preparing, then Ready, NoData or
/// Failed; after its time Expired. The same wish is the same job, for ever.
struct ExportJob {
  static constexpr StateKind kState = StateKind::ExportJob;

  JobId job_id;
  ScopeRef scope;
  ExportKind kind = ExportKind::UsageV2;
  ExportMetric metric = ExportMetric::ActualCost;
  std::optional<Period> period;
  std::optional<InvoiceId> invoice_id;
  bool final = false;
  Position position = 0;  ///< the file shows the ledger as of this position
  std::optional<IdentityId> requested_by;
  Instant requested_at;  ///< the ledger's clock then: rates of what is not billed are of its day
  ExportState state = ExportState::Requested;
  std::int64_t byte_count = 0;
  std::int64_t row_count = 0;
  std::optional<Money> sum;
  std::vector<std::byte> sha256;
  std::optional<Instant> valid_till;

  /// The state at `now`: a file that is too old is Expired whether or not that has been recorded.
  [[nodiscard]] ExportState state_at(Instant now) const {
    return state == ExportState::Ready && valid_till && *valid_till <= now ? ExportState::Expired
                                                                           : state;
  }

  friend bool operator==(const ExportJob&, const ExportJob&) = default;
};
BOOST_DESCRIBE_STRUCT(ExportJob, (),
                      (job_id, scope, kind, metric, period, invoice_id, final, position,
                       requested_by, requested_at, state, byte_count, row_count, sum, sha256,
                       valid_till))

void apply(ExportJob& job, const ExportRequested& event, const Occurrence& at);
void apply(ExportJob& job, const ExportStarted& event, const Occurrence& at);
void apply(ExportJob& job, const ExportReady& event, const Occurrence& at);
void apply(ExportJob& job, const ExportFailed& event, const Occurrence& at);
void apply(ExportJob& job, const ExportEmpty& event, const Occurrence& at);
void apply(ExportJob& job, const ExportExpired& event, const Occurrence& at);

}  // namespace daybook
