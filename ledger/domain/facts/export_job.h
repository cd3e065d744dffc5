#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/facts/scope.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/money.h"
#include "ledger/domain/time.h"

/// Files of usage or prices made on request (domain.md 4.9). Stream `ExportJob`.
namespace daybook {

/// A file is wished for.
struct ExportRequested {
  static constexpr EventType kType = EventType::ExportRequested;
  static constexpr StreamType kStream = StreamType::ExportJob;

  JobId job_id;
  ScopeType scope_type{};
  ScopeId scope_id;
  ExportKind kind{};
  ExportMetric metric{};
  std::optional<Period> period{};
  std::optional<InvoiceId> invoice_id{};
  bool final = false;                        ///< false: the period is open or not yet final
  std::uint64_t position = 0;                ///< rows up to here
  std::optional<IdentityId> requested_by{};  ///< absent: the operator

  [[nodiscard]] std::string stream_id() const { return job_id.text(); }
  friend bool operator==(const ExportRequested&, const ExportRequested&) = default;
};
BOOST_DESCRIBE_STRUCT(ExportRequested, (),
                      (job_id, scope_type, scope_id, kind, metric, period, invoice_id, final,
                       position, requested_by))

/// The file is being made.
struct ExportStarted {
  static constexpr EventType kType = EventType::ExportStarted;
  static constexpr StreamType kStream = StreamType::ExportJob;

  JobId job_id;

  [[nodiscard]] std::string stream_id() const { return job_id.text(); }
  friend bool operator==(const ExportStarted&, const ExportStarted&) = default;
};
BOOST_DESCRIBE_STRUCT(ExportStarted, (), (job_id))

/// The file can be fetched until `valid_till`.
struct ExportReady {
  static constexpr EventType kType = EventType::ExportReady;
  static constexpr StreamType kStream = StreamType::ExportJob;

  JobId job_id;
  std::int64_t byte_count = 0;
  std::int64_t row_count = 0;
  std::optional<Money> sum{};
  std::vector<std::byte> sha256{};  ///< of the file, 32 bytes
  Instant valid_till;

  [[nodiscard]] std::string stream_id() const { return job_id.text(); }
  friend bool operator==(const ExportReady&, const ExportReady&) = default;
};
BOOST_DESCRIBE_STRUCT(ExportReady, (), (job_id, byte_count, row_count, sum, sha256, valid_till))

/// The file could not be made; it may be asked for again.
struct ExportFailed {
  static constexpr EventType kType = EventType::ExportFailed;
  static constexpr StreamType kStream = StreamType::ExportJob;

  JobId job_id;
  std::string reason;

  [[nodiscard]] std::string stream_id() const { return job_id.text(); }
  friend bool operator==(const ExportFailed&, const ExportFailed&) = default;
};
BOOST_DESCRIBE_STRUCT(ExportFailed, (), (job_id, reason))

/// There is nothing to export: no file.
struct ExportEmpty {
  static constexpr EventType kType = EventType::ExportEmpty;
  static constexpr StreamType kStream = StreamType::ExportJob;

  JobId job_id;

  [[nodiscard]] std::string stream_id() const { return job_id.text(); }
  friend bool operator==(const ExportEmpty&, const ExportEmpty&) = default;
};
BOOST_DESCRIBE_STRUCT(ExportEmpty, (), (job_id))

/// Somebody fetched the file.
struct ExportDownloaded {
  static constexpr EventType kType = EventType::ExportDownloaded;
  static constexpr StreamType kStream = StreamType::ExportJob;

  JobId job_id;
  std::optional<IdentityId> by{};  ///< absent: the operator

  [[nodiscard]] std::string stream_id() const { return job_id.text(); }
  friend bool operator==(const ExportDownloaded&, const ExportDownloaded&) = default;
};
BOOST_DESCRIBE_STRUCT(ExportDownloaded, (), (job_id, by))

/// The file is gone; asked again it is made again.
struct ExportExpired {
  static constexpr EventType kType = EventType::ExportExpired;
  static constexpr StreamType kStream = StreamType::ExportJob;

  JobId job_id;

  [[nodiscard]] std::string stream_id() const { return job_id.text(); }
  friend bool operator==(const ExportExpired&, const ExportExpired&) = default;
};
BOOST_DESCRIBE_STRUCT(ExportExpired, (), (job_id))

namespace export_job {
using Events = TypeList<ExportRequested, ExportStarted, ExportReady, ExportFailed, ExportEmpty,
                        ExportDownloaded, ExportExpired>;
}  // namespace export_job

}  // namespace daybook
