#pragma once

#include "ledger/codec/seal.h"
#include "ledger/domain/files/file_row.h"
#include "ledger/log/log.h"

namespace daybook::engine {

/// Usage as it was posted, read from the log. For any thread.
class LogUsageRecords final : public UsageRecords {
 public:
  LogUsageRecords(const log::Log& log, const codec::Sealer& sealer) : log_(log), sealer_(sealer) {}

  [[nodiscard]] Result<PostedUsage> posted(Position position) const override;

 private:
  const log::Log& log_;
  const codec::Sealer& sealer_;
};

}  // namespace daybook::engine
