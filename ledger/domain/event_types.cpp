#include "ledger/domain/event_types.h"

#include <algorithm>

namespace daybook {
namespace {

/// The types of a table in the order of their names.
template <class Entries>
consteval auto sorted_by_name(Entries entries) {
  std::ranges::sort(entries, {}, [](const auto& entry) { return entry.name; });
  return entries;
}

constexpr auto kEventsByName = sorted_by_name(kEventTypes);
constexpr auto kCommandsByName = sorted_by_name(kCommandTypes);
constexpr auto kStreamsByName = sorted_by_name(kStreamTypes);

template <class Entries>
auto find_by_name(const Entries& entries, std::string_view name) {
  const auto found =
      std::ranges::lower_bound(entries, name, {}, [](const auto& e) { return e.name; });
  return found != entries.end() && found->name == name ? std::optional(found->type) : std::nullopt;
}

}  // namespace

std::optional<EventType> event_type(std::string_view name) {
  return find_by_name(kEventsByName, name);
}

std::optional<CommandType> command_type(std::string_view name) {
  return find_by_name(kCommandsByName, name);
}

std::optional<StreamType> stream_type(std::string_view name) {
  return find_by_name(kStreamsByName, name);
}

}  // namespace daybook
