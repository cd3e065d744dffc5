#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulation/sim_disk.h"
#include "tests/simulation/sim_faults.h"

/// What happens in one simulation: a ledger is opened, used and torn down again and again on the same disk. A script is
/// made from a seed, or read from text; nothing else decides what happens.
namespace daybook::simulation {

/// One thing that a client or the ledger's keeper does.
struct Step {
  enum class Kind : std::uint8_t {
    Facts,    ///< `count` facts from number `first` on, in `bodies` bodies of one group
    Again,    ///< `count` facts that were acknowledged are sent once more
    Command,  ///< a command with an Idempotency-Key, number `first`
    Advance,  ///< the clock moves to day `first`; with views everything due is billed on the way
    Keep,     ///< housekeeping, as it comes
    KeepAll,  ///< housekeeping, all of it
    Fold,     ///< views fold what there is
    Meanwhile ///< housekeeping comes between the decision on the next group and its writing
  };
  Kind kind = Kind::Keep;
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  std::uint64_t bodies = 1;
  bool atomic = false;
  friend bool operator==(const Step&, const Step&) = default;
};

/// From one opening to the end of the process.
struct Life {
  enum class End : std::uint8_t {
    Crash,  ///< at once, in the state it is in
    Close   ///< after a proper shutdown; then nothing is lost
  };
  End end = End::Crash;
  Loss loss = Loss::Drop;
  std::uint64_t cut = 0;               ///< the power fails before this change (from 1); 0: at the end
  std::optional<Rule> rule = {};       ///< what goes wrong
  std::optional<std::uint64_t> room = {};  ///< bytes left on the disk
  bool rebuild = false;                ///< views are deleted and must come back as they were
  std::vector<Step> steps = {};
  friend bool operator==(const Life&, const Life&) = default;
};

/// How the ledger is set up.
struct Setup {
  bool raw = false;                   ///< frames uncompressed
  std::size_t tail_keys = 4096;       ///< identities in memory before a run is written
  std::size_t padding = 0;            ///< bytes that a fact carries for nothing
  std::size_t unwritten = 200'000;  ///< LedgerOptions::unwritten_rows
  bool views = false;                 ///< projections are there, and billing runs happen
  friend bool operator==(const Setup&, const Setup&) = default;
};

struct Script {
  Setup setup;
  std::vector<Life> lives;
  friend bool operator==(const Script&, const Script&) = default;
};

/// The script of a seed. A third of all seeds lose power between operations and nothing else goes wrong, a third have one
/// kind of misfortune, the others several.
[[nodiscard]] Script script_of(std::uint64_t seed);

/// One line a life or step, as `parse_script` reads it.
[[nodiscard]] std::string to_text(const Script& script);
/// Throws std::runtime_error, naming the line.
[[nodiscard]] Script parse_script(const std::string& text);

}  // namespace daybook::simulation
