#include "cli/config/config_tree.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "ledger/codec/json_writer.h"

namespace daybook::cli {
namespace {

/// Names with dots and numbers as the object they stand for.
struct Node {
  std::string value;                     ///< JSON; empty: it has members or items
  std::map<std::string, Node> members;
  std::map<std::size_t, Node> items;

  void put(std::string_view name, const std::string& json) {
    if (name.empty()) {
      value = json;
      return;
    }
    if (name.front() == '[') {
      const std::size_t end = name.find(']');
      std::size_t number = 0;
      std::from_chars(name.data() + 1, name.data() + end, number);
      items[number].put(name.substr(end + 1), json);
      return;
    }
    if (name.front() == '.') name.remove_prefix(1);
    const std::size_t end = std::min(name.find_first_of(".["), name.size());
    members[std::string(name.substr(0, end))].put(name.substr(end), json);
  }

  void write(codec::JsonWriter& json) const {
    if (!value.empty()) {
      json.raw(value);
    } else if (!items.empty()) {
      json.begin_array();
      for (const auto& [number, item] : items) item.write(json);
      json.end_array();
    } else {
      json.begin_object();
      for (const auto& [name, member] : members) {
        json.key(name);
        member.write(json);
      }
      json.end_object();
    }
  }
};

}  // namespace

std::string json_of_wish(const std::map<std::string, ConfigEntry>& entries, Date today) {
  constexpr std::string_view kPolicies = "policies.";
  Node provider;
  Node terms;
  std::string out;
  codec::JsonWriter json(out);
  json.begin_object().key("policies").begin_array();
  for (const auto& [name, entry] : entries) {
    if (name.starts_with(kPolicies)) {
      json.begin_object().key("policy").text(std::string_view(name).substr(kPolicies.size()));
      json.key("value").raw(entry.value).end_object();
    } else if (name.starts_with("provider.")) {
      provider.put(std::string_view(name).substr(9), entry.value);
    } else if (name.starts_with("email.terms.")) {
      terms.put(std::string_view(name).substr(12), entry.value);
    }
  }
  json.end_array();
  if (!provider.members.empty()) {
    if (!provider.members.contains("product")) provider.put("product", R"("")");
    provider.members["effectiveOn"].value = "\"" + today.text() + "\"";
    json.key("provider");
    provider.write(json);
  }
  if (!terms.members.empty()) {
    json.key("emailTerms");
    terms.write(json);
  }
  json.end_object();
  return out;
}

}  // namespace daybook::cli
