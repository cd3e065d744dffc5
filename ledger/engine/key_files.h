#pragma once

#include <memory>

#include "ledger/codec/key_store.h"
#include "ledger/log/side_files.h"

namespace daybook::engine {

/// The key store's files in the file system of log and witness: whatever fails there, fails here.
[[nodiscard]] std::unique_ptr<codec::KeyFiles> key_files(log::SideFiles files);

/// The same of a ledger that is only read: what would be written is not.
[[nodiscard]] std::unique_ptr<codec::KeyFiles> key_files_to_read(log::SideFiles files);

}  // namespace daybook::engine
