#pragma once

#include <string>
#include <vector>

#include "cli/config/configuration.h"
#include "ledger/domain/rules/state_reader.h"

namespace daybook::cli {

/// A setting as it holds, and who says so.
struct ShownSetting {
  std::string name;
  std::string value;   ///< JSON
  std::string origin;  ///< `default`, `FILE:LINE:COLUMN`, a variable, a flag, `ledger, position 17`
};

/// Every setting, in order of name; `state`: that of a ledger, whose recorded policies and provider hold until the
/// configuration says something new. Null: as a new ledger would have it.
[[nodiscard]] std::vector<ShownSetting> shown_settings(const Configuration& configuration, const StateReader* state);

/// In columns.
[[nodiscard]] std::string as_table(const std::vector<ShownSetting>& settings, bool with_origin);
/// As a file that says the same when it is read back; origins are comments.
[[nodiscard]] std::string as_toml(const std::vector<ShownSetting>& settings, bool with_origin);
/// `{"items":[{"name","value","origin"}]}`
[[nodiscard]] std::string as_json(const std::vector<ShownSetting>& settings);

/// docs/reference/configuration.md: every setting, what it takes and means.
[[nodiscard]] std::string configuration_page();

}  // namespace daybook::cli
