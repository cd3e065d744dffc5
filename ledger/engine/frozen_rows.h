#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "ledger/codec/state_codec.h"

namespace daybook::engine {

/// Where rows lie that a checkpoint has written, as the bytes they are written as; nothing where there is no such row.
/// Throws InvariantBroken where it cannot be read. Any thread.
using StoredRows = std::function<std::optional<std::string>(StateKind kind, std::string_view key)>;

/// Rows of one kind that are large and seldom looked at: kept as the bytes they are stored as, and only until a
/// checkpoint has written them. What is looked at is decoded, and kept until `forget_read`.
///
/// `find` may be called from any thread while nobody calls anything else.
class FrozenRows {
 public:
  explicit FrozenRows(StateKind kind) : kind_(kind), codec_(codec::state_codec(kind)) {}

  /// What checkpoints wrote, and what opens personal values of it. Both outlive the rows.
  void over(const StoredRows& stored, const codec::Sealer& sealer) {
    stored_ = &stored;
    sealer_ = &sealer;
  }

  /// The row, or null. Throws InvariantBroken where its bytes are none of a row.
  [[nodiscard]] const void* find(std::string_view key) const;
  /// Its bytes, if no checkpoint has written it as it is now; else null.
  [[nodiscard]] const std::string* bytes(std::string_view key) const;
  /// Of all rows that no checkpoint has written.
  [[nodiscard]] std::size_t total_bytes() const { return total_bytes_; }
  /// Takes the row out, decoded; an empty box where there is none. What `find` gave stays.
  [[nodiscard]] codec::StateBox take(std::string_view key);
  void put(std::string_view key, std::string bytes);
  /// A checkpoint has written `bytes` for the row: it is let go unless it has changed since.
  void written(std::string_view key, std::string_view bytes);
  /// What `find` gave is gone.
  void forget_read() { read_.clear(); }

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  template <class Value>
  using ByKey = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;

  /// The bytes of a row that a checkpoint has written.
  [[nodiscard]] std::optional<std::string> stored(std::string_view key) const {
    return stored_ != nullptr ? (*stored_)(kind_, key) : std::nullopt;
  }
  [[nodiscard]] codec::StateBox decoded(std::string_view bytes) const;

  StateKind kind_;
  const codec::StateCodec& codec_;
  const StoredRows* stored_ = nullptr;
  const codec::Sealer* sealer_ = nullptr;
  std::size_t total_bytes_ = 0;
  ByKey<std::string> rows_;
  mutable std::mutex read_mutex_;
  mutable ByKey<codec::StateBox> read_;
};

}  // namespace daybook::engine
