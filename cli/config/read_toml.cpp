// The one file that includes toml++: its header takes seconds.
#include <toml++/toml.h>

#include <fmt/format.h>

#include "cli/config/config_entry.h"
#include "ledger/codec/json_writer.h"

namespace daybook::cli {
namespace {

class TomlReader {
 public:
  explicit TomlReader(const std::string& file) : file_(file) {}

  void read(const std::string& prefix, const toml::table& table) {
    for (const auto& [key, node] : table) {
      const std::string_view word = key.str();
      read(prefix.empty() ? std::string(word) : prefix + "." + std::string(word), node, key.source());
    }
  }

  [[nodiscard]] ConfigSource take() { return std::move(source_); }

  void mistake(const toml::source_position& at, std::string text) {
    source_.mistakes.push_back({place(at), static_cast<int>(at.line), static_cast<int>(at.column), std::move(text)});
  }

 private:
  [[nodiscard]] std::string place(const toml::source_position& at) const {
    return fmt::format("{}:{}:{}", file_, at.line, at.column);
  }

  void read(const std::string& name, const toml::node& node, const toml::source_region& key) {
    if (const toml::table* table = node.as_table()) {
      if (table->empty())
        source_.empty_tables.push_back({name, "{}", place(key.begin), static_cast<int>(key.begin.line), static_cast<int>(key.begin.column)});
      read(name, *table);
      return;
    }
    if (const toml::array* array = node.as_array(); array != nullptr && holds_tables(*array)) {
      for (std::size_t i = 0; i < array->size(); ++i) {
        read(fmt::format("{}[{}]", name, i), *array->get(i), array->get(i)->source());
      }
      return;
    }
    std::string value;
    codec::JsonWriter json(value);
    if (write(node, json)) {
      source_.entries.push_back({name, std::move(value), place(key.begin), static_cast<int>(key.begin.line),
                                 static_cast<int>(key.begin.column)});
    }
  }

  static bool holds_tables(const toml::array& array) {
    for (const toml::node& each : array) {
      if (each.is_table()) return true;
    }
    return false;
  }

  /// The value in JSON; false after a mistake.
  bool write(const toml::node& node, codec::JsonWriter& json) {
    switch (node.type()) {
      case toml::node_type::string:
        json.text(**node.as_string());
        return true;
      case toml::node_type::integer:
        json.number(**node.as_integer());
        return true;
      case toml::node_type::boolean:
        json.boolean(**node.as_boolean());
        return true;
      case toml::node_type::date: {
        const toml::date& date = **node.as_date();
        json.text(fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day));
        return true;
      }
      case toml::node_type::array: {
        json.begin_array();
        bool good = true;
        for (const toml::node& each : *node.as_array()) good = write(each, json) && good;
        json.end_array();
        return good;
      }
      default:
        mistake(node.source().begin, "numbers are whole here, amounts are texts, and times do not occur");
        return false;
    }
  }

  const std::string& file_;
  ConfigSource source_;
};

}  // namespace

std::string json_text(std::string_view text) {
  std::string out;
  codec::JsonWriter(out).text(text);
  return out;
}

ConfigSource read_toml(std::string_view text, const std::string& file) {
  TomlReader reader(file);
  try {
    const toml::table table = toml::parse(text, file);
    reader.read("", table);
  } catch (const toml::parse_error& error) {
    reader.mistake(error.source().begin, std::string(error.description()));
  }
  return reader.take();
}

}  // namespace daybook::cli
