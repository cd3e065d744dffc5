#pragma once

#include <functional>
#include <string>

#include <CLI/CLI.hpp>

#include "cli/commands/commands.h"

namespace daybook::cli {

/// Every sub-command with its flags: its words fill the options, and what was asked for is left in `run`.
class CommandTree {
 public:
  explicit CommandTree(const std::string& version);

  CLI::App app;
  std::function<Outcome<void>()> run;
  bool quiet = false;
  bool verbose = false;

 private:
  /// A sub-command whose help begins with two examples.
  static CLI::App* command(CLI::App& under, const std::string& name, const std::string& what, const std::string& first,
                           const std::string& second);
  static void add_ledger(CLI::App* to, LedgerChoice& choice);

  void add_serve();
  void add_demo();
  void add_doctor();
  void add_key();
  void add_import();
  void add_run_invoicing();
  void add_export();
  void add_config();
  // What works on the log itself (command_tree_replay.cpp).
  void add_backup();
  void add_rescue();
  void add_replay();
  void add_what_if(CLI::App& replay);
  void add_correct(CLI::App& replay);
  void add_segments(CLI::App& replay);
  void add_branch(CLI::App& replay);
  void add_explain(CLI::App& replay);
  void add_changes(CLI::App& replay);
  void add_history(CLI::App& replay);
  void add_proof();
};

}  // namespace daybook::cli
