#include "replay/damage.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace daybook::replay {
namespace {

constexpr std::string_view kFileEnds = " :,;'\"\n";

/// The first path below the directory, or the first name of a database file (000012.sst).
std::optional<std::string> file_in(std::string_view directory, std::string_view text) {
  while (directory.ends_with('/')) directory.remove_suffix(1);
  const std::string prefix = std::string(directory) + "/";
  std::size_t at = text.find(prefix);
  std::optional<std::string> folder;
  for (; !directory.empty() && at != std::string_view::npos; at = text.find(prefix, at + 1)) {
    std::string_view path = text.substr(at + prefix.size());
    path = path.substr(0, path.find_first_of(kFileEnds));
    while (path.ends_with('.')) path.remove_suffix(1);
    // A sentence that begins with the database names the file in it later.
    if (path != "log") return std::string(path);
    folder = std::string(path);
  }
  for (const std::string_view suffix : {".sst", ".log"}) {
    const std::size_t end = text.find(suffix);
    if (end == std::string_view::npos) continue;
    std::size_t begin = end;
    while (begin > 0 && text[begin - 1] >= '0' && text[begin - 1] <= '9') --begin;
    if (begin < end) return "log/" + std::string(text.substr(begin, end - begin + suffix.size()));
  }
  for (const std::string_view name : {"MANIFEST", "CURRENT"}) {
    const std::size_t begin = text.find(name);
    if (begin == std::string_view::npos) continue;
    std::string_view path = text.substr(begin);
    path = path.substr(0, path.find_first_of(kFileEnds));
    while (path.ends_with('.')) path.remove_suffix(1);
    return "log/" + std::string(path);
  }
  if (text.find("witness") != std::string_view::npos) return "witness";
  return folder;
}

std::optional<log::Position> number_at(std::string_view& text) {
  log::Position number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

void positions_in(std::string_view text, Damage& damage) {
  constexpr std::string_view kMany = "positions ";
  constexpr std::string_view kOne = "position ";
  if (const std::size_t many = text.find(kMany); many != std::string_view::npos) {
    text.remove_prefix(many + kMany.size());
    damage.from = number_at(text);
    damage.to = damage.from;
    if (damage.from && text.starts_with(" to ")) {
      text.remove_prefix(4);
      damage.to = number_at(text);
    }
    return;
  }
  if (const std::size_t one = text.find(kOne); one != std::string_view::npos) {
    text.remove_prefix(one + kOne.size());
    damage.from = number_at(text);
    damage.to = damage.from;
  }
}

}  // namespace

Damage locate(std::string_view directory, log::ExitCode exit_code, std::string detail) {
  Damage damage;
  damage.exit_code = exit_code;
  damage.file = file_in(directory, detail);
  positions_in(detail, damage);
  damage.detail = std::move(detail);
  return damage;
}

}  // namespace daybook::replay
