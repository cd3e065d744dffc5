#pragma once

#include <chrono>
#include <span>

#include "cli/config/configuration.h"
#include "cli/outcome.h"
#include "ledger/domain/setting.h"
#include "ledger/engine/ledger.h"
#include "server/app/daemon.h"
#include "server/app/disk_room.h"

namespace daybook::cli {

/// What `[server]` may say, by name: how one process serves a ledger. Unlike policies none of it is recorded.
[[nodiscard]] std::span<const SettingDefinition> server_settings();

/// Where to listen, for whom, and how much at once. Errors: Usage for an address that is none.
[[nodiscard]] Outcome<server::Daemon::Options> daemon_options(const Configuration& configuration);
/// What stays free of the disk.
[[nodiscard]] server::DiskFloor disk_floor(const Configuration& configuration);
/// How often all files are read again; zero: never.
[[nodiscard]] std::chrono::hours scrub_every(const Configuration& configuration);
/// What the process is to stay below, in bytes.
[[nodiscard]] std::size_t memory_bytes(const Configuration& configuration);
/// How much may wait to be recorded, in bytes.
[[nodiscard]] std::size_t queue_bytes(const Configuration& configuration);

}  // namespace daybook::cli
