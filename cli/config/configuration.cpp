#include "cli/config/configuration.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <tuple>

#include <unistd.h>

#include "cli/config/config_tree.h"
#include "cli/config/server_settings.h"
#include "cli/json_value.h"
#include "cli/serving.h"
#include "ledger/codec/codec.h"
#include "ledger/domain/invariant.h"
#include "ledger/domain/rules/policies.h"
#include "ledger/domain/rules/provider.h"
#include "ledger/domain/rules/try.h"

namespace daybook::cli {
namespace {

constexpr std::string_view kServer = "server.";
constexpr std::string_view kPolicies = "policies.";
constexpr std::string_view kProvider = "provider.";
constexpr std::string_view kTerms = "email.terms.";

const SettingDefinition* find_server_setting(std::string_view name) {
  for (const SettingDefinition& each : server_settings()) {
    if (each.name == name) return &each;
  }
  return nullptr;
}

/// `provider.bankAccounts[3].iban` without the number.
std::string without_numbers(std::string_view name) {
  std::string plain;
  bool inside = false;
  for (const char c : name) {
    if (c == ']') inside = false;
    if (!inside) plain += c;
    if (c == '[') inside = true;
  }
  return plain;
}

const TextSetting* find_text_setting(std::string_view name) {
  const std::string plain = without_numbers(name);
  for (const TextSetting& each : text_settings()) {
    if (each.name == plain) return &each;
  }
  return nullptr;
}

/// Every name that may be configured.
std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const SettingDefinition& each : server_settings()) names.push_back(std::string(kServer) + std::string(each.name));
  for (const SettingDefinition& each : all_policies()) names.push_back(std::string(kPolicies) + std::string(each.name));
  for (const TextSetting& each : text_settings()) names.emplace_back(each.name);
  return names;
}

std::string nearest(const std::vector<std::string>& names, std::string_view word) {
  const std::vector<std::string_view> views(names.begin(), names.end());
  return std::string(nearest_name(views, word));
}

/// What a variable says, as the setting is written in JSON.
std::string json_of_variable(std::string_view name, const std::string& text) {
  const SettingDefinition* setting = name.starts_with(kServer)     ? find_server_setting(name.substr(kServer.size()))
                                     : name.starts_with(kPolicies) ? find_policy(name.substr(kPolicies.size()))
                                                                   : nullptr;
  const SettingKind kind = setting != nullptr ? setting->kind : SettingKind::Text;
  switch (kind) {
    case SettingKind::Switch:
    case SettingKind::Whole:
      return text;
    case SettingKind::Word:
    case SettingKind::Day:
    case SettingKind::Text:
      return json_text(text);
    default:
      break;
  }
  std::string json = "[";
  std::istringstream parts(text);
  for (std::string part; std::getline(parts, part, ',');) {
    if (json.size() > 1) json += ',';
    json += kind == SettingKind::WholeList ? part : json_text(part);
  }
  return json + "]";
}

/// `/provider/bankAccounts/0/iban` as the configuration names it.
std::string name_of_pointer(std::string_view pointer) {
  std::string name;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::string_view part = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(part.size());
    const bool is_number = std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (is_number) {
      name += "[" + std::string(part) + "]";
    } else {
      name += (name.empty() ? "" : ".") + std::string(part);
    }
  }
  return name;
}

}  // namespace

std::map<std::string, std::string> process_environment() {
  std::map<std::string, std::string> variables;
  for (char** each = ::environ; *each != nullptr; ++each) {
    const std::string_view text(*each);
    const std::size_t equal = text.find('=');
    if (equal != std::string_view::npos) variables.emplace(text.substr(0, equal), text.substr(equal + 1));
  }
  return variables;
}

std::string find_config_file(const std::map<std::string, std::string>& environment) {
  const auto variable = [&](const char* name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string() : found->second;
  };
  if (std::string named = variable("DAYBOOK_CONFIG"); !named.empty()) return named;
  std::vector<std::string> places;
  if (const std::string home = variable("XDG_CONFIG_HOME"); !home.empty()) {
    places.push_back(home + "/daybook/config.toml");
  } else if (const std::string user = variable("HOME"); !user.empty()) {
    places.push_back(user + "/.config/daybook/config.toml");
  }
  places.emplace_back("/etc/daybook/daybook.toml");
  for (std::string& place : places) {
    std::error_code ignored;
    if (std::filesystem::exists(place, ignored)) return std::move(place);
  }
  return {};
}

Outcome<Configuration> Configuration::load(const ConfigSources& sources) {
  Configuration made;
  made.file_ = sources.file.empty() ? find_config_file(sources.environment) : sources.file;
  if (!made.file_.empty()) {
    std::error_code ignored;
    errno = 0;
    std::ifstream in(made.file_, std::ios::binary);
    const std::string why = errno != 0 ? std::strerror(errno) : "it does not open";
    std::ostringstream text;
    text << in.rdbuf();
    if (std::filesystem::is_directory(made.file_, ignored))
      return fail(ExitCode::Format, "The configuration " + made.file_ + " cannot be read: it is a directory.");
    if (!in) return fail(ExitCode::Format, "The configuration " + made.file_ + " cannot be read: " + why + ".");
    made.take(read_toml(text.str(), made.file_));
  }
  made.take_environment(sources.environment);
  for (const auto& [name, entry] : made.entries_) made.check_entry(entry);
  for (const ConfigEntry& flag : sources.flags) made.entries_.insert_or_assign(flag.name, flag);
  made.check_whole();
  std::stable_sort(made.mistakes_.begin(), made.mistakes_.end(), [](const ConfigMistake& left, const ConfigMistake& right) {
    return std::tie(left.line, left.column) < std::tie(right.line, right.column);
  });
  return made;
}

const ConfigEntry* Configuration::find(const std::string& name) const {
  const auto found = entries_.find(name);
  return found == entries_.end() ? nullptr : &found->second;
}

void Configuration::take(ConfigSource source) {
  for (ConfigEntry& entry : source.entries) {
    std::string name = entry.name;
    entries_.insert_or_assign(std::move(name), std::move(entry));
  }
  for (ConfigMistake& mistake : source.mistakes) mistakes_.push_back(std::move(mistake));
  for (const ConfigEntry& table : source.empty_tables) check_table(table);
}

void Configuration::check_table(const ConfigEntry& table) {
  const std::string start = without_numbers(table.name) + ".";
  std::vector<std::string> tables;
  for (const std::string& name : all_names()) {
    if (name.starts_with(start)) return;
    for (std::size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', dot + 1)) tables.push_back(name.substr(0, dot));
  }
  const std::string meant = nearest(tables, table.name);
  mistake(table, "there is no table [" + table.name + "]" + (meant.empty() ? "" : "; did you mean [" + meant + "]?"));
}

void Configuration::take_environment(const std::map<std::string, std::string>& environment) {
  std::map<std::string, std::string> by_variable;
  std::vector<std::string> variables;
  for (const std::string& name : all_names()) {
    if (name.find('[') != std::string::npos) continue;
    variables.push_back(environment_name(name));
    by_variable.emplace(variables.back(), name);
  }
  for (const auto& [variable, value] : environment) {
    const bool is_ours = variable.starts_with("DAYBOOK_SERVER_") || variable.starts_with("DAYBOOK_POLICIES_") ||
                         variable.starts_with("DAYBOOK_PROVIDER_") || variable.starts_with("DAYBOOK_EMAIL_");
    if (!is_ours || value.empty()) continue;
    const auto found = by_variable.find(variable);
    if (found == by_variable.end()) {
      const std::string meant = nearest(variables, variable);
      mistakes_.push_back({"environment variable " + variable, 0, 0,
                           "there is no such setting" + (meant.empty() ? "" : "; did you mean " + meant + "?")});
      continue;
    }
    entries_.insert_or_assign(found->second,
                              ConfigEntry{found->second, json_of_variable(found->second, value), variable, 0, 0});
  }
}

void Configuration::mistake(const ConfigEntry& at, std::string text) {
  mistakes_.push_back({at.line > 0 ? at.place : "environment variable " + at.place, at.line, at.column, std::move(text)});
}

/// At the entry of that name, or the first one of its block.
void Configuration::mistake(std::string_view name, std::string text) {
  const auto found = entries_.lower_bound(std::string(name));
  if (found != entries_.end() && (found->first == name || found->first.starts_with(name))) {
    mistake(found->second, std::move(text));
    return;
  }
  const std::size_t end = name.find_last_of(".[");
  if (end == std::string_view::npos) {
    mistakes_.push_back({file_, 0, 0, std::move(text)});
  } else {
    mistake(name.substr(0, end), std::move(text));
  }
}

void Configuration::check_entry(const ConfigEntry& entry) {
  const std::string_view name = entry.name;
  if (name.starts_with(kPolicies)) {
    const std::string_view policy = name.substr(kPolicies.size());
    if (find_policy(policy) != nullptr) {
      if (const Result<void> checked = ::daybook::check_policy(policy, entry.value); !checked)
        mistake(entry, checked.error().detail);
      return;
    }
  } else if (name.starts_with(kServer)) {
    if (const SettingDefinition* setting = find_server_setting(name.substr(kServer.size()))) {
      std::optional<std::string> reason = why_not(*setting, entry.value);
      if (!reason && setting->name == "listen" && !listen_options(server_text("listen")))
        reason = "listen takes an address such as \"127.0.0.1:8080\", or port 0 for any free one";
      if (reason) mistake(entry, std::move(*reason));
      return;
    }
  } else if (const TextSetting* setting = find_text_setting(name)) {
    if (!unquoted(entry.value)) mistake(entry, std::string(setting->name) + " takes a text, in quotes");
    return;
  }
  const std::string meant = nearest(all_names(), without_numbers(name));
  mistake(entry, "there is no setting " + entry.name + (meant.empty() ? "" : "; did you mean " + meant + "?"));
}

void Configuration::check_whole() {
  for (const TextSetting& setting : text_settings()) {
    if (!setting.required) continue;
    const std::string name(setting.name);
    const std::size_t list = name.find("[]");
    if (list == std::string::npos) {
      const std::string block = name.substr(0, name.rfind('.') + 1);
      const auto first = entries_.lower_bound(block);
      if (first != entries_.end() && first->first.starts_with(block) && find(name) == nullptr)
        mistake(first->second, name + " is missing");
      continue;
    }
    const std::string block = name.substr(0, list + 1);  // `provider.bankAccounts[`
    std::string seen;
    for (auto each = entries_.lower_bound(block); each != entries_.end() && each->first.starts_with(block); ++each) {
      const std::string item = each->first.substr(0, each->first.find(']') + 1);
      if (item != seen && find(item + name.substr(list + 2)) == nullptr)
        mistake(each->second, item + name.substr(list + 2) + " is missing");
      seen = item;
    }
  }
  const auto first_text = entries_.lower_bound("email.terms.");
  if (find("email.terms.version") != nullptr && find("email.terms.text.en") == nullptr &&
      find("email.terms.text.nl") == nullptr) {
    mistake(first_text->second, "email.terms.text.en or email.terms.text.nl is missing");
  }
  if (mistakes_.empty()) check_provider();
}

void Configuration::check_provider() {
  const Result<CommandData> parsed =
      codec::codec(CommandType::ApplyConfiguration).from_json(json_of_wish(entries_, Date()));
  if (!parsed) {
    mistake(name_of_pointer(parsed.error().pointer), parsed.error().detail);
    return;
  }
  const auto& wish = parsed->get<ApplyConfiguration>();
  if (!wish.provider) return;
  for (const Error& fault : faults_of(*wish.provider)) {
    mistake(name_of_pointer("/provider" + fault.pointer), fault.detail);
  }
}

Outcome<void> Configuration::check() const {
  if (mistakes_.empty()) return {};
  std::string text;
  for (const ConfigMistake& each : mistakes_) {
    if (!text.empty()) text += "\ndaybook: ";
    text += each.place + ": " + each.text;
  }
  return fail(ExitCode::Format, std::move(text));
}

std::string Configuration::server(std::string_view name) const {
  const SettingDefinition* setting = find_server_setting(name);
  LEDGER_INVARIANT(setting != nullptr);
  const ConfigEntry* entry = find(std::string(kServer) + std::string(name));
  return entry != nullptr ? entry->value : std::string(setting->default_value);
}

std::string Configuration::server_text(std::string_view name) const {
  const Result<JsonValue> value = JsonValue::parse(server(name));
  return value ? value->text() : std::string();
}

std::vector<std::string> Configuration::server_texts(std::string_view name) const {
  std::vector<std::string> texts;
  const Result<JsonValue> value = JsonValue::parse(server(name));
  if (!value) return texts;
  for (const JsonValue& each : value->items()) texts.push_back(each.text());
  return texts;
}

ApplyConfiguration Configuration::wish(Date today) const {
  Result<CommandData> parsed = codec::codec(CommandType::ApplyConfiguration).from_json(json_of_wish(entries_, today));
  LEDGER_INVARIANT(parsed.has_value());
  return parsed->get<ApplyConfiguration>();
}

bool Configuration::concerns_the_ledger() const {
  return std::any_of(entries_.begin(), entries_.end(), [](const auto& each) {
    return each.first.starts_with(kPolicies) || each.first.starts_with(kProvider) || each.first.starts_with(kTerms);
  });
}

std::string environment_name(std::string_view name) {
  std::string made = "DAYBOOK_";
  char before = '.';
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isupper(byte) != 0 && (std::islower(static_cast<unsigned char>(before)) != 0)) made += '_';
    made += c == '.' ? '_' : static_cast<char>(std::toupper(byte));
    before = c;
  }
  return made;
}

}  // namespace daybook::cli
