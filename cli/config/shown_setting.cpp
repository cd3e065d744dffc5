#include "cli/config/shown_setting.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/config/server_settings.h"
#include "cli/json_value.h"
#include "ledger/codec/codec.h"
#include "ledger/codec/json_writer.h"
#include "ledger/domain/rules/policies.h"

namespace daybook::cli {
namespace {

ShownSetting configured(const ConfigEntry& entry) { return {entry.name, entry.value, entry.place}; }

ShownSetting shown_policy(const Configuration& configuration, const SettingDefinition& policy, const StateReader* state) {
  const std::string name = "policies." + std::string(policy.name);
  const ConfigEntry* entry = configuration.find(name);
  const PolicySetting* recorded = state != nullptr ? state->policies().setting(policy.name) : nullptr;
  if (recorded == nullptr) {
    return entry != nullptr ? configured(*entry) : ShownSetting{name, std::string(policy.default_value), "default"};
  }
  if (entry != nullptr && recorded->configured != entry->value) return configured(*entry);  // recorded at the next start
  std::string origin = fmt::format("ledger, position {}", recorded->set_at);
  if (entry != nullptr && recorded->set_at == recorded->configured_at) {
    origin = fmt::format("{}, recorded at position {}", entry->place, recorded->set_at);
  } else if (entry != nullptr && recorded->value != entry->value) {
    origin += fmt::format(", since {} was recorded at position {}", entry->place, recorded->configured_at);
  }
  return {name, recorded->value, std::move(origin)};
}

void flatten(const std::string& name, const JsonValue& value, const std::string& origin,
             std::vector<ShownSetting>& shown) {
  switch (value.kind()) {
    case JsonValue::Kind::Object:
      for (const auto& [member, each] : value.members()) flatten(name + "." + member, each, origin, shown);
      return;
    case JsonValue::Kind::Array:
      for (std::size_t i = 0; i < value.items().size(); ++i)
        flatten(fmt::format("{}[{}]", name, i), value.items()[i], origin, shown);
      return;
    case JsonValue::Kind::Text:
      shown.push_back({name, json_text(value.text()), origin});
      return;
    default:
      return;
  }
}

/// What the ledger has recorded of the provider, in the words of the configuration.
void add_recorded_provider(const ProviderDetailsChanged& block, std::vector<ShownSetting>& shown) {
  std::string text;
  codec::JsonWriter json(text);
  codec::codec(EventType::ProviderDetailsChanged).to_json(EventData(block), json);
  const Result<JsonValue> value = JsonValue::parse(text);
  if (!value) return;
  const std::string origin = "ledger, from " + block.effective_on.text();
  for (const auto& [member, each] : value->members()) {
    if (member != "effectiveOn") flatten("provider." + member, each, origin, shown);
  }
}

/// Where a list of tables begins: `provider.bankAccounts` of `provider.bankAccounts[0].iban`.
std::string list_of(const std::string& name) {
  const std::size_t bracket = name.find('[');
  return bracket == std::string::npos ? std::string() : name.substr(0, bracket);
}

}  // namespace

std::vector<ShownSetting> shown_settings(const Configuration& configuration, const StateReader* state) {
  std::vector<ShownSetting> shown;
  for (const SettingDefinition& each : server_settings()) {
    const std::string name = "server." + std::string(each.name);
    const ConfigEntry* entry = configuration.find(name);
    shown.push_back(entry != nullptr ? configured(*entry)
                                     : ShownSetting{name, std::string(each.default_value), "default"});
  }
  for (const SettingDefinition& each : all_policies()) shown.push_back(shown_policy(configuration, each, state));
  bool has_provider = false;
  for (const auto& [name, entry] : configuration.entries()) {
    has_provider = has_provider || name.starts_with("provider.");
    if (name.starts_with("provider.") || name.starts_with("email.")) shown.push_back(configured(entry));
  }
  const ProviderDetailsChanged* recorded = state != nullptr ? state->provider().current() : nullptr;
  if (!has_provider && recorded != nullptr) add_recorded_provider(*recorded, shown);
  std::stable_sort(shown.begin(), shown.end(),
                   [](const ShownSetting& left, const ShownSetting& right) { return left.name < right.name; });
  return shown;
}

std::string as_table(const std::vector<ShownSetting>& settings, bool with_origin) {
  std::size_t name_width = 0;
  std::size_t value_width = 0;
  for (const ShownSetting& each : settings) {
    name_width = std::max(name_width, each.name.size());
    value_width = std::max(value_width, std::min<std::size_t>(each.value.size(), 60));
  }
  std::string text;
  for (const ShownSetting& each : settings) {
    text += with_origin ? fmt::format("{:<{}}  {:<{}}  {}\n", each.name, name_width, each.value, value_width, each.origin)
                        : fmt::format("{:<{}}  {}\n", each.name, name_width, each.value);
  }
  return text;
}

std::string as_toml(const std::vector<ShownSetting>& settings, bool with_origin) {
  std::string text;
  std::string section;
  std::string item;
  for (const ShownSetting& each : settings) {
    const std::string list = list_of(each.name);
    if (!list.empty()) continue;
    const std::string begin =
        each.name.starts_with("email.terms.") ? std::string("email.terms") : each.name.substr(0, each.name.find('.'));
    if (begin != section) {
      text += fmt::format("{}[{}]\n", text.empty() ? "" : "\n", begin);
      section = begin;
    }
    text += each.name.substr(section.size() + 1) + " = " + each.value;
    text += with_origin ? "  # " + each.origin + "\n" : "\n";
  }
  for (const ShownSetting& each : settings) {
    const std::string list = list_of(each.name);
    if (list.empty()) continue;
    const std::size_t end = each.name.find(']') + 1;
    if (each.name.substr(0, end) != item) {
      item = each.name.substr(0, end);
      text += fmt::format("\n[[{}]]\n", list);
    }
    text += each.name.substr(end + 1) + " = " + each.value;
    text += with_origin ? "  # " + each.origin + "\n" : "\n";
  }
  return text;
}

std::string as_json(const std::vector<ShownSetting>& settings) {
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object().key("items").begin_array();
  for (const ShownSetting& each : settings) {
    json.begin_object().key("name").text(each.name).key("value").raw(each.value).key("origin").text(each.origin);
    json.end_object();
  }
  json.end_array().end_object();
  return text + "\n";
}

}  // namespace daybook::cli
