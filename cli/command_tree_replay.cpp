#include <memory>
#include <string>

#include "cli/command_tree.h"

namespace daybook::cli {
namespace {

/// For commands whose answer is JSON whoever asks: with it a refusal is JSON too.
void add_json(CLI::App* to) {
  const std::string text = "The answer is JSON with and without it; refusals are with it";
  to->add_flag("--json", text);
}

}  // namespace

void CommandTree::add_backup() {
  CLI::App* backup = command(app, "backup", "Copies of a ledger that are proven before they are called backups.",
                             "daybook backup create --data ledger.d backups/2024-05-02",
                             "daybook backup restore backups/2024-05-02 --data ledger.d");
  backup->require_subcommand(1);
  auto directory = std::make_shared<std::string>();
  auto where = std::make_shared<std::string>();
  auto options = std::make_shared<BackupCreateOptions>();
  CLI::App* create = command(*backup, "create", "Copies a ledger, which may be served meanwhile, and reads the copy through.",
                             "daybook backup create --data ledger.d backups/2024-05-02",
                             "daybook backup create --url http://127.0.0.1:8080 --key-file me.key 2024-05-02 | jq .");
  add_ledger(create, options->ledger);
  create->add_option("BACKUP", options->backup,
                     "A new directory, best on another disk; with --url its name where the server makes backups, which it may choose");
  add_json(create);
  create->callback([this, options] { run = [options] { return cli::backup_create(*options); }; });
  CLI::App* verify = command(*backup, "verify", "Reads every byte, hash and position of a backup, and changes none.",
                             "daybook backup verify backups/2024-05-02", "daybook backup verify backups/2024-05-02 | jq .");
  verify->add_option("BACKUP", *where, "What `create` made")->required();
  add_json(verify);
  verify->callback([this, where] { run = [where] { return cli::backup_verify(*where); }; });
  CLI::App* restore = command(*backup, "restore", "Puts a sound backup into a new or empty directory.",
                              "daybook backup restore backups/2024-05-02 --data ledger.d",
                              "daybook backup restore backups/2024-05-02 --data ledger.d | jq .");
  restore->add_option("BACKUP", *where, "What `create` made")->required();
  restore->add_option("--data", *directory, "Directory of the ledger; new or empty")->required();
  add_json(restore);
  restore->callback([this, directory, where] { run = [directory, where] { return cli::backup_restore(*where, *directory); }; });
}

void CommandTree::add_rescue() {
  auto options = std::make_shared<RecoverOptions>();
  CLI::App* recover = command(app, "recover",
                              "Makes a copy of a ledger that ends in damage open again, if nothing acknowledged is in the damage.",
                              "cp -a ledger.d copy.d && daybook recover --tail --data copy.d",
                              "daybook recover --tail --data copy.d | jq .");
  recover->add_flag("--tail", options->tail, "Cut off the write-ahead log from its first damaged record on");
  recover->add_option("--data", options->directory, "A copy of the ledger's directory; it is changed")->required();
  add_json(recover);
  recover->callback([this, options] { run = [options] { return cli::recover(*options); }; });
  auto directory = std::make_shared<std::string>();
  auto target = std::make_shared<std::string>();
  CLI::App* salvage = command(app, "salvage", "Writes what can still be read of a damaged ledger to a new directory: 77 where positions are lost.",
                              "daybook salvage --data ledger.d --to salvaged.d",
                              "daybook salvage --data ledger.d --to salvaged.d | jq .lost");
  salvage->add_option("--data", *directory, "Directory of the damaged ledger; it is only read")->required();
  salvage->add_option("--to", *target, "A new or empty directory")->required();
  add_json(salvage);
  salvage->callback([this, directory, target] { run = [directory, target] { return cli::salvage(*directory, *target); }; });
}

void CommandTree::add_replay() {
  CLI::App* replay = command(app, "replay", "Reads the log again, and compares.", "daybook replay verify --data ledger.d",
                             "daybook replay rebuild --data ledger.d");
  replay->require_subcommand(1);
  auto directory = std::make_shared<std::string>();
  CLI::App* rebuild = command(*replay, "rebuild", "Folds the whole log again beside the live views; 7 where one differs.",
                              "daybook replay rebuild --data ledger.d", "daybook replay rebuild --data ledger.d | jq .");
  rebuild->add_option("--data", *directory, "Directory of the ledger")->required();
  add_json(rebuild);
  rebuild->callback([this, directory] { run = [directory] { return cli::replay_rebuild(*directory); }; });
  CLI::App* verify = command(*replay, "verify",
                             "Reads every byte, hash and position: 0 sound, 76 damaged, 7 a hash differs, 77 history lost.",
                             "daybook replay verify --data ledger.d", "daybook replay verify --data ledger.d | jq .");
  verify->add_option("--data", *directory, "Directory of the ledger")->required();
  add_json(verify);
  verify->callback([this, directory] { run = [directory] { return cli::replay_verify(*directory); }; });
  add_segments(*replay);
  add_branch(*replay);
  add_explain(*replay);
  add_changes(*replay);
  add_history(*replay);
  add_what_if(*replay);
  add_correct(*replay);
}

void CommandTree::add_what_if(CLI::App& replay) {
  auto options = std::make_shared<WhatIfOptions>();
  options->format = "text";
  CLI::App* what_if = command(replay, "what-if", "What usage would have cost by other prices, taxes, exchange rates, discounts or policies.",
                              "daybook replay what-if --data ledger.d --prices new.ndjson --from 2024-01-01 --to 2024-07-01",
                              "daybook replay what-if --data ledger.d --prices new.ndjson --from 2024-01-01 --to 2024-07-01 --format csv > accounts.csv");
  add_ledger(what_if, options->ledger);
  what_if->add_option("--prices", options->prices, "File of facts, one a line, as POST /v1/events takes them");
  what_if->add_option("--policies", options->policies, "Configuration file, of which [policies] is tried too");
  what_if->add_option("--rounding", options->rounding, "How documents round: HalfAwayFromZero, HalfEven, Down, Up, Floor or Ceiling");
  what_if->add_option("--free-units", options->free_units, "METER=QUANTITY: so much of a meter is included; without METER= of every one. Repeatable");
  what_if->add_option("--from", options->from, "The first day on which a billing period may begin, as 2024-01-01")->required();
  what_if->add_option("--to", options->to, "The first day on which none may; at most the day after the ledger's clock")->required();
  what_if->add_option("--as-of", options->as_of, "A position or an RFC 3339 instant: by what was known then; default: now");
  what_if->add_option("--movers", options->movers, "So many accounts with the largest differences; default 10");
  what_if->add_option("--format", options->format, "text, csv (the accounts) or json")->capture_default_str();
  what_if->add_flag_callback("--json", [options] { options->format = "json"; }, "The same as --format json");
  what_if->callback([this, options] { run = [options] { return cli::replay_what_if(*options); }; });
}

void CommandTree::add_correct(CLI::App& replay) {
  auto options = std::make_shared<CorrectOptions>();
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
  correct->callback([this, options] { run = [options] { return cli::replay_correct(*options); }; });
}

void CommandTree::add_segments(CLI::App& replay) {
  auto exported = std::make_shared<ExportOptions>();
  CLI::App* exporting = command(replay, "export", "Writes the log, a stretch of it, or one account's history to a file that needs no program to be read.",
                                "daybook replay export --data ledger.d log.segment",
                                "daybook replay export --url http://127.0.0.1:8080 --key-file me.key --account acc-1 acc-1.json");
  add_ledger(exporting, exported->ledger);
  exporting->add_option("FILE", exported->file, "Replaced as a whole, or not at all")->required();
  exporting->add_option("--from", exported->from, "The first position; default: 1");
  exporting->add_option("--to", exported->to, "The last position; default: the newest");
  exporting->add_option("--account", exported->account, "The events of this account, with what `daybook proof check` needs");
  add_json(exporting);
  exporting->callback([this, exported] { run = [exported] { return cli::replay_export(*exported); }; });
  auto imported = std::make_shared<ImportSegmentsOptions>();
  CLI::App* importing = command(replay, "import", "Makes the ledger that exported segments are of, and verifies every byte on the way in.",
                                "daybook replay import log.segment --data new.d",
                                "daybook replay import 2023.segment 2024.segment --data new.d --keys old.d/keys");
  importing->add_option("FILES", imported->files, "Segments, in the order of their positions")->required();
  importing->add_option("--data", imported->directory, "Directory of the ledger; new or empty");
  importing->add_option("--url", imported->url)->group("");  // refused, with what to do instead
  importing->add_option("--key-file", imported->key_file)->group("");
  importing->add_option("--keys", imported->keys, "keys/ of the ledger that was exported; default: new keys");
  importing->add_option("--public-key", imported->public_key, "The key that has to have signed it; hexadecimal");
  add_json(importing);
  importing->callback([this, imported] { run = [imported] { return cli::replay_import(*imported); }; });
}

void CommandTree::add_branch(CLI::App& replay) {
  auto options = std::make_shared<BranchOptions>();
  CLI::App* branch = command(replay, "branch", "A working copy of a ledger as it was at a position, with a clock moved by hand; to be thrown away.",
                             "daybook replay branch --data ledger.d --at 1000 --to try.d",
                             "daybook replay branch --url http://127.0.0.1:8080 --key-file me.key --at 2024-05-01T00:00:00Z --to try");
  add_ledger(branch, options->ledger);
  branch->get_option("--data")->description("Directory of a ledger that nothing serves, or a backup of it; no byte of it changes");
  branch->add_option("--at", options->at, "A position or an RFC 3339 instant")->required();
  branch->add_option("--to", options->to, "Directory of the branch, new or empty; with --url its name where the server makes branches")->required();
  branch->add_option("--run-to", options->run_to, "A day: everything that falls due up to it is performed in the branch");
  add_json(branch);
  branch->callback([this, options] { run = [options] { return cli::replay_branch(*options); }; });
}

void CommandTree::add_explain(CLI::App& replay) {
  auto options = std::make_shared<ExplainOptions>();
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
  explain->callback([this, options] { run = [options] { return cli::replay_explain(*options); }; });
}

void CommandTree::add_changes(CLI::App& replay) {
  auto options = std::make_shared<ChangesOptions>();
  CLI::App* changes = command(replay, "changes", "Why a bill changed: price, quantity, new, gone, corrections, discounts, credits, tax.",
                              "daybook replay changes --data ledger.d E0400XYZ12 E0500XYZ12",
                              "daybook replay changes --url http://127.0.0.1:8080 --key-file me.key E0400XYZ12 E0500XYZ12 --json");
  add_ledger(changes, options->ledger);
  changes->add_option("EARLIER", options->earlier, "The number of the earlier invoice")->required();
  changes->add_option("LATER", options->later, "That of the later one")->required();
  changes->add_option("--as-of", options->as_of, "A position or an RFC 3339 instant; default: now");
  changes->add_flag("--json", options->json, "The parts for programs");
  changes->callback([this, options] { run = [options] { return cli::replay_changes(*options); }; });
}

void CommandTree::add_history(CLI::App& replay) {
  auto differ = std::make_shared<DiffOptions>();
  CLI::App* diff = command(replay, "diff", "What changed between two positions: invoices, statuses, amounts, by account.",
                           "daybook replay diff --data ledger.d 1000 2000",
                           "daybook replay diff --data ledger.d 2024-05-01T00:00:00Z 2024-06-01T00:00:00Z --json");
  add_ledger(diff, differ->ledger);
  diff->add_option("FROM", differ->from, "A position or an RFC 3339 instant")->required();
  diff->add_option("TO", differ->to, "The same, not before FROM")->required();
  diff->add_flag("--json", differ->json, "The difference for programs");
  diff->callback([this, differ] { run = [differ] { return cli::replay_diff(*differ); }; });

  auto search = std::make_shared<BisectOptions>();
  CLI::App* bisect = command(replay, "bisect", "The first event after which a condition held for an invoice, or for what is not invoiced yet.",
                             "daybook replay bisect --data ledger.d --invoice E0400XYZ12 --when 'amountDue = 0'",
                             "daybook replay bisect --data ledger.d --subscription sub-01 --period 2024-03-05 --when 'total > 100' --json");
  add_ledger(bisect, search->ledger);
  bisect->add_option("--invoice", search->invoice, "Its number");
  bisect->add_option("--subscription", search->subscription, "Instead of an invoice: what a subscription is charged for a period");
  bisect->add_option("--profile", search->profile, "Instead of an invoice: what a billing profile has pending of a month");
  bisect->add_option("--period", search->period, "A day in the period, as 2024-03-05; default: the current one");
  bisect->add_option("--when", search->when, "'total > 100', 'status = Paid and creditNotes > 0'; total, subTotal, tax, credited, paid, amountDue, lines, "
                                             "creditNotes or status of an invoice, else total, charges, credit, tax or lines")->required();
  bisect->add_flag("--json", search->json, "The event for programs");
  bisect->callback([this, search] { run = [search] { return cli::replay_bisect(*search); }; });

  auto past = std::make_shared<AsOfOptions>();
  CLI::App* as_of = command(replay, "as-of", "The answer to any question of the HTTP interface as it was at a position.",
                            "daybook replay as-of --data ledger.d 1000 /invoices/E0400XYZ12",
                            "daybook replay as-of --data ledger.d 2024-05-01T00:00:00Z '/invoices?accountId=acc-1'");
  add_ledger(as_of, past->ledger);
  as_of->add_option("AT", past->at, "A position or an RFC 3339 instant")->required();
  as_of->add_option("PATH", past->path, "Below /v1, with its query")->required();
  add_json(as_of);
  as_of->callback([this, past] { run = [past] { return cli::replay_as_of(*past); }; });
}

void CommandTree::add_proof() {
  CLI::App* proof = command(app, "proof", "Proofs that were handed over.", "daybook proof check proof.json",
                            "daybook proof check proof.json --public-key 3f0c…");
  proof->require_subcommand(1);
  auto options = std::make_shared<ProofCheckOptions>();
  CLI::App* check = command(*proof, "check",
                            "Checks a proof of an invoice or the history of an account with nothing but its file: 0 all holds, 7 something does not.",
                            "daybook proof check proof.json", "daybook proof check proof.json --public-key 3f0c…");
  check->add_option("FILE", options->file, "What `replay explain --proof` printed, or `replay export --account` wrote")->required();
  check->add_option("--public-key", options->public_key, "The ledger's key, as known from elsewhere; hexadecimal");
  check->callback([this, options] { run = [options] { return cli::proof_check(*options); }; });
}

}  // namespace daybook::cli
