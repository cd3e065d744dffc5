#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/outcome.h"

/// The sub-commands of `daybook`: what their flags say, and what they do. Results go to stdout, all else to stderr.
namespace daybook::cli {

/// Flags are empty where they were not given: then the configuration says it.
struct ServeOptions {
  std::string directory;
  std::string listen;
  std::string clock;   ///< `system`, `manual`, or empty: as the ledger has it
  std::string config;
};
/// Serves until SIGTERM or SIGINT.
[[nodiscard]] Outcome<void> serve(const ServeOptions& options);

struct KeyCreateOptions {
  std::string directory;
  std::string name;
  std::string rights;  ///< comma-separated
  std::string tenant;  ///< empty: none
};
/// Makes a key while nothing serves the directory, and the ledger where there is none.
[[nodiscard]] Outcome<void> create_key(const KeyCreateOptions& options);

/// Which ledger a command works on: a directory, or a server and a key.
struct LedgerChoice {
  std::string directory;
  std::string url;
  std::string key_file;
};

struct ImportCommandOptions {
  LedgerChoice ledger;
  std::string format;
  std::string file;
  std::string dataset;
  std::string tenant;
  std::string country;
  std::string account_type;
  std::string replace;
  bool strict = false;
  bool dry_run = false;
  bool json = false;
};
/// Takes a cost export, or CloudEvents, in. Broken rows are named on stderr; with any, it ends with 4 after its report.
[[nodiscard]] Outcome<void> import(const ImportCommandOptions& options);

struct RunInvoicingOptions {
  LedgerChoice ledger;
  std::string through;
  bool json = false;
};
[[nodiscard]] Outcome<void> run_invoicing(const RunInvoicingOptions& options);

struct ExportJournalOptions {
  LedgerChoice ledger;
  std::string format;  ///< `hledger` or `beancount`
  std::string from;    ///< the first day; empty: from the beginning
  std::string to;      ///< the first day no more; empty: all there is
};
/// Prints the double entries of the ledger for a bookkeeper's own program.
[[nodiscard]] Outcome<void> export_journal(const ExportJournalOptions& options);

[[nodiscard]] Outcome<void> replay_rebuild(const std::string& directory);
[[nodiscard]] Outcome<void> replay_verify(const std::string& directory);

/// Each prints the verdict about the copy in a line of JSON.
[[nodiscard]] Outcome<void> backup_create(const std::string& directory, const std::string& backup);
[[nodiscard]] Outcome<void> backup_verify(const std::string& backup);
[[nodiscard]] Outcome<void> backup_restore(const std::string& backup, const std::string& directory);

/// Says what is wrong with a configuration file, or that nothing is; empty: the one that would be found.
[[nodiscard]] Outcome<void> config_check(const std::string& file);

struct ConfigShowOptions {
  std::string config;     ///< empty: the one that is found
  std::string directory;  ///< of a ledger that nothing serves; empty: as a new one would have it
  bool origin = false;
  std::string output = "table";  ///< `table`, `toml` or `json`
  bool json = false;
};
/// Prints every setting as it holds.
[[nodiscard]] Outcome<void> config_show(const ConfigShowOptions& options);
/// Prints docs/reference/configuration.md.
[[nodiscard]] Outcome<void> config_reference();

struct DemoOptions {
  std::string listen;  ///< empty: port 8080 of this machine, or any free one
  bool exit = false;   ///< ends after the story
  bool tour = false;   ///< instead of the story, a year of one customer of each account type
};
[[nodiscard]] Outcome<void> demo(const DemoOptions& options);

}  // namespace daybook::cli
