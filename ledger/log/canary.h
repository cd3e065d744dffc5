#pragma once

/// Bugs that are planted on purpose, one in a build, to see that the tests notice them: tests/canaries. No build that
/// anybody uses has one; CMake refuses them in releases.
namespace daybook::log {

enum class Canary {
  None,
  SkipSync,           ///< groups are written without a sync
  AcknowledgeAnyway,  ///< groups are acknowledged, whatever came of writing them
  TwoBatches,         ///< a group is written in two halves
  ForgetIdentities,   ///< after a restart identities that are not yet in a run are unknown
  SkipDirectorySync,  ///< the entry of a new witness, FORMAT or key file is not synced
  IgnoreReadErrors,   ///< what could not be read counts as read
  ScanOffByOne,       ///< a scan ends one event early
  CheckpointFirst,    ///< the books' checkpoint reaches the disk before their rows
  ChainOfLengths,     ///< the chain covers how many events there were, and not which
  SyncAgain           ///< a failed sync is tried again
};

#ifndef DAYBOOK_CANARY
#define DAYBOOK_CANARY None
#endif
constexpr Canary kCanary = Canary::DAYBOOK_CANARY;  // of this file alone: billing_canary

}  // namespace daybook::log
