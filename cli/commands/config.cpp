#include <cstdio>
#include <optional>

#include "cli/commands/commands.h"
#include "cli/config/configuration.h"
#include "cli/config/shown_setting.h"
#include "cli/directory.h"
#include "ledger/domain/rules/try.h"

namespace daybook::cli {
namespace {

Outcome<Configuration> configured(const std::string& file) {
  ConfigSources sources;
  sources.file = file;
  sources.environment = process_environment();
  return Configuration::load(sources);
}

void print(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stdout); }

Outcome<void> print_settings(const ConfigShowOptions& options, const Configuration& configuration,
                             const StateReader* state) {
  const std::vector<ShownSetting> settings = shown_settings(configuration, state);
  const std::string output = options.json ? "json" : options.output;
  if (output == "json") {
    print(as_json(settings));
  } else if (output == "toml") {
    print(as_toml(settings, options.origin));
  } else if (output == "table") {
    print(as_table(settings, options.origin));
  } else {
    return fail(ExitCode::Usage, "--output " + output + " is neither table, toml nor json.");
  }
  return {};
}

}  // namespace

Outcome<void> config_check(const std::string& file) {
  LEDGER_TRY(const Configuration configuration, configured(file));
  LEDGER_CHECK(configuration.check());
  const std::string& read = configuration.file();
  print(read.empty() ? "There is no configuration file; all settings have their defaults.\n"
                     : read + ": " + std::to_string(configuration.entries().size()) + " settings, no mistake.\n");
  return {};
}

Outcome<void> config_show(const ConfigShowOptions& options) {
  LEDGER_TRY(const Configuration configuration, configured(options.config));
  LEDGER_CHECK(configuration.check());
  if (options.directory.empty()) return print_settings(options, configuration, nullptr);
  LEDGER_TRY(const std::unique_ptr<server::LedgerHost> host, open_directory(options.directory, false));
  Outcome<void> printed;
  host->ledger().read_books([&](const StateReader& state) { printed = print_settings(options, configuration, &state); });
  return printed;
}

Outcome<void> config_reference() {
  print(configuration_page());
  return {};
}

}  // namespace daybook::cli
