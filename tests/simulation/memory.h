#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/engine/ledger.h"
#include "ledger/log/types.h"

/// What clients remember of a simulated ledger, and what they hold it to.
namespace daybook::simulation {

/// A promise that was not kept.
class Broken : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The ledger's promises, as those who use it see them.
class Memory {
 public:
  /// Commands that were answered.
  struct Answer {
    log::Position first = 0;
    log::Position last = 0;
    std::uint64_t count = 0;
    std::string correlation;
    friend bool operator==(const Answer&, const Answer&) = default;
  };

  // What is sent and answered -----------------------------------------------------------------------

  /// `numbers` are about to be sent in one group; `atomic`: each body whole or not at all, as the ledger decides.
  void sending(const std::vector<std::uint64_t>& numbers, bool atomic);
  void sending_command(std::string_view key) { commands_in_doubt_.insert(std::string(key)); }
  /// The outcome of a fact; `head` is what the ledger says it has recorded. `excused`: something has failed, so
  /// that it may be refused for reasons of ours.
  void answered(std::uint64_t number, engine::FactStatus status, log::Position position, log::Position head, bool excused);
  void answered_command(const std::string& key, const engine::CommandAnswer& answer);
  /// A command that says no; then nothing of it is recorded.
  void refused_command(const std::string& key);

  // What the ledger holds ---------------------------------------------------------------------------

  /// What was recorded since the last time is now known: leaf hashes of `log` up to its head.
  void learn(const log::Log& log);
  /// The ledger has been opened: everything answered is there, once, where it was said to be; nothing is there that
  /// was not sent; of what was sent in one group all or nothing is. Throws Broken.
  void check(const engine::Ledger& ledger);

  [[nodiscard]] std::vector<std::uint64_t> facts_in_doubt() const { return {in_doubt_.begin(), in_doubt_.end()}; }
  [[nodiscard]] std::vector<std::string> commands_in_doubt() const {
    return {commands_in_doubt_.begin(), commands_in_doubt_.end()};
  }
  /// `count` facts that were answered, spread over all of them.
  [[nodiscard]] std::vector<std::uint64_t> some_answered(std::uint64_t count) const;
  [[nodiscard]] log::Position acknowledged() const { return acknowledged_; }

 private:
  struct Found;
  void check_record(const log::RecordView& record, Found& found) const;
  void check_group(const Found& found) const;

  std::map<std::uint64_t, log::Position> facts_;   // answered
  std::map<std::string, Answer> commands_;         // answered, by key
  std::set<std::uint64_t> sent_;                   // ever
  std::set<std::uint64_t> in_doubt_;               // sent, and no answer came
  std::set<std::string> commands_in_doubt_;
  std::vector<std::uint64_t> group_;               // of those in doubt: what was sent last, and was not recorded before
  std::set<std::uint64_t> recorded_;               // in the log when it was last looked through, or answered since
  std::vector<log::Hash> leaves_;                  // of positions 1 …, those that are known
  log::Position acknowledged_ = 0;
  std::uint64_t epoch_ = 0;
};

}  // namespace daybook::simulation
