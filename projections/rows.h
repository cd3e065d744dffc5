#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "ledger/domain/rules/position.h"
#include "ledger/log/views.h"
#include "projections/row_reader.h"
#include "projections/state_hash.h"

namespace daybook::projections {

/// What one lane of a fold changes in one batch: an overlay over the rows of its view.
///
/// Four kinds of row, and how each counts in the state hash:
///  - *constant*: written once, never changed;
///  - *versioned*: `key ‖ ~position → value`; every version is a row, so a read at any position is
///  one seek;
///  - *head*: `key → value`, replaced in place; only its newest value counts;
///  - *packed*: bytes that hold many logical rows; `store` keeps them and counts nothing, `count`
///  counts one
///    logical row and keeps nothing.
/// What is read sees what was written before in the same batch. Nothing reaches the view before the
/// batch is committed; a batch that is dropped leaves no trace.
class Rows {
 public:
  explicit Rows(const log::Family& family) : reader_(family) {}

  /// The position of the event that is folded now: where a poisonous event is found.
  void at(Position position) { position_ = position; }
  [[nodiscard]] Position position() const { return position_; }

  void put_constant(std::string_view key, std::string_view value);

  void put_version(std::string_view key, Position position, std::string_view value);
  /// The newest version, whatever its position; none where there is no version yet.
  [[nodiscard]] std::optional<std::string> newest(std::string_view key);

  void put(std::string_view key, std::string_view value);
  void erase(std::string_view key);
  [[nodiscard]] std::optional<std::string> get(std::string_view key);
  /// `put` for a key that is known not to be in the view yet: saves the look-up.
  void put_new(std::string_view key, std::string_view value);

  /// A head row that a batch changes but once, and whose stored value is known: it is not looked up.
  void remove(std::string key, std::string_view before) {
    discount(key, before);
    drop(std::move(key));
  }

  void store(std::string key, std::string value) {
    out_.emplace_back(std::move(key), std::move(value));
  }
  void drop(std::string key) { out_.emplace_back(std::move(key), std::nullopt); }
  void count(std::string_view key, std::string_view value) {
    hash_.add(key, value);
    ++logical_rows_;
  }
  /// The same for a row whose bytes lie in one piece; see StateHash.
  void count(std::string_view row) {
    hash_.add(row);
    ++logical_rows_;
  }
  void discount(std::string_view key, std::string_view value) {
    hash_.subtract(key, value);
    --logical_rows_;
  }

  /// The view as it was before the batch.
  [[nodiscard]] RowReader& reader() { return reader_; }

  /// A row as it goes to the disk; without a value: erased.
  using Written = std::pair<std::string, std::optional<std::string>>;

  /// Ends the batch: every change in ascending order of keys. Call once.
  [[nodiscard]] std::vector<Written> seal();
  /// After `seal`: what to add to the view's state hash and count of logical rows.
  [[nodiscard]] const StateHash& hash() const { return hash_; }
  [[nodiscard]] std::int64_t logical_rows() const { return logical_rows_; }

 private:
  struct Version {
    Position position;
    std::string value;
  };
  struct HeadRow {
    std::optional<std::string> before;
    std::optional<std::string> now;
  };

  struct KeyHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view key) const { return std::hash<std::string_view>()(key); }
  };
  /// A look-up stays within one place of memory and makes no key: a batch brings a million rows.
  template <class Row>
  using ByKey = boost::unordered_flat_map<std::string, Row, KeyHash, std::equal_to<>>;

  void finish_version(std::string_view key, Version&& version);
  /// Stays until another row is asked for.
  HeadRow& head(std::string_view key);

  RowReader reader_;
  Position position_ = 0;
  std::vector<Written> out_;
  ByKey<Version> versions_;
  ByKey<HeadRow> heads_;
  StateHash hash_;
  std::int64_t logical_rows_ = 0;
};

}  // namespace daybook::projections
