#pragma once

#include <memory>

#include "ledger/codec/key_store.h"
#include "ledger/log/log.h"
#include "ledger/log/side_files.h"

namespace daybook::engine {

/// The key store's files in the file system of log and witness: whatever fails there, fails here.
[[nodiscard]] std::unique_ptr<codec::KeyFiles> key_files(log::SideFiles files);

/// The keys beside `log`, as it was opened; where it is only read what would be written is not. Errors: as KeyStore::open.
[[nodiscard]] Result<std::unique_ptr<codec::KeyStore>> open_keys(const log::Log& log, const log::Options& options);

}  // namespace daybook::engine
