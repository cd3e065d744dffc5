#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/money.h"
#include "ledger/domain/time.h"

namespace daybook {

/// `GET /v1/exports/{jobId}`.
struct ExportView {
  JobId job_id;
  ExportState state = ExportState::Requested;
  ExportKind kind = ExportKind::UsageV2;
  ScopeType scope_type = ScopeType::Subscription;
  std::string scope_id;
  ExportMetric metric = ExportMetric::ActualCost;
  std::optional<Period> period;
  std::optional<InvoiceId> invoice_id;
  bool final = false;  ///< false: the period is open or may still change
  std::optional<std::int64_t> row_count;
  std::optional<std::int64_t> byte_count;
  std::optional<Money> sum;
  std::optional<std::string> sha256;  ///< of the file, in hexadecimal
  std::uint64_t position = 0;
  std::optional<Instant> valid_till;

  friend bool operator==(const ExportView&, const ExportView&) = default;
};
BOOST_DESCRIBE_STRUCT(ExportView, (),
                      (job_id, state, kind, scope_type, scope_id, metric, period, invoice_id, final,
                       row_count, byte_count, sum, sha256, position, valid_till))

}  // namespace daybook
