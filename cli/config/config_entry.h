#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace daybook::cli {

/// One thing that the configuration says, and where.
struct ConfigEntry {
  std::string name;   ///< `server.listen`, `policies.mosp.invoiceDay`, `provider.bankAccounts[0].iban`
  std::string value;  ///< JSON without white space
  std::string place;  ///< `daybook.toml:12:3`, `DAYBOOK_SERVER_LISTEN`, `--listen`
  int line = 0;       ///< in a file, from 1
  int column = 0;

  friend bool operator==(const ConfigEntry&, const ConfigEntry&) = default;
};

struct ConfigMistake {
  std::string place;
  int line = 0;
  int column = 0;
  std::string text;
};

/// What a source says, and every mistake in it.
struct ConfigSource {
  std::vector<ConfigEntry> entries;
  std::vector<ConfigMistake> mistakes;
  std::vector<ConfigEntry> empty_tables{};  ///< without a value: nothing else would show that nobody knows them
};

/// `text` as a JSON text.
[[nodiscard]] std::string json_text(std::string_view text);

/// Reads TOML 1.0. Tables become names with dots, tables in a list names with `[n]`; numbers are whole, dates become
/// texts. A mistake of the syntax ends the reading; all others are gathered. `file` names it in places.
[[nodiscard]] ConfigSource read_toml(std::string_view text, const std::string& file);

}  // namespace daybook::cli
