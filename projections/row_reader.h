#pragma once

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "ledger/domain/result.h"
#include "ledger/domain/rules/position.h"
#include "ledger/log/views.h"

namespace daybook::projections {

/// A view could not be read: an I/O error or damaged bytes in views/. Thrown deep inside a fold or
/// a query and turned into its `Error` where the engine or the query began; never leaves this
/// layer.
class UnreadableView : public std::runtime_error {
 public:
  explicit UnreadableView(Error error)
      : std::runtime_error(error.detail), error_(std::move(error)) {}
  [[nodiscard]] const Error& error() const { return error_; }

 private:
  Error error_;
};

/// The value of `result`, or UnreadableView.
template <class T>
T readable(Result<T>&& result) {
  if (!result) throw UnreadableView(std::move(result.error()));
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// Runs a query: what it returns, or the error of the view it could not read.
template <class Query>
[[nodiscard]] auto reading(Query&& query) -> Result<decltype(query())> {
  try {
    if constexpr (std::is_void_v<decltype(query())>) {
      query();
      return {};
    } else {
      return query();
    }
  } catch (const UnreadableView& unreadable) {
    return tl::unexpected(unreadable.error());
  }
}

/// Reads the rows of one view as they were when the reader was made, whatever is written since.
/// One thread at a time. The first read opens the walk.
class RowReader {
 public:
  explicit RowReader(log::Family family) : family_(std::move(family)) {}

  /// A constant or head row.
  [[nodiscard]] std::optional<std::string> get(std::string_view key);

  struct Version {
    Position position;
    std::string value;
  };
  /// The newest version of `key` at or before `upto`.
  [[nodiscard]] std::optional<Version> newest(std::string_view key, Position upto = ~Position{0});

  /// The first row at or after `key`; false at the end. Then `key()` and `value()`, until the next
  /// read.
  [[nodiscard]] bool seek(std::string_view key);
  [[nodiscard]] bool next();
  [[nodiscard]] std::string_view key() const { return reader_->walk().key(); }
  [[nodiscard]] std::string_view value() const { return reader_->walk().value(); }

  /// Every row in [`first`, `end`) in order, until `each(key, value)` returns false.
  template <class Each>
  void scan(std::string_view first, std::string_view end, Each&& each) {
    for (bool more = seek(first); more && (end.empty() || key() < end); more = next()) {
      if (!each(key(), value())) return;
    }
  }

 private:
  log::ViewReader& reader() {
    if (!reader_) reader_.emplace(family_);
    return *reader_;
  }
  /// Whether the cursor stands at a row.
  static bool check(const log::ViewCursor& cursor);

  log::Family family_;
  std::optional<log::ViewReader> reader_;
};

}  // namespace daybook::projections
