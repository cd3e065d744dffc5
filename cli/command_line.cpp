#include "cli/command_line.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/command_tree.h"
#include "ledger/domain/setting.h"

namespace daybook::cli {
namespace {

std::string examples(const std::string& what, const std::string& first, const std::string& second) {
  return "Examples:\n  " + first + "\n  " + second + "\n\n" + what;
}

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

/// The flag of a command, or of one above it; null: it has none of that name.
const CLI::Option* find_flag(const CLI::App& command, const std::string& name) {
  for (const CLI::App* at = &command; at != nullptr; at = at->get_parent()) {
    for (const CLI::Option* option : at->get_options()) {
      if (!option->get_positional() && option->check_name(name)) return option;
    }
  }
  return nullptr;
}

std::vector<std::string> flags_of(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* at = &command; at != nullptr; at = at->get_parent()) {
    for (const CLI::Option* option : at->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return names;
}

/// `There is no flag --frob in "daybook serve". Did you mean "--from"?`
std::string no_such(const char* kind, const std::string& word, const CLI::App& in, const std::vector<std::string>& known) {
  std::string where;
  for (const CLI::App* at = &in; at != nullptr; at = at->get_parent()) where = at->get_name() + (where.empty() ? "" : " " + where);
  std::string text = "There is no " + std::string(kind) + " " + word + " in \"" + where + "\".";
  const std::string best(nearest_name({known.begin(), known.end()}, word));
  return best.empty() ? text : text + " Did you mean \"" + best + "\"?";
}

/// The first command or flag among the words that there is not, as a sentence with what was probably meant; empty: there
/// are all of them.
std::string unknown_word(const CLI::App& app, int argc, const char* const* argv) {
  const CLI::App* at = &app;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--") return {};
    if (word.starts_with("--")) {
      const std::size_t equal = word.find('=');
      const CLI::Option* flag = find_flag(*at, word.substr(0, equal));
      if (flag == nullptr) return no_such("flag", word.substr(0, equal), *at, flags_of(*at));
      if (equal == std::string::npos && flag->get_items_expected_min() > 0) ++i;  // its value
      continue;
    }
    if (word.starts_with('-') || commands_of(*at).empty()) continue;
    const std::vector<const CLI::App*> commands = commands_of(*at);
    const auto found = std::find_if(commands.begin(), commands.end(), [&](const CLI::App* each) { return each->get_name() == word; });
    if (found == commands.end()) {
      std::vector<std::string> names;
      for (const CLI::App* each : commands) names.push_back(each->get_name());
      return no_such("command", word, *at, names);
    }
    at = *found;
  }
  return {};
}

/// Whether what was asked for is for a program.
bool asks_for_json(const CLI::App& app) {
  const std::vector<CLI::App*> chosen = app.get_subcommands();
  if (!chosen.empty()) return asks_for_json(*chosen.front());
  const CLI::Option* json = find_flag(app, "--json");
  return json != nullptr && json->count() > 0;
}

}  // namespace

CommandTree::CommandTree(const std::string& version)
    : app(examples("An event-sourced billing ledger.", "daybook demo", "daybook serve --data ledger.d"), "daybook") {
  app.set_version_flag("--version", "daybook " + version, "Print the version and exit");
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

CLI::App* CommandTree::command(CLI::App& under, const std::string& name, const std::string& what, const std::string& first,
                               const std::string& second) {
  return under.add_subcommand(name, examples(what, first, second));
}

void CommandTree::add_ledger(CLI::App* to, LedgerChoice& choice) {
  CLI::Option* data = to->add_option("--data", choice.directory, "Directory of a ledger that nothing serves");
  CLI::Option* url = to->add_option("--url", choice.url, "Address of a server: http://HOST:PORT");
  data->excludes(url);
  to->add_option("--key-file", choice.key_file, "File that holds the key for --url; default $DAYBOOK_KEY_FILE");
}

void CommandTree::add_serve() {
  auto options = std::make_shared<ServeOptions>();
  CLI::App* serve = command(app, "serve", "Serves a ledger over HTTP until SIGTERM.", "daybook serve --data ledger.d",
                            "daybook serve --data ledger.d --listen 127.0.0.1:0 --clock manual");
  serve->add_option("--data", options->directory, "Directory of the ledger; made if need be");
  serve->add_option("--listen", options->listen, "HOST:PORT; port 0: any free one. Default 127.0.0.1:8080");
  serve->add_option("--clock", options->clock,
                    "system: the clock is UTC now, and what falls due is done; manual: it moves by AdvanceClock alone. "
                    "Default: as the ledger has it, system for a new one");
  serve->add_option("--config", options->config, "Configuration file: docs/reference/configuration.md");
  serve->add_flag("--read-only", options->read_only, "Answers questions and records nothing; starts on a full disk, too");
  serve->callback([this, options] { run = [options] { return cli::serve(*options); }; });
}

void CommandTree::add_demo() {
  auto options = std::make_shared<DemoOptions>();
  CLI::App* demo = command(app, "demo", "A temporary ledger with a real cost export and one customer's story; then serves it.",
                           "daybook demo", "daybook demo --exit");
  demo->add_option("--listen", options->listen, "HOST:PORT; default 127.0.0.1:8080, or any free port");
  demo->add_flag("--exit", options->exit, "End after the story");
  demo->add_flag("--tour", options->tour, "Another story: a year of one customer of each account type, to the cent");
  demo->callback([this, options] { run = [options] { return cli::demo(*options); }; });
}

void CommandTree::add_doctor() {
  auto options = std::make_shared<DoctorOptions>();
  CLI::App* doctor = command(app, "doctor", "Looks at all that `serve` needs, and says what is amiss and what to do.",
                             "daybook doctor --data ledger.d", "daybook doctor --config daybook.toml --json");
  doctor->add_option("--data", options->directory, "Directory of a ledger that nothing serves");
  doctor->add_option("--config", options->config, "Default: the file that `serve` would find");
  doctor->add_flag("--json", options->json, "The findings for programs");
  doctor->callback([this, options] { run = [options] { return cli::doctor(*options); }; });
}

void CommandTree::add_key() {
  CLI::App* key = command(app, "key", "Keys of a ledger that nothing serves.",
                          "daybook key create --data ledger.d --name me --rights admin",
                          "daybook key create --data ledger.d --name meter --rights ingest --tenant t-1");
  key->require_subcommand(1);
  auto options = std::make_shared<KeyCreateOptions>();
  CLI::App* create = command(*key, "create", "Makes a key and prints it, once, alone on stdout.",
                             "daybook key create --data ledger.d --name me --rights admin",
                             "daybook key create --data ledger.d --name meter --rights ingest --tenant t-1");
  create->add_option("--data", options->directory, "Directory of the ledger; made if need be")->required();
  create->add_option("--name", options->name, "Whose key it is; a rotated key keeps its name")->required();
  create->add_option("--rights", options->rights, "Of ingest, read, admin, act-as, import, with commas between")->required();
  create->add_option("--tenant", options->tenant, "Sees and touches this tenant's accounts alone");
  create->callback([this, options] { run = [options] { return cli::create_key(*options); }; });
  auto directory = std::make_shared<std::string>();
  CLI::App* rotate = command(*key, "rotate-signing", "Draws a new key for signing heads; the old one says so, and goes.",
                             "daybook key rotate-signing --data ledger.d", "daybook key rotate-signing --data ledger.d | jq -r .publicKey");
  rotate->add_option("--data", *directory, "Directory of a ledger that nothing serves")->required();
  rotate->callback([this, directory] { run = [directory] { return cli::rotate_signing_key(*directory); }; });
}

void CommandTree::add_import() {
  auto options = std::make_shared<ImportCommandOptions>();
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
  import->callback([this, options] { run = [options] { return cli::import(*options); }; });
}

void CommandTree::add_run_invoicing() {
  auto options = std::make_shared<RunInvoicingOptions>();
  CLI::App* invoicing = command(app, "run-invoicing",
                                "Performs every billing run up to a day that has not been performed; repeating it issues nothing.",
                                "daybook run-invoicing --data ledger.d --through 2024-10-09",
                                "daybook run-invoicing --url http://127.0.0.1:8080 --key-file me.key --through 2024-10-09");
  add_ledger(invoicing, options->ledger);
  invoicing->add_option("--through", options->through, "The last day, as 2024-05-02; not after the ledger's clock")->required();
  invoicing->add_flag("--json", options->json, "The answer for programs");
  invoicing->callback([this, options] { run = [options] { return cli::run_invoicing(*options); }; });
}

void CommandTree::add_export() {
  CLI::App* exports = command(app, "export", "What other programs work on.",
                              "daybook export journal --data ledger.d --format hledger > ledger.journal",
                              "daybook export journal --url http://127.0.0.1:8080 --key-file me.key --format beancount");
  exports->require_subcommand(1);
  auto options = std::make_shared<ExportJournalOptions>();
  CLI::App* journal = command(*exports, "journal",
                              "Double entries of all documents, payments and credit, for hledger or beancount, on stdout.",
                              "daybook export journal --data ledger.d --format hledger > ledger.journal",
                              "daybook export journal --data ledger.d --format beancount --from 2024-05-01 --to 2024-06-01");
  add_ledger(journal, options->ledger);
  journal->add_option("--format", options->format, "hledger or beancount")->required();
  journal->add_option("--from", options->from, "The first day, with opening balances; default: from the beginning");
  journal->add_option("--to", options->to, "The first day no more; default: all there is");
  journal->callback([this, options] { run = [options] { return cli::export_journal(*options); }; });
}

void CommandTree::add_config() {
  CLI::App* config = command(app, "config", "What is configured, and who says so.", "daybook config check daybook.toml",
                             "daybook config show --origin");
  config->require_subcommand(1);
  auto file = std::make_shared<std::string>();
  CLI::App* check = command(*config, "check", "Names every mistake by file, line and column; 78 where there is one.",
                            "daybook config check", "daybook config check daybook.toml");
  check->add_option("FILE", *file, "Default: the file that `serve` would find");
  check->callback([this, file] { run = [file] { return cli::config_check(*file); }; });
  auto options = std::make_shared<ConfigShowOptions>();
  CLI::App* show = command(*config, "show", "Every setting as it holds: flag, environment, file, default, and what a ledger recorded.",
                           "daybook config show --origin", "daybook config show --output toml > daybook.toml");
  show->add_option("--config", options->config, "Default: the file that `serve` would find");
  show->add_option("--data", options->directory, "Directory of a ledger that nothing serves: with what it recorded");
  show->add_flag("--origin", options->origin, "Say of each who says it");
  show->add_option("--output", options->output, "table, toml (can be read back) or json")->capture_default_str();
  show->add_flag("--json", options->json, "The same as --output json");
  show->callback([this, options] { run = [options] { return cli::config_show(*options); }; });
  CLI::App* reference = command(*config, "reference", "The reference page of every setting.",
                                "daybook config reference", "daybook config reference | less");
  reference->callback([this] { run = [] { return cli::config_reference(); }; });
}

/// The first option or argument that was given and is empty: a variable of a script that nobody set. Empty: none is.
std::string empty_word(const CLI::App& app) {
  for (const CLI::Option* option : app.parse_order()) {
    const std::vector<std::string>& values = option->results();
    if (std::find(values.begin(), values.end(), "") == values.end()) continue;
    return option->get_name() + (option->get_required() ? " is empty; give it a value." : " is empty; give it a value, or leave it out.");
  }
  for (const CLI::App* command : app.get_subcommands()) {
    if (std::string found = empty_word(*command); !found.empty()) return found;
  }
  return {};
}

tl::expected<CommandLine, int> read_command_line(int argc, const char* const* argv, const char* version) {
  CommandTree tree(version);
  try {
    tree.app.parse(argc, argv);
  } catch (const CLI::Success& asked) {  // --help, --version
    return tl::unexpected(tree.app.exit(asked));
  } catch (const CLI::ParseError& error) {
    if (const std::string unknown = unknown_word(tree.app, argc, argv); !unknown.empty()) {
      std::fprintf(stderr, "%s\nRun with --help for more information.\n", unknown.c_str());
    } else {
      tree.app.exit(error);
    }
    return tl::unexpected(static_cast<int>(ExitCode::Usage));
  }
  if (const std::string empty = empty_word(tree.app); !empty.empty()) {
    std::fprintf(stderr, "daybook: %s\n", empty.c_str());
    return tl::unexpected(static_cast<int>(ExitCode::Usage));
  }
  return CommandLine{std::move(tree.run), tree.quiet, tree.verbose, asks_for_json(tree.app)};
}

}  // namespace daybook::cli
