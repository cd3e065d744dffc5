#pragma once

#include <optional>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/facts/scope.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/time.h"

/// Wishes for files.
namespace daybook {

/// The current period where neither `invoice_id` nor `period` is given.
struct RequestExport {
  static constexpr CommandType kType = CommandType::RequestExport;

  ScopeType scope_type{};
  ScopeId scope_id;
  ExportKind kind{};
  std::optional<InvoiceId> invoice_id{};
  std::optional<Date> period{};          ///< any date in it
  std::optional<ExportMetric> metric{};  ///< absent: ActualCost

  friend bool operator==(const RequestExport&, const RequestExport&) = default;
};
BOOST_DESCRIBE_STRUCT(RequestExport, (), (scope_type, scope_id, kind, invoice_id, period, metric))

namespace export_job {
using Commands = TypeList<RequestExport>;
}  // namespace export_job

}  // namespace daybook
