#pragma once

#include <functional>
#include <optional>
#include <string>

#include "ledger/log/log.h"
#include "ledger/log/types.h"
#include "replay/damage.h"

namespace daybook::replay {

/// What `verify` found.
struct Verdict {
  log::Position position = 0;    ///< of the head, when the ledger is sound
  std::optional<Damage> damage;  ///< absent: every byte and hash is as it was written
  /// Not a word about the bytes: the ledger could not be looked at (locked, permissions, a newer format).
  bool looked = true;

  [[nodiscard]] log::ExitCode exit_code() const;
  /// `{"position":N,"ok":true}` or `{"ok":false,"file":…,"from":…,"to":…,"detail":"…"}`, in one line.
  [[nodiscard]] std::string to_json() const;
};

/// What is wrong with the keys of personal values beside `log`, which was opened in `directory`: without them the log is
/// whole and cannot be served. Changes nothing.
[[nodiscard]] std::optional<Damage> fault_of_keys(const std::string& directory, const log::Log& log);

using Progress = std::function<void(log::Position done, log::Position total)>;

/// Reads every byte of the log in `directory`, recomputes leaves, tree and chain, and holds the end against the
/// witness; opens every key of personal values. Views are left alone: they follow from the log.
/// 76 damaged bytes, 7 a chain or hash differs, 77 the witness is ahead or a file is missing. Not a byte of it changes; nobody
/// can serve it meanwhile.
[[nodiscard]] Verdict verify(const std::string& directory, const Progress& progress = {});

/// The same of a copy that nobody serves, without locking it.
[[nodiscard]] Verdict verify_copy(const std::string& directory, const Progress& progress = {});

}  // namespace daybook::replay
