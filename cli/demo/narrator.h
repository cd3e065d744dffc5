#pragma once

#include <string>
#include <string_view>

#include "cli/json_value.h"
#include "cli/server_target.h"
#include "ledger/domain/decimal.h"

namespace daybook::cli {

/// Tells a story on stdout while it happens in a ledger: everything goes in and comes out over HTTP with one key, and no
/// figure is printed that is not an answer's.
class Narrator {
 public:
  explicit Narrator(ServerTarget& ledger) : ledger_(ledger) {}

  /// A heading, numbered.
  void chapter(std::string_view title);
  /// A line of the story.
  void say(std::string_view text) const;

  /// Posts a fact that happened at noon of `day`; `data` is JSON. Gives its position.
  [[nodiscard]] Outcome<std::uint64_t> fact(std::string_view type, std::string_view day, std::string_view data);
  /// Performs a command.
  [[nodiscard]] Outcome<JsonValue> wish(std::string_view name, const std::string& body);
  /// Moves the clock to 00:00Z of `day`; with `run`, everything that falls due on the way is done.
  [[nodiscard]] Outcome<void> clock(std::string_view day, bool run = true);
  [[nodiscard]] Outcome<JsonValue> ask(const std::string& path) { return ledger_.get(path); }
  [[nodiscard]] ServerTarget& ledger() { return ledger_; }

 private:
  ServerTarget& ledger_;
  int chapters_ = 0;
  int facts_ = 0;
};

}  // namespace daybook::cli
