#include <string>

#include <fmt/format.h>

#include "cli/config/server_settings.h"
#include "cli/config/shown_setting.h"
#include "ledger/domain/rules/policies.h"

namespace daybook::cli {
namespace {

constexpr std::string_view kIntroduction = R"(# Configuration

This page is made by `daybook config reference`; a test compares it with what the program knows.

The strongest that says a thing counts: a flag, the environment, the file, the default. The file is TOML: `--config FILE`, else
`$DAYBOOK_CONFIG`, else the first that there is of `$XDG_CONFIG_HOME/daybook/config.toml` (`~/.config/daybook/config.toml`) and
`/etc/daybook/daybook.toml`. A setting's variable is its name in capitals: `policies.mosp.invoiceDay` is
`DAYBOOK_POLICIES_MOSP_INVOICE_DAY`; lists have commas between. A name that there is not, or a value that it does not take, is
refused with its line and column, and nothing starts (78). `daybook config check` says so beforehand, `daybook config show
--origin` what holds and who says it.

```toml
[server]
listen = "127.0.0.1:8080"
hosts = ["billing.example"]

[policies]
dunning.warnDays = 14
mosp.invoiceDay = "PERIOD_END_PLUS_1"

[provider]
name = "Contoso Cloud"
product = "Cloud"
legalName = "Contoso Cloud BV"
address.companyName = "Contoso Cloud BV"
address.country = "NL"

[[provider.bankAccounts]]
currency = "EUR"
iban = "NL91ABNA0417164300"

[email.terms]
version = "2024-01"
text.en = "You agree to get invoices by e-mail."
```

## What is recorded

`[policies]`, `[provider]` and `[email.terms]` are no settings of a process: they decide what is billed. At its start a server
records what of them differs from what the configuration last said, as events (`PolicyChanged` with `byConfiguration`,
`ProviderDetailsChanged`, `EmailTermsPublished`), which hold from their position on. Nothing else reads the file, so what was
billed before stays as it was, and a rebuild under any configuration gives the same.

Whoever spoke last holds. A command `SetPolicy` changes what the file said before; the file changes it again only once it says
something else than it last said, and a start without a change in the file changes nothing. A line that is taken out of the
file takes nothing back: write the default to return to it.
)";

std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return out;
}

void add_settings(std::string& page, std::span<const SettingDefinition> settings, bool with_source) {
  page += with_source ? "| Name | Takes | Default | From | Meaning |\n|---|---|---|---|---|\n"
                      : "| Name | Takes | Default | Meaning |\n|---|---|---|---|\n";
  for (const SettingDefinition& each : settings) {
    page += fmt::format("| `{}` | {} | `{}` |", each.name, cell(what_it_takes(each)), cell(each.default_value));
    if (with_source) page += fmt::format(" {} |", each.source);
    page += fmt::format(" {} |\n", cell(each.meaning));
  }
}

void add_texts(std::string& page, std::string_view section) {
  page += "| Name | Needed | Meaning |\n|---|---|---|\n";
  for (const TextSetting& each : text_settings()) {
    if (!each.name.starts_with(section)) continue;
    page += fmt::format("| `{}` | {} | {} |\n", each.name.substr(section.size() + 1), each.required ? "yes" : "", cell(each.meaning));
  }
}

}  // namespace

std::string configuration_page() {
  std::string page(kIntroduction);
  page += "\n## [server]\n\nOne process; none of it is recorded.\n\n";
  add_settings(page, server_settings(), false);
  page += "\n## [policies]\n\nThe conflict register (CF-…) and every default that is a choice of ours. All stand in `GET /v1/policies` too.\n\n";
  add_settings(page, all_policies(), true);
  page += "\n## [provider]\n\nTexts, all of them. A block needs its `yes` rows; `[]` stands for each of a list.\n\n";
  add_texts(page, "provider");
  page += "\n## [email.terms]\n\nWhat must be accepted before the opt-in to invoices by e-mail.\n\n";
  add_texts(page, "email.terms");
  return page;
}

}  // namespace daybook::cli
