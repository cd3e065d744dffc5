#pragma once

namespace daybook::log {

/// How a process of Daybook ends. A supervisor restarts after 70 and 74 only.
/// 1–7 are those of the command line; 70 and up say what is wrong with the ledger.
enum class ExitCode : int {
  Clean = 0,
  Failed = 1,
  Usage = 2,
  NotFound = 3,
  Conflict = 4,
  Unauthorised = 5,
  Unreachable = 6,
  IntegrityFailed = 7,   ///< a chain, hash or rebuilt view differs
  InvariantBroken = 70,  ///< a fault of ours; nothing wrong was written
  Permissions = 71,      ///< others can read or write the directory
  Locked = 73,           ///< another process has the ledger, or took it over (a higher epoch)
  IoError = 74,          ///< a read, write or sync failed; its outcome is unknown; safe to restart
  DiskFull = 75,         ///< below the floor at start
  Corruption = 76,       ///< stored bytes are damaged
  HistoryLost = 77,      ///< the log ends below its witness, or a file of the ledger is missing
  Format = 78,           ///< written by a newer version, or the configuration is wrong
};

}  // namespace daybook::log
