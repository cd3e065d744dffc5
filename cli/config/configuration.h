#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/config/config_entry.h"
#include "cli/outcome.h"
#include "ledger/domain/commands/administration.h"
#include "ledger/domain/setting.h"
#include "ledger/domain/time.h"

namespace daybook::cli {

/// Where a configuration comes from, the strongest first: flags, environment, file; what none says has its default.
struct ConfigSources {
  std::string file;                                ///< `--config`; empty: `find_config_file`
  std::map<std::string, std::string> environment;  ///< variables that begin with DAYBOOK_, and those that name folders
  std::vector<ConfigEntry> flags;
};

/// The environment of this process.
[[nodiscard]] std::map<std::string, std::string> process_environment();

/// The file to read where no flag names one: `$DAYBOOK_CONFIG`, else the first that there is of
/// `$XDG_CONFIG_HOME/daybook/config.toml` (`~/.config`) and `/etc/daybook/daybook.toml`. Empty: none.
[[nodiscard]] std::string find_config_file(const std::map<std::string, std::string>& environment);

/// What is configured, by name, the strongest source of each; and all mistakes of all sources.
class Configuration {
 public:
  /// Errors: Format for a file that cannot be read.
  [[nodiscard]] static Outcome<Configuration> load(const ConfigSources& sources);

  /// The file that was read; empty: none.
  [[nodiscard]] const std::string& file() const { return file_; }
  /// In order of name. Lists of tables stand there by their members.
  [[nodiscard]] const std::map<std::string, ConfigEntry>& entries() const { return entries_; }
  /// Null: nothing says it.
  [[nodiscard]] const ConfigEntry* find(const std::string& name) const;
  [[nodiscard]] const std::vector<ConfigMistake>& mistakes() const { return mistakes_; }
  /// All mistakes, a line each, as exit 78; done where there is none.
  [[nodiscard]] Outcome<void> check() const;

  /// The value of `[server]` `name` in JSON: as configured, else its default.
  [[nodiscard]] std::string server(std::string_view name) const;
  [[nodiscard]] std::string server_text(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> server_texts(std::string_view name) const;

  /// What it says of policies, provider and terms, for the ledger; the provider's block from `today` on. Only without
  /// mistakes.
  [[nodiscard]] ApplyConfiguration wish(Date today) const;
  /// Whether it says anything of them.
  [[nodiscard]] bool concerns_the_ledger() const;

 private:
  void take(ConfigSource source);
  void take_environment(const std::map<std::string, std::string>& environment);
  void check_entry(const ConfigEntry& entry);
  void check_whole();
  void check_provider();
  /// Of a table without a value: whether anything could stand in it.
  void check_table(const ConfigEntry& table);
  void mistake(const ConfigEntry& at, std::string text);
  void mistake(std::string_view name, std::string text);

  std::string file_;
  std::map<std::string, ConfigEntry> entries_;
  std::vector<ConfigMistake> mistakes_;
};

/// `policies.mosp.invoiceDay` as the environment names it: `DAYBOOK_POLICIES_MOSP_INVOICE_DAY`.
[[nodiscard]] std::string environment_name(std::string_view name);

/// A setting of `[provider]` or `[email.terms]`: a text.
struct TextSetting {
  std::string_view name;     ///< `provider.bankAccounts[].iban`
  bool required = false;     ///< wherever its block is given
  std::string_view meaning;
};
[[nodiscard]] std::span<const TextSetting> text_settings();

}  // namespace daybook::cli
