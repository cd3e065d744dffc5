#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ledger/domain/enums.h"
#include "ledger/domain/exact.h"
#include "ledger/domain/money.h"
#include "ledger/domain/result.h"

namespace daybook {

/// A question about figures by their names: `total > 100`, `status = Paid`, `amountDue > 0 and creditNotes >= 2`.
class Condition {
 public:
  /// What may stand on the left of a sign.
  enum class Kind : std::uint8_t { Amount, Count, Status };
  struct Field {
    std::string_view name;
    Kind kind = Kind::Amount;
  };
  /// What a figure is; nothing: there is none, and no condition on it holds.
  using Value = std::variant<std::monostate, Money, std::int64_t, InvoiceStatus>;

  /// Of `fields`: amounts and counts with = != < <= > >= and a number, statuses with = != and a name; several joined by `and`.
  /// Errors: BAD_QUERY, which says so.
  [[nodiscard]] static Result<Condition> parse(std::string_view text, std::span<const Field> fields);

  using ValueOf = std::function<Value(std::string_view field)>;
  [[nodiscard]] bool holds(const ValueOf& value_of) const;
  /// Whether it may hold of figures that each lie between its `least` and its `most`, both inclusive.
  [[nodiscard]] bool may_hold_between(const ValueOf& least, const ValueOf& most) const;

 private:
  enum class Relation : std::uint8_t { Equal, NotEqual, Less, AtMost, More, AtLeast };
  struct Term {
    std::string field;
    Relation relation = Relation::Equal;
    Exact number;
    InvoiceStatus status = InvoiceStatus::Due;
  };
  [[nodiscard]] static bool parse_term(std::string_view text, std::span<const Field> fields, Term& term);
  [[nodiscard]] static bool holds(const Term& term, const Value& value);
  [[nodiscard]] static bool may_hold_between(const Term& term, const Value& least, const Value& most);

  std::vector<Term> terms_;
};

}  // namespace daybook
