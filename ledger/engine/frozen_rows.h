#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "ledger/codec/state_codec.h"

namespace daybook::engine {

/// Rows of one kind that are large and seldom looked at, kept as the bytes they are stored as: a fifth of what the
/// structs take. What is looked at is decoded, and kept until `forget_read`.
///
/// `find` may be called from any thread while nobody calls anything else.
class FrozenRows {
 public:
  /// No row of `kind` may have personal values: those could not be opened here.
  explicit FrozenRows(StateKind kind);

  /// The row, or null. Throws InvariantBroken where its bytes are none of a row.
  [[nodiscard]] const void* find(std::string_view key) const;
  /// Its bytes, or null.
  [[nodiscard]] const std::string* bytes(std::string_view key) const;
  /// Takes the row out, decoded; an empty box where there is none. What `find` gave stays.
  [[nodiscard]] codec::StateBox take(std::string_view key);
  void put(std::string_view key, std::string bytes);
  /// What `find` gave is gone.
  void forget_read() { read_.clear(); }

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  template <class Value>
  using ByKey = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;

  [[nodiscard]] codec::StateBox decoded(std::string_view bytes) const;

  const codec::StateCodec& codec_;
  ByKey<std::string> rows_;
  mutable std::mutex read_mutex_;
  mutable ByKey<codec::StateBox> read_;
};

}  // namespace daybook::engine
