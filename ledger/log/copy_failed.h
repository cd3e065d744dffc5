// What is said when a copy of a ledger cannot be written.
#pragma once

#include <string>

#include <rocksdb/status.h>

#include "ledger/domain/result.h"

namespace daybook::log {

/// COPY_FAILED (Internal): `path` is the file that was being written or read, `why` what the system said of it.
[[nodiscard]] inline tl::unexpected<Error> copy_failed(const std::string& path, const std::string& why) {
  return failed(ErrorKind::Internal, "COPY_FAILED", path + ": " + why);
}
[[nodiscard]] inline tl::unexpected<Error> copy_failed(const std::string& path, const rocksdb::Status& why) {
  return copy_failed(path, why.ToString());
}

}  // namespace daybook::log
