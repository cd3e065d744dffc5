#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

#include <boost/describe.hpp>
#include <boost/mp11/algorithm.hpp>

/// The one description of every event, command, state and view (architecture.md 1a).
///
///   struct UsageVoided {
///     static constexpr EventType kType = EventType::UsageVoided;
///     static constexpr StreamType kStream = StreamType::UsageLedger;
///     SubscriptionId subscription_id;
///     std::string usage_id;
///     std::string reason;
///     [[nodiscard]] std::string stream_id() const { return subscription_id.text(); }
///     friend bool operator==(const UsageVoided&, const UsageVoided&) = default;
///   };
///   BOOST_DESCRIBE_STRUCT(UsageVoided, (), (subscription_id, usage_id, reason))
///
/// Members are snake_case here and camelCase on the wire; the place in the list is the FlatBuffers field id,
/// for ever: new members go at the end. `std::optional`, vectors and maps may be left out on the wire;
/// everything else is required, and required text is not empty unless the type names the member in `kMayBeEmpty`.
/// At most 52 members.
namespace daybook {

template <class... Ts>
struct TypeList {};

template <class T>
using DescribedMembers = boost::describe::describe_members<T, boost::describe::mod_any_access>;

template <class T>
concept Described = boost::describe::has_describe_members<T>::value && std::is_class_v<T>;

/// Calls `visit(member_name, member_reference)` for each member in the order of the description.
template <class T, class Visit>
  requires Described<std::remove_const_t<T>>
constexpr void for_each_member(T& object, Visit&& visit) {
  boost::mp11::mp_for_each<DescribedMembers<std::remove_const_t<T>>>(
      [&](auto member) { visit(std::string_view(member.name), object.*member.pointer); });
}

/// Whether the required text `member` of T may be empty.
template <class T>
[[nodiscard]] constexpr bool may_be_empty(std::string_view member) {
  if constexpr (requires { T::kMayBeEmpty; }) {
    for (const std::string_view name : T::kMayBeEmpty) {
      if (name == member) return true;
    }
  }
  return false;
}

/// `invoice_section_id` → `invoiceSectionId`.
[[nodiscard]] constexpr std::size_t camel_case_into(std::string_view snake, char* out) {
  std::size_t n = 0;
  bool upper = false;
  for (char c : snake) {
    if (c == '_') {
      upper = true;
    } else {
      out[n++] = upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      upper = false;
    }
  }
  return n;
}

[[nodiscard]] inline std::string camel_case(std::string_view snake) {
  std::string out(snake.size(), '\0');
  out.resize(camel_case_into(snake, out.data()));
  return out;
}

}  // namespace daybook
