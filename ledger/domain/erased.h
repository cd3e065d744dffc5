#pragma once

#include <memory>
#include <utility>

#include "ledger/domain/describe.h"
#include "ledger/domain/invariant.h"

namespace daybook {

/// A value of one of many described types, told apart by `T::kType` of enumeration `Kind`.
///
/// Instead of a variant of 120 alternatives: a header that passes events on needs none of their definitions.
template <class Kind>
class Erased {
 public:
  Erased() = default;

  template <class T>
    requires requires { { T::kType } -> std::convertible_to<Kind>; }
  Erased(T value)  // NOLINT(google-explicit-constructor): an event is its data
      : object_(new T(std::move(value))), operations_(&kOperations<T>) {}

  Erased(const Erased& other)
      : object_(other.object_ ? other.operations_->clone(other.object_) : nullptr),
        operations_(other.operations_) {}
  Erased(Erased&& other) noexcept
      : object_(std::exchange(other.object_, nullptr)), operations_(std::exchange(other.operations_, nullptr)) {}
  Erased& operator=(Erased other) noexcept {
    std::swap(object_, other.object_);
    std::swap(operations_, other.operations_);
    return *this;
  }
  ~Erased() {
    if (object_) operations_->destroy(object_);
  }

  [[nodiscard]] bool empty() const { return object_ == nullptr; }
  [[nodiscard]] Kind type() const {
    LEDGER_INVARIANT(object_ != nullptr);
    return operations_->type;
  }
  /// The address of the value, whatever its type: for the codec's tables of functions.
  [[nodiscard]] const void* raw() const { return object_; }
  [[nodiscard]] void* raw() { return object_; }

  template <class T>
  [[nodiscard]] const T* get_if() const {
    return object_ && operations_->type == T::kType ? static_cast<const T*>(object_) : nullptr;
  }
  template <class T>
  [[nodiscard]] T* get_if() {
    return object_ && operations_->type == T::kType ? static_cast<T*>(object_) : nullptr;
  }
  template <class T>
  [[nodiscard]] const T& get() const {
    const T* value = get_if<T>();
    LEDGER_INVARIANT(value != nullptr);
    return *value;
  }

  friend bool operator==(const Erased& left, const Erased& right) {
    if (!left.object_ || !right.object_) return left.object_ == right.object_;
    return left.operations_->type == right.operations_->type && left.operations_->equal(left.object_, right.object_);
  }

 private:
  struct Operations {
    Kind type;
    void* (*clone)(const void*);
    void (*destroy)(void*);
    bool (*equal)(const void*, const void*);
  };
  template <class T>
  static constexpr Operations kOperations = {
      T::kType,
      [](const void* value) -> void* { return new T(*static_cast<const T*>(value)); },
      [](void* value) { delete static_cast<T*>(value); },
      [](const void* left, const void* right) { return *static_cast<const T*>(left) == *static_cast<const T*>(right); },
  };

  void* object_ = nullptr;
  const Operations* operations_ = nullptr;
};

/// Calls `visit(const T&)` for the type among `Ts` that `data` holds; false when it holds none of them.
/// `visit` must accept every one: a forgotten overload does not compile.
template <class Kind, class... Ts, class Visit>
bool dispatch(TypeList<Ts...>, const Erased<Kind>& data, Visit&& visit) {
  return ((data.template get_if<Ts>() ? (visit(*data.template get_if<Ts>()), true) : false) || ...);
}

}  // namespace daybook
