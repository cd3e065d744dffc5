#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/log/frame.h"
#include "ledger/log/log_state.h"
#include "ledger/log/open_error.h"

/// How a ledger is opened, step by step; each step says what it refuses. What log_open.cpp, log_make.cpp and
/// log_prove.cpp share; nobody else includes it.
namespace daybook::log::opening {

/// Where everything lies.
struct Paths {
  explicit Paths(const std::string& directory)
      : format(directory + "/FORMAT"),
        log(directory + "/log"),
        witness(directory + "/witness"),
        keys(directory + "/keys"),
        signing_key(directory + "/keys/log_signing"),
        views(directory + "/views") {}

  std::string format;
  std::string log;
  std::string witness;
  std::string keys;
  std::string signing_key;
  std::string views;
};

[[nodiscard]] inline tl::unexpected<OpenError> io_error(const std::string& path, const rocksdb::Status& status) {
  return refuse(ExitCode::IoError, path + ": " + status.ToString());
}

[[nodiscard]] inline tl::unexpected<OpenError> damaged(const Error& error) {
  return refuse(error.code == "LOG_FORMAT_NEWER" ? ExitCode::Format : ExitCode::Corruption,
                error.detail);
}

/// Opens DIR/log into `state.rows`. Errors: HistoryLost where it is missing, Corruption, IoError.
[[nodiscard]] Opening<void> open_database(Log::State& state, const std::string& path,
                                          rocksdb::FileSystem& files, bool create);

/// Makes what is not there yet of a ledger in which nothing has happened. The order is in
/// docs/reference/log_format.md, section 1: FORMAT comes last, so without it nothing ever happened.
[[nodiscard]] Opening<void> make_ledger(Log::State& state, const Paths& paths, Rng& rng);

/// The log must go at least as far as the witness, through the same group, and no more than two groups on.
/// Appends to `ends` the heads that end the witness's group and those after it.
[[nodiscard]] Opening<void> hold_against_witness(const Log::State& state,
                                                 const std::optional<FrameHead>& last,
                                                 std::vector<FrameHead>& ends);

/// The tree from views/ if the chain agrees with it at `ends`, else from the log.
[[nodiscard]] Opening<void> prove_tree(Log::State& state, const std::vector<FrameHead>& ends);

}  // namespace daybook::log::opening
