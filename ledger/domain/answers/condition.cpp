#include "ledger/domain/answers/condition.h"

#include <algorithm>
#include <array>
#include <compare>
#include <optional>
#include <utility>

#include "ledger/domain/decimal.h"

namespace daybook {
namespace {

constexpr std::string_view kAnd = " and ";

std::string_view without_blanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::string names_of(std::span<const Condition::Field> fields, Condition::Kind kind) {
  std::vector<std::string_view> names;
  for (const Condition::Field& field : fields) {
    if (field.kind == kind) names.push_back(field.name);
  }
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text += names[i];
  }
  return text;
}

std::string statuses() {
  std::string text;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<InvoiceStatus>>([&](auto enumerator) {
    text.append(text.empty() ? "" : ", ").append(wire_name(enumerator.value));
  });
  return text;
}

tl::unexpected<Error> no_condition(std::string_view text, std::span<const Condition::Field> fields) {
  std::string sentence = "\"" + std::string(text) + "\" is no condition; write total > 100: " +
                         names_of(fields, Condition::Kind::Amount) + " with = != < <= > >= and an amount";
  if (const std::string counts = names_of(fields, Condition::Kind::Count); !counts.empty()) sentence += ", " + counts + " with a number";
  if (const std::string of_status = names_of(fields, Condition::Kind::Status); !of_status.empty())
    sentence += ", " + of_status + " with = != and one of " + statuses();
  return rejected("BAD_QUERY", sentence + "; several are joined by `and`.");
}

/// An amount or a count; nothing: it is neither.
std::optional<Exact> number_of(const Condition::Value& value) {
  if (const auto* money = std::get_if<Money>(&value)) return Exact::from_minor(money->minor_units, money->currency.minor_digits());
  if (const auto* count = std::get_if<std::int64_t>(&value)) return Exact::from_minor(*count, 0);
  return std::nullopt;
}

}  // namespace

bool Condition::parse_term(std::string_view text, std::span<const Field> fields, Term& term) {
  // The longer ones first: `<=` begins with `<`.
  constexpr std::array<std::pair<std::string_view, Relation>, 6> kRelations = {
      {{"!=", Relation::NotEqual},
       {"<=", Relation::AtMost},
       {">=", Relation::AtLeast},
       {"=", Relation::Equal},
       {"<", Relation::Less},
       {">", Relation::More}}};
  for (const auto& [sign, relation] : kRelations) {
    const std::size_t at = text.find(sign);
    if (at == std::string_view::npos) continue;
    term.field = without_blanks(text.substr(0, at));
    term.relation = relation;
    const std::string_view value = without_blanks(text.substr(at + sign.size()));
    const auto field = std::find_if(fields.begin(), fields.end(), [&](const Field& each) { return each.name == term.field; });
    if (field == fields.end()) return false;
    if (field->kind == Kind::Status) {
      const auto status = parse_enum<InvoiceStatus>(value);
      if (!status || (relation != Relation::Equal && relation != Relation::NotEqual)) return false;
      term.status = *status;
      return true;
    }
    const Result<Exact> number = Decimal::parse(value).and_then(&Exact::from);
    if (!number) return false;
    term.number = *number;
    return true;
  }
  return false;
}

Result<Condition> Condition::parse(std::string_view text, std::span<const Field> fields) {
  Condition condition;
  for (std::string_view left = text;;) {
    const std::size_t end = left.find(kAnd);
    if (!parse_term(left.substr(0, end), fields, condition.terms_.emplace_back())) return no_condition(text, fields);
    if (end == std::string_view::npos) return condition;
    left.remove_prefix(end + kAnd.size());
  }
}

bool Condition::holds(const Term& term, const Value& value) {
  if (const auto* status = std::get_if<InvoiceStatus>(&value)) return (*status == term.status) == (term.relation == Relation::Equal);
  const std::optional<Exact> found = number_of(value);
  if (!found) return false;
  const std::strong_ordering order = *found <=> term.number;
  switch (term.relation) {
    case Relation::Equal:
      return order == 0;
    case Relation::NotEqual:
      return order != 0;
    case Relation::Less:
      return order < 0;
    case Relation::AtMost:
      return order <= 0;
    case Relation::More:
      return order > 0;
    case Relation::AtLeast:
      return order >= 0;
  }
  return false;
}

bool Condition::may_hold_between(const Term& term, const Value& least, const Value& most) {
  if (std::holds_alternative<InvoiceStatus>(least)) return true;  // a status has no order
  const std::optional<Exact> low = number_of(least);
  const std::optional<Exact> high = number_of(most);
  if (!low || !high) return false;
  switch (term.relation) {
    case Relation::Equal:
      return *low <= term.number && term.number <= *high;
    case Relation::NotEqual:
      return *low != term.number || *high != term.number;
    case Relation::Less:
    case Relation::AtMost:
      return holds(term, least);
    case Relation::More:
    case Relation::AtLeast:
      return holds(term, most);
  }
  return true;
}

bool Condition::may_hold_between(const ValueOf& least, const ValueOf& most) const {
  return std::all_of(terms_.begin(), terms_.end(),
                     [&](const Term& term) { return may_hold_between(term, least(term.field), most(term.field)); });
}

bool Condition::holds(const ValueOf& value_of) const {
  return std::all_of(terms_.begin(), terms_.end(), [&](const Term& term) { return holds(term, value_of(term.field)); });
}

}  // namespace daybook
