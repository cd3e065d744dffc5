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
  bool read_only = false;  ///< nothing is recorded, and a full disk does not keep it from starting
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

/// Draws a new key for signing heads while nothing serves the directory.
[[nodiscard]] Outcome<void> rotate_signing_key(const std::string& directory);

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

struct ExplainOptions {
  LedgerChoice ledger;
  std::string invoice;
  std::string line;   ///< empty: every line
  std::string as_of;  ///< a position or an instant; empty: now
  bool json = false;
  bool proof = false;
};
/// Tells how an invoice came about, or prints the proof of it.
[[nodiscard]] Outcome<void> replay_explain(const ExplainOptions& options);

struct ChangesOptions {
  LedgerChoice ledger;
  std::string earlier;
  std::string later;
  std::string as_of;  ///< a position or an instant; empty: now
  bool json = false;
};
/// Tells why a bill changed.
[[nodiscard]] Outcome<void> replay_changes(const ChangesOptions& options);

struct DiffOptions {
  LedgerChoice ledger;
  std::string from;  ///< a position or an instant
  std::string to;
  bool json = false;
};
/// Tells what changed between two positions.
[[nodiscard]] Outcome<void> replay_diff(const DiffOptions& options);

struct BisectOptions {
  LedgerChoice ledger;
  std::string invoice;       ///< one of these three
  std::string subscription;
  std::string profile;
  std::string period;        ///< of the last two, a day in it; empty: the current one
  std::string when;          ///< `total > 100`
  bool json = false;
};
/// Tells the first event after which it was so.
[[nodiscard]] Outcome<void> replay_bisect(const BisectOptions& options);

struct AsOfOptions {
  LedgerChoice ledger;
  std::string at;    ///< a position or an instant
  std::string path;  ///< of a question, without /v1
};
/// Prints the answer to a question as it was then.
[[nodiscard]] Outcome<void> replay_as_of(const AsOfOptions& options);

struct WhatIfOptions {
  LedgerChoice ledger;
  std::string prices;  ///< the file; empty: none
  std::string from;    ///< the first day on which a period may begin
  std::string to;      ///< the first day on which none may
  std::string as_of;   ///< a position or an instant; empty: now
  std::string movers;  ///< so many; empty: ten
  std::string format;  ///< `text`, `csv` or `json`
  std::string policies;  ///< a configuration file, of which `[policies]` is tried; empty: none
  std::string rounding;  ///< how documents round; empty: as they do
  std::vector<std::string> free_units;  ///< `METER=QUANTITY`, or a quantity for every meter
};
/// Tells what usage would have cost by other prices and policies.
[[nodiscard]] Outcome<void> replay_what_if(const WhatIfOptions& options);

struct CorrectOptions {
  LedgerChoice ledger;
  std::string account;  ///< empty: all
  bool all = false;
  bool preview = false;
  bool issue = false;
  bool rebills = false;
  bool json = false;
};
/// Tells what late, amended and voided usage makes of issued invoices, or issues it as notes.
[[nodiscard]] Outcome<void> replay_correct(const CorrectOptions& options);

struct ProofCheckOptions {
  std::string file;
  std::string public_key;  ///< hexadecimal; empty: the one in the proof
};
/// Checks a proof of an invoice, or the history of an account, with nothing but its file; 7 where something in it does not hold.
[[nodiscard]] Outcome<void> proof_check(const ProofCheckOptions& options);

[[nodiscard]] Outcome<void> replay_rebuild(const std::string& directory);
[[nodiscard]] Outcome<void> replay_verify(const std::string& directory);

struct ExportOptions {
  LedgerChoice ledger;
  std::string file;
  std::string from;      ///< the first position; empty: 1
  std::string to;        ///< the last one; empty: the newest
  std::string account;   ///< empty: the log
};
/// Writes the log, or a stretch of it, to a segment file (docs/reference/log_format.md, section 8), or the history of an
/// account with what proves it.
[[nodiscard]] Outcome<void> replay_export(const ExportOptions& options);

struct ImportSegmentsOptions {
  std::vector<std::string> files;
  std::string directory;
  std::string url;         ///< refused, with what to do instead
  std::string key_file;    ///< of a server, which does not import
  std::string keys;        ///< keys/ of the ledger that was exported; empty: new ones
  std::string public_key;  ///< hexadecimal; empty: any
};
/// Makes a ledger of segment files; prints the verdict in a line of JSON.
[[nodiscard]] Outcome<void> replay_import(const ImportSegmentsOptions& options);

struct BranchOptions {
  LedgerChoice ledger;
  std::string at;      ///< a position or an instant
  std::string to;      ///< the branch's directory; of a server its name where it makes them
  std::string run_to;  ///< a day, empty: none: everything that falls due by then is performed in it
};
/// Makes a working copy of a ledger as it was, with a clock that is moved by hand.
[[nodiscard]] Outcome<void> replay_branch(const BranchOptions& options);

/// Each prints the verdict about the copy in a line of JSON.
struct BackupCreateOptions {
  LedgerChoice ledger;
  std::string backup;  ///< a new directory; of a server the name of one where it makes them, empty: it names it itself
};
[[nodiscard]] Outcome<void> backup_create(const BackupCreateOptions& options);
[[nodiscard]] Outcome<void> backup_verify(const std::string& backup);
[[nodiscard]] Outcome<void> backup_restore(const std::string& backup, const std::string& directory);

struct RecoverOptions {
  std::string directory;  ///< of a copy
  bool tail = false;
};
/// Makes a copy of a ledger that ends in damage open again, where nothing that was acknowledged is in the damage.
[[nodiscard]] Outcome<void> recover(const RecoverOptions& options);

/// Writes what can still be read of a damaged ledger to a new directory, and names what cannot.
[[nodiscard]] Outcome<void> salvage(const std::string& directory, const std::string& target);

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

struct DoctorOptions {
  std::string directory;  ///< empty: as the configuration says
  std::string config;     ///< empty: the one that is found
  bool json = false;
};
/// Looks at everything that `serve` needs and tells what is amiss; ends as the first fault would end `serve`.
[[nodiscard]] Outcome<void> doctor(const DoctorOptions& options);

struct DemoOptions {
  std::string listen;  ///< empty: port 8080 of this machine, or any free one
  bool exit = false;   ///< ends after the story
  bool tour = false;   ///< instead of the story, a year of one customer of each account type
};
[[nodiscard]] Outcome<void> demo(const DemoOptions& options);

}  // namespace daybook::cli
