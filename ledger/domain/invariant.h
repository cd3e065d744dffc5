#pragma once

#include <stdexcept>
#include <string>

namespace daybook {

/// A broken invariant: a programmer's mistake, never bad input. Only the engine catches it (a projection
/// halts, a command is refused before anything is written); anywhere else the process ends with 70.
class InvariantBroken : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] inline void broken_invariant(const char* condition, const char* file, int line) {
  throw InvariantBroken(std::string(file) + ":" + std::to_string(line) + ": " + condition);
}

}  // namespace daybook

/// Always on, in release builds too.
#define LEDGER_INVARIANT(condition) \
  ((condition) ? static_cast<void>(0) : ::daybook::broken_invariant(#condition, __FILE__, __LINE__))
