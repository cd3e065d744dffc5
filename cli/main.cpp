#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "cli/commands/commands.h"
#include "ledger/domain/invariant.h"
#include "ledger/domain/setting.h"
#include "projections/row_reader.h"

/// The one binary: flags in, a sub-command's outcome out as an exit code. What each of them does is in `commands/`.
namespace {

using daybook::cli::ExitCode;
using daybook::cli::Failure;
using daybook::cli::Outcome;

int code_of(ExitCode exit_code) { return static_cast<int>(exit_code); }

std::string examples(const std::string& what, const std::string& first, const std::string& second) {
  return "Examples:\n  " + first + "\n  " + second + "\n\n" + what;
}

/// What was probably meant by `word`, as a sentence; empty where nothing is near.
std::string suggestion(const CLI::App& app, const std::string& word) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  const std::vector<std::string_view> views(names.begin(), names.end());
  const std::string best(daybook::nearest_name(views, word));
  return best.empty() ? "" : "Did you mean \"" + best + "\"?\n";
}

/// The command line: its words fill the options, and what was asked for is left in `run`.
struct CommandLine {
  CLI::App app{examples("An event-sourced billing ledger.", "daybook demo", "daybook serve --data ledger.d"), "daybook"};
  std::function<Outcome<void>()> run;
  bool quiet = false;
  bool verbose = false;

  CommandLine() {
    app.set_version_flag("--version", "daybook " DAYBOOK_VERSION, "Print the version and exit");
    app.add_flag("-q,--quiet", quiet, "Only warnings and errors on stderr");
    app.add_flag("-v,--verbose", verbose, "More on stderr");
    app.require_subcommand(1);
    app.fallthrough();
    app.footer("Exit codes: 0 done, 1 failed, 2 wrong usage; the others in docs/reference/exit_codes.md.");
    add_serve();
    add_demo();
    add_key();
    add_import();
    add_run_invoicing();
    add_export();
    add_replay();
    add_proof();
    add_backup();
    add_rescue();
    add_config();
    add_doctor();
  }

 private:
  CLI::App* command(CLI::App& under, const std::string& name, const std::string& what, const std::string& first,
                    const std::string& second) {
    return under.add_subcommand(name, examples(what, first, second));
  }

  static void add_ledger(CLI::App* to, daybook::cli::LedgerChoice& choice) {
    CLI::Option* data = to->add_option("--data", choice.directory, "Directory of a ledger that nothing serves");
    CLI::Option* url = to->add_option("--url", choice.url, "Address of a server: http://HOST:PORT");
    data->excludes(url);
    to->add_option("--key-file", choice.key_file, "File that holds the key for --url; default $DAYBOOK_KEY_FILE");
  }

  void add_serve() {
    auto options = std::make_shared<daybook::cli::ServeOptions>();
    CLI::App* serve = command(app, "serve", "Serves a ledger over HTTP until SIGTERM.", "daybook serve --data ledger.d",
                              "daybook serve --data ledger.d --listen 127.0.0.1:0 --clock manual");
    serve->add_option("--data", options->directory, "Directory of the ledger; made if need be");
    serve->add_option("--listen", options->listen, "HOST:PORT; port 0: any free one. Default 127.0.0.1:8080");
    serve->add_option("--clock", options->clock,
                      "system: the clock is UTC now, and what falls due is done; manual: it moves by AdvanceClock alone. "
                      "Default: as the ledger has it, system for a new one");
    serve->add_option("--config", options->config, "Configuration file: docs/reference/configuration.md");
    serve->callback([this, options] { run = [options] { return daybook::cli::serve(*options); }; });
  }

  void add_demo() {
    auto options = std::make_shared<daybook::cli::DemoOptions>();
    CLI::App* demo = command(app, "demo", "A temporary ledger with a real cost export and one customer's story; then serves it.",
                             "daybook demo", "daybook demo --exit");
    demo->add_option("--listen", options->listen, "HOST:PORT; default 127.0.0.1:8080, or any free port");
    demo->add_flag("--exit", options->exit, "End after the story");
    demo->add_flag("--tour", options->tour, "Another story: a year of one customer of each account type, to the cent");
    demo->callback([this, options] { run = [options] { return daybook::cli::demo(*options); }; });
  }

  void add_doctor() {
    auto options = std::make_shared<daybook::cli::DoctorOptions>();
    CLI::App* doctor = command(app, "doctor", "Looks at all that `serve` needs, and says what is amiss and what to do.",
                               "daybook doctor --data ledger.d", "daybook doctor --config daybook.toml --json");
    doctor->add_option("--data", options->directory, "Directory of a ledger that nothing serves");
    doctor->add_option("--config", options->config, "Default: the file that `serve` would find");
    doctor->add_flag("--json", options->json, "The findings for programs");
    doctor->callback([this, options] { run = [options] { return daybook::cli::doctor(*options); }; });
  }

  void add_key() {
    CLI::App* key = command(app, "key", "Keys of a ledger that nothing serves.",
                            "daybook key create --data ledger.d --name me --rights admin",
                            "daybook key create --data ledger.d --name meter --rights ingest --tenant t-1");
    key->require_subcommand(1);
    auto options = std::make_shared<daybook::cli::KeyCreateOptions>();
    CLI::App* create = command(*key, "create", "Makes a key and prints it, once, alone on stdout.",
                               "daybook key create --data ledger.d --name me --rights admin",
                               "daybook key create --data ledger.d --name meter --rights ingest --tenant t-1");
    create->add_option("--data", options->directory, "Directory of the ledger; made if need be")->required();
    create->add_option("--name", options->name, "Whose key it is; a rotated key keeps its name")->required();
    create->add_option("--rights", options->rights, "Of ingest, read, admin, act-as, import, with commas between")->required();
    create->add_option("--tenant", options->tenant, "Sees and touches this tenant's accounts alone");
    create->callback([this, options] { run = [options] { return daybook::cli::create_key(*options); }; });
    auto directory = std::make_shared<std::string>();
    CLI::App* rotate = command(*key, "rotate-signing", "Draws a new key for signing heads; the old one says so, and goes.",
                               "daybook key rotate-signing --data ledger.d", "daybook key rotate-signing --data ledger.d | jq -r .publicKey");
    rotate->add_option("--data", *directory, "Directory of a ledger that nothing serves")->required();
    rotate->callback([this, directory] { run = [directory] { return daybook::cli::rotate_signing_key(*directory); }; });
  }

  void add_import() {
    auto options = std::make_shared<daybook::cli::ImportCommandOptions>();
    options->country = "US";
    CLI::App* import = command(app, "import",
                               "Takes a cost export in, each row once for ever; accounts and subscriptions that are missing are made.",
                               "daybook import --data ledger.d --format focus export.csv",
                               "daybook import --url http://127.0.0.1:8080 --key-file me.key --format focus export.csv --json");
    add_ledger(import, options->ledger);
    import->add_option("--format", options->format, "focus, azure-cost or cloudevents")->required();
    import->add_option("FILE", options->file, "CSV in UTF-8; for cloudevents JSON, an array or one event a line")->required();
    import->add_option("--dataset", options->dataset, "Rows are told apart within it; default the billing account's id");
    import->add_option("--tenant", options->tenant, "Tenant of accounts that are made; default the account's id");
    import->add_option("--country", options->country, "Country of accounts that are made")->capture_default_str();
    import->add_option("--account-type", options->account_type, "EA or MCA: take only a file whose accounts are that");
    import->add_option("--replace", options->replace, "A month, as 2024-03, that the file restates: rows it no longer has are void");
    import->add_flag("--strict", options->strict, "One broken row: nothing goes in");
    import->add_flag("--dry-run", options->dry_run, "Read and sum up, record nothing");
    import->add_flag("--json", options->json, "The report for programs");
    import->callback([this, options] { run = [options] { return daybook::cli::import(*options); }; });
  }

  void add_run_invoicing() {
    auto options = std::make_shared<daybook::cli::RunInvoicingOptions>();
    CLI::App* invoicing = command(app, "run-invoicing",
                                  "Performs every billing run up to a day that has not been performed; repeating it issues nothing.",
                                  "daybook run-invoicing --data ledger.d --through 2024-10-09",
                                  "daybook run-invoicing --url http://127.0.0.1:8080 --key-file me.key --through 2024-10-09");
    add_ledger(invoicing, options->ledger);
    invoicing->add_option("--through", options->through, "The last day, as 2024-05-02; not after the ledger's clock")->required();
    invoicing->add_flag("--json", options->json, "The answer for programs");
    invoicing->callback([this, options] { run = [options] { return daybook::cli::run_invoicing(*options); }; });
  }

  void add_export() {
    CLI::App* exports = command(app, "export", "What other programs work on.",
                                "daybook export journal --data ledger.d --format hledger > ledger.journal",
                                "daybook export journal --url http://127.0.0.1:8080 --key-file me.key --format beancount");
    exports->require_subcommand(1);
    auto options = std::make_shared<daybook::cli::ExportJournalOptions>();
    CLI::App* journal = command(*exports, "journal",
                                "Double entries of all documents, payments and credit, for hledger or beancount, on stdout.",
                                "daybook export journal --data ledger.d --format hledger > ledger.journal",
                                "daybook export journal --data ledger.d --format beancount --from 2024-05-01 --to 2024-06-01");
    add_ledger(journal, options->ledger);
    journal->add_option("--format", options->format, "hledger or beancount")->required();
    journal->add_option("--from", options->from, "The first day, with opening balances; default: from the beginning");
    journal->add_option("--to", options->to, "The first day no more; default: all there is");
    journal->callback([this, options] { run = [options] { return daybook::cli::export_journal(*options); }; });
  }

  void add_config() {
    CLI::App* config = command(app, "config", "What is configured, and who says so.", "daybook config check daybook.toml",
                               "daybook config show --origin");
    config->require_subcommand(1);
    auto file = std::make_shared<std::string>();
    CLI::App* check = command(*config, "check", "Names every mistake by file, line and column; 78 where there is one.",
                              "daybook config check", "daybook config check daybook.toml");
    check->add_option("FILE", *file, "Default: the file that `serve` would find");
    check->callback([this, file] { run = [file] { return daybook::cli::config_check(*file); }; });
    auto options = std::make_shared<daybook::cli::ConfigShowOptions>();
    CLI::App* show = command(*config, "show", "Every setting as it holds: flag, environment, file, default, and what a ledger recorded.",
                             "daybook config show --origin", "daybook config show --output toml > daybook.toml");
    show->add_option("--config", options->config, "Default: the file that `serve` would find");
    show->add_option("--data", options->directory, "Directory of a ledger that nothing serves: with what it recorded");
    show->add_flag("--origin", options->origin, "Say of each who says it");
    show->add_option("--output", options->output, "table, toml (can be read back) or json")->capture_default_str();
    show->add_flag("--json", options->json, "The same as --output json");
    show->callback([this, options] { run = [options] { return daybook::cli::config_show(*options); }; });
    CLI::App* reference = command(*config, "reference", "The reference page of every setting.",
                                  "daybook config reference", "daybook config reference | less");
    reference->callback([this] { run = [] { return daybook::cli::config_reference(); }; });
  }

  void add_backup() {
    CLI::App* backup = command(app, "backup", "Copies of a ledger that are proven before they are called backups.",
                               "daybook backup create --data ledger.d backups/2024-05-02",
                               "daybook backup restore backups/2024-05-02 --data ledger.d");
    backup->require_subcommand(1);
    auto directory = std::make_shared<std::string>();
    auto where = std::make_shared<std::string>();
    auto options = std::make_shared<daybook::cli::BackupCreateOptions>();
    CLI::App* create = command(*backup, "create", "Copies a ledger, which may be served meanwhile, and reads the copy through.",
                               "daybook backup create --data ledger.d backups/2024-05-02",
                               "daybook backup create --url http://127.0.0.1:8080 --key-file me.key 2024-05-02 | jq .");
    add_ledger(create, options->ledger);
    create->add_option("BACKUP", options->backup,
                       "A new directory, best on another disk; with --url its name where the server makes backups, which it may choose");
    create->callback([this, options] { run = [options] { return daybook::cli::backup_create(*options); }; });
    CLI::App* verify = command(*backup, "verify", "Reads every byte, hash and position of a backup, and changes none.",
                               "daybook backup verify backups/2024-05-02", "daybook backup verify backups/2024-05-02 | jq .");
    verify->add_option("BACKUP", *where, "What `create` made")->required();
    verify->callback([this, where] { run = [where] { return daybook::cli::backup_verify(*where); }; });
    CLI::App* restore = command(*backup, "restore", "Puts a sound backup into a new or empty directory.",
                                "daybook backup restore backups/2024-05-02 --data ledger.d",
                                "daybook backup restore backups/2024-05-02 --data ledger.d | jq .");
    restore->add_option("BACKUP", *where, "What `create` made")->required();
    restore->add_option("--data", *directory, "Directory of the ledger; new or empty")->required();
    restore->callback([this, directory, where] { run = [directory, where] { return daybook::cli::backup_restore(*where, *directory); }; });
  }

  void add_rescue() {
    auto options = std::make_shared<daybook::cli::RecoverOptions>();
    CLI::App* recover = command(app, "recover",
                                "Makes a copy of a ledger that ends in damage open again, if nothing acknowledged is in the damage.",
                                "cp -a ledger.d copy.d && daybook recover --tail --data copy.d",
                                "daybook recover --tail --data copy.d | jq .");
    recover->add_flag("--tail", options->tail, "Cut off the write-ahead log from its first damaged record on");
    recover->add_option("--data", options->directory, "A copy of the ledger's directory; it is changed")->required();
    recover->callback([this, options] { run = [options] { return daybook::cli::recover(*options); }; });
    auto directory = std::make_shared<std::string>();
    auto target = std::make_shared<std::string>();
    CLI::App* salvage = command(app, "salvage", "Writes what can still be read of a damaged ledger to a new directory: 77 where positions are lost.",
                                "daybook salvage --data ledger.d --to salvaged.d",
                                "daybook salvage --data ledger.d --to salvaged.d | jq .lost");
    salvage->add_option("--data", *directory, "Directory of the damaged ledger; it is only read")->required();
    salvage->add_option("--to", *target, "A new or empty directory")->required();
    salvage->callback([this, directory, target] { run = [directory, target] { return daybook::cli::salvage(*directory, *target); }; });
  }

  void add_replay() {
    CLI::App* replay = command(app, "replay", "Reads the log again, and compares.", "daybook replay verify --data ledger.d",
                               "daybook replay rebuild --data ledger.d");
    replay->require_subcommand(1);
    auto directory = std::make_shared<std::string>();
    CLI::App* rebuild = command(*replay, "rebuild", "Folds the whole log again beside the live views; 7 where one differs.",
                                "daybook replay rebuild --data ledger.d", "daybook replay rebuild --data ledger.d | jq .");
    rebuild->add_option("--data", *directory, "Directory of the ledger")->required();
    rebuild->callback([this, directory] { run = [directory] { return daybook::cli::replay_rebuild(*directory); }; });
    CLI::App* verify = command(*replay, "verify",
                               "Reads every byte, hash and position: 0 sound, 76 damaged, 7 a hash differs, 77 history lost.",
                               "daybook replay verify --data ledger.d", "daybook replay verify --data ledger.d | jq .");
    verify->add_option("--data", *directory, "Directory of the ledger")->required();
    verify->callback([this, directory] { run = [directory] { return daybook::cli::replay_verify(*directory); }; });
    add_segments(*replay);
    add_branch(*replay);
    add_explain(*replay);
    add_changes(*replay);
    add_history(*replay);
    add_what_if(*replay);
    add_correct(*replay);
  }

  void add_what_if(CLI::App& replay) {
    auto options = std::make_shared<daybook::cli::WhatIfOptions>();
    options->format = "text";
    CLI::App* what_if = command(replay, "what-if", "What usage would have cost by other prices, taxes, exchange rates or discounts.",
                                "daybook replay what-if --data ledger.d --prices new.ndjson --from 2024-01-01 --to 2024-07-01",
                                "daybook replay what-if --data ledger.d --prices new.ndjson --from 2024-01-01 --to 2024-07-01 --format csv > accounts.csv");
    add_ledger(what_if, options->ledger);
    what_if->add_option("--prices", options->prices, "File of facts, one a line, as POST /v1/events takes them")->required();
    what_if->add_option("--from", options->from, "The first day on which a billing period may begin, as 2024-01-01")->required();
    what_if->add_option("--to", options->to, "The first day on which none may; at most the day after the ledger's clock")->required();
    what_if->add_option("--as-of", options->as_of, "A position or an RFC 3339 instant: by what was known then; default: now");
    what_if->add_option("--movers", options->movers, "So many accounts with the largest differences; default 10");
    what_if->add_option("--format", options->format, "text, csv (the accounts) or json")->capture_default_str();
    what_if->add_flag_callback("--json", [options] { options->format = "json"; }, "The same as --format json");
    what_if->callback([this, options] { run = [options] { return daybook::cli::replay_what_if(*options); }; });
  }

  void add_correct(CLI::App& replay) {
    auto options = std::make_shared<daybook::cli::CorrectOptions>();
    CLI::App* correct = command(replay, "correct", "What late, amended and voided usage makes of issued invoices, told or issued as notes.",
                                "daybook replay correct --data ledger.d --all",
                                "daybook replay correct --url http://127.0.0.1:8080 --key-file me.key --account acc-1 --issue");
    add_ledger(correct, options->ledger);
    CLI::Option* account = correct->add_option("--account", options->account, "Of this account");
    correct->add_flag("--all", options->all, "Of every account")->excludes(account);
    CLI::Option* preview = correct->add_flag("--preview", options->preview, "Tell, and record nothing; the default");
    CLI::Option* issue = correct->add_flag("--issue", options->issue, "Issue credit notes and invoices now")->excludes(preview);
    correct->add_flag("--rebills", options->rebills, "Also what voiding and billing again makes of invoices whose prices changed later")->excludes(issue);
    correct->add_flag("--json", options->json, "The answer for programs");
    correct->callback([this, options] { run = [options] { return daybook::cli::replay_correct(*options); }; });
  }

  void add_segments(CLI::App& replay) {
    auto exported = std::make_shared<daybook::cli::ExportOptions>();
    CLI::App* exporting = command(replay, "export", "Writes the log, a stretch of it, or one account's history to a file that needs no program to be read.",
                                  "daybook replay export --data ledger.d log.segment",
                                  "daybook replay export --data ledger.d --account acc-1 acc-1.json");
    add_ledger(exporting, exported->ledger);
    exporting->add_option("FILE", exported->file, "Replaced as a whole, or not at all")->required();
    exporting->add_option("--from", exported->from, "The first position; default: 1");
    exporting->add_option("--to", exported->to, "The last position; default: the newest");
    exporting->add_option("--account", exported->account, "The events of this account, with what `daybook proof check` needs");
    exporting->callback([this, exported] { run = [exported] { return daybook::cli::replay_export(*exported); }; });
    auto imported = std::make_shared<daybook::cli::ImportSegmentsOptions>();
    CLI::App* importing = command(replay, "import", "Makes the ledger that exported segments are of, and verifies every byte on the way in.",
                                  "daybook replay import log.segment --data new.d",
                                  "daybook replay import 2023.segment 2024.segment --data new.d --keys old.d/keys");
    importing->add_option("FILES", imported->files, "Segments, in the order of their positions")->required();
    importing->add_option("--data", imported->directory, "Directory of the ledger; new or empty")->required();
    importing->add_option("--keys", imported->keys, "keys/ of the ledger that was exported; default: new keys");
    importing->add_option("--public-key", imported->public_key, "The key that has to have signed it; hexadecimal");
    importing->callback([this, imported] { run = [imported] { return daybook::cli::replay_import(*imported); }; });
  }

  void add_branch(CLI::App& replay) {
    auto options = std::make_shared<daybook::cli::BranchOptions>();
    CLI::App* branch = command(replay, "branch", "A working copy of a ledger as it was at a position, with a clock moved by hand; to be thrown away.",
                               "daybook replay branch --data ledger.d --at 1000 --to try.d",
                               "daybook replay branch --data ledger.d --at 2024-05-01T00:00:00Z --to try.d --run-to 2025-05-01");
    branch->add_option("--data", options->directory, "Directory of the ledger, or a backup of it; no byte of it changes")->required();
    branch->add_option("--at", options->at, "A position or an RFC 3339 instant")->required();
    branch->add_option("--to", options->to, "Directory of the branch; new or empty")->required();
    branch->add_option("--run-to", options->run_to, "A day: everything that falls due up to it is performed in the branch");
    branch->callback([this, options] { run = [options] { return daybook::cli::replay_branch(*options); }; });
  }

  void add_explain(CLI::App& replay) {
    auto options = std::make_shared<daybook::cli::ExplainOptions>();
    CLI::App* explain = command(replay, "explain",
                                "How each line of an invoice came about: price, tiers, rows with their positions, rounding.",
                                "daybook replay explain --data ledger.d E0400XYZ12 1",
                                "daybook replay explain --url http://127.0.0.1:8080 --key-file me.key E0400XYZ12 --proof > proof.json");
    add_ledger(explain, options->ledger);
    explain->add_option("INVOICE", options->invoice, "Its number")->required();
    explain->add_option("LINE", options->line, "One line, by its number; default: every one");
    explain->add_option("--as-of", options->as_of, "A position or an RFC 3339 instant; default: now");
    CLI::Option* json = explain->add_flag("--json", options->json, "The explanation for programs");
    explain->add_flag("--proof", options->proof, "The proof, for `daybook proof check`")->excludes(json);
    explain->callback([this, options] { run = [options] { return daybook::cli::replay_explain(*options); }; });
  }

  void add_changes(CLI::App& replay) {
    auto options = std::make_shared<daybook::cli::ChangesOptions>();
    CLI::App* changes = command(replay, "changes", "Why a bill changed: price, quantity, new, gone, corrections, discounts, credits, tax.",
                                "daybook replay changes --data ledger.d E0400XYZ12 E0500XYZ12",
                                "daybook replay changes --url http://127.0.0.1:8080 --key-file me.key E0400XYZ12 E0500XYZ12 --json");
    add_ledger(changes, options->ledger);
    changes->add_option("EARLIER", options->earlier, "The number of the earlier invoice")->required();
    changes->add_option("LATER", options->later, "That of the later one")->required();
    changes->add_option("--as-of", options->as_of, "A position or an RFC 3339 instant; default: now");
    changes->add_flag("--json", options->json, "The parts for programs");
    changes->callback([this, options] { run = [options] { return daybook::cli::replay_changes(*options); }; });
  }

  void add_history(CLI::App& replay) {
    auto differ = std::make_shared<daybook::cli::DiffOptions>();
    CLI::App* diff = command(replay, "diff", "What changed between two positions: invoices, statuses, amounts, by account.",
                             "daybook replay diff --data ledger.d 1000 2000",
                             "daybook replay diff --data ledger.d 2024-05-01T00:00:00Z 2024-06-01T00:00:00Z --json");
    add_ledger(diff, differ->ledger);
    diff->add_option("FROM", differ->from, "A position or an RFC 3339 instant")->required();
    diff->add_option("TO", differ->to, "The same, not before FROM")->required();
    diff->add_flag("--json", differ->json, "The difference for programs");
    diff->callback([this, differ] { run = [differ] { return daybook::cli::replay_diff(*differ); }; });

    auto search = std::make_shared<daybook::cli::BisectOptions>();
    CLI::App* bisect = command(replay, "bisect", "The first event after which a condition held for an invoice.",
                               "daybook replay bisect --data ledger.d --invoice E0400XYZ12 --when 'amountDue = 0'",
                               "daybook replay bisect --data ledger.d --invoice E0400XYZ12 --when 'status = PastDue' --json");
    add_ledger(bisect, search->ledger);
    bisect->add_option("--invoice", search->invoice, "Its number")->required();
    bisect->add_option("--when", search->when, "total, credited, paid or amountDue with = != < <= > >= and an amount; status = Paid")->required();
    bisect->add_flag("--json", search->json, "The event for programs");
    bisect->callback([this, search] { run = [search] { return daybook::cli::replay_bisect(*search); }; });

    auto past = std::make_shared<daybook::cli::AsOfOptions>();
    CLI::App* as_of = command(replay, "as-of", "The answer to any question of the HTTP interface as it was at a position.",
                              "daybook replay as-of --data ledger.d 1000 /invoices/E0400XYZ12",
                              "daybook replay as-of --data ledger.d 2024-05-01T00:00:00Z '/invoices?accountId=acc-1'");
    add_ledger(as_of, past->ledger);
    as_of->add_option("AT", past->at, "A position or an RFC 3339 instant")->required();
    as_of->add_option("PATH", past->path, "Below /v1, with its query")->required();
    as_of->callback([this, past] { run = [past] { return daybook::cli::replay_as_of(*past); }; });
  }

  void add_proof() {
    CLI::App* proof = command(app, "proof", "Proofs that were handed over.", "daybook proof check proof.json",
                              "daybook proof check proof.json --public-key 3f0c…");
    proof->require_subcommand(1);
    auto options = std::make_shared<daybook::cli::ProofCheckOptions>();
    CLI::App* check = command(*proof, "check",
                              "Checks a proof of an invoice or the history of an account with nothing but its file: 0 all holds, 7 something does not.",
                              "daybook proof check proof.json", "daybook proof check proof.json --public-key 3f0c…");
    check->add_option("FILE", options->file, "What `replay explain --proof` printed, or `replay export --account` wrote")->required();
    check->add_option("--public-key", options->public_key, "The ledger's key, as known from elsewhere; hexadecimal");
    check->callback([this, options] { run = [options] { return daybook::cli::proof_check(*options); }; });
  }
};

/// Logs go to stderr, a line each; stdout is for results.
void set_up_logs(const CommandLine& line) {
  auto logger = std::make_shared<spdlog::logger>("daybook", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  logger->set_level(line.quiet ? spdlog::level::warn : line.verbose ? spdlog::level::debug : spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
}

int perform(const CommandLine& line) {
  try {
    const Outcome<void> outcome = line.run();
    if (outcome) return 0;
    const Failure& failure = outcome.error();
    if (!failure.message.empty()) std::fprintf(stderr, "daybook: %s\n", failure.message.c_str());
    return code_of(failure.exit_code);
  } catch (const daybook::InvariantBroken& broken) {
    std::fprintf(stderr, "daybook: an invariant is broken: %s\nNothing wrong was written. Please report this.\n", broken.what());
    return code_of(ExitCode::InvariantBroken);
  } catch (const daybook::projections::UnreadableView& unreadable) {
    std::fprintf(stderr, "daybook: %s\n", unreadable.what());
    return code_of(ExitCode::Corruption);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "daybook: %s\n", error.what());
    return code_of(ExitCode::Failed);
  }
}

}  // namespace

int main(int argc, char** argv) {
  CommandLine line;
  try {
    line.app.parse(argc, argv);
  } catch (const CLI::Success& asked) {  // --help, --version
    return line.app.exit(asked);
  } catch (const CLI::ParseError& error) {
    line.app.exit(error);
    if (argc > 1) std::fputs(suggestion(line.app, argv[1]).c_str(), stderr);
    return code_of(ExitCode::Usage);
  }
  set_up_logs(line);
  return perform(line);
}
