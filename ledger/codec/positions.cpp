#include "ledger/codec/positions.h"

#include <string>

#include "ledger/codec/codec.h"
#include "ledger/codec/type_info.h"
#include "ledger/domain/rules/try.h"

namespace daybook::codec {
namespace {

bool is_position(const TypeInfo& type) { return type.kind == Kind::Integer && !type.is_signed && type.size == 8; }

class Mover {
 public:
  explicit Mover(const PositionMap& map) : map_(map) {}

  Result<void> structure(const TypeInfo& info, void* object) {
    for (const MemberInfo& each : info.members) {
      LEDGER_CHECK(member(each, member_of(object, each)));
    }
    return {};
  }

  [[nodiscard]] bool has_changed() const { return has_changed_; }

 private:
  /// Positions are told by their names: `position` means all up to it, the others one event each.
  Result<void> member(const MemberInfo& member, void* object) {
    const TypeInfo& type = *member.type;
    if (member.cpp_name == "position" && is_position(type)) {
      auto& position = *static_cast<std::uint64_t*>(object);
      if (position != 0) put(position, map_.up_to(position));
      return {};
    }
    if (member.cpp_name == "rows_root") {
      has_changed_ = has_changed_ || type.elements == nullptr || type.elements(object).second != 0;
      type.clear(object);
      return {};
    }
    if (type.kind == Kind::Optional) {
      if (type.get(object) == nullptr) return {};
      void* held = type.emplace(object);
      if (member.cpp_name == "replaces" && is_position(*type.element)) return exact(held);
      return type.element->kind == Kind::Struct ? structure(*type.element, held) : Result<void>();
    }
    if (type.kind == Kind::Vector) {
      const bool are_positions = member.cpp_name.ends_with("_positions") && is_position(*type.element);
      if (!are_positions && type.element->kind != Kind::Struct) return {};
      const auto [first, count] = type.elements(object);
      for (std::size_t i = 0; i < count; ++i) {
        void* const element = const_cast<void*>(element_of(type, first, i));
        LEDGER_CHECK(are_positions ? exact(element) : structure(*type.element, element));
      }
      return {};
    }
    return type.kind == Kind::Struct ? structure(type, object) : Result<void>();
  }

  Result<void> exact(void* object) {
    auto& position = *static_cast<std::uint64_t*>(object);
    const std::optional<std::uint64_t> here = map_.at(position);
    if (!here) {
      return failed(ErrorKind::Invalid, "UNKNOWN_REFERENCE",
                    "Position " + std::to_string(position) +
                        " of the log that this item comes from was not taken over before it. Post the items of that log "
                        "in their order, from the first.",
                    "/data");
    }
    put(position, *here);
    return {};
  }

  void put(std::uint64_t& position, std::uint64_t here) {
    has_changed_ = has_changed_ || position != here;
    position = here;
  }

  const PositionMap& map_;
  bool has_changed_ = false;
};

}  // namespace

Result<bool> move_positions(EventData& data, const PositionMap& map) {
  Mover mover(map);
  LEDGER_CHECK(mover.structure(*codec(data.type()).info, data.raw()));
  return mover.has_changed();
}

}  // namespace daybook::codec
