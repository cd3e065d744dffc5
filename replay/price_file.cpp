#include "replay/price_file.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "ledger/codec/cloudevents.h"
#include "ledger/codec/codec.h"
#include "ledger/codec/json_check.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/facts/price.h"
#include "replay/json_place.h"

namespace daybook::replay {
namespace {

constexpr std::size_t kBrokenShown = 20;
constexpr std::size_t kFactsMost = 100'000;
constexpr std::size_t kValueShown = 80;

/// A line that is not empty.
struct Line {
  std::size_t number = 0;
  std::string_view text;
};

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) lines.push_back({number, line});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// `line 3, column 61: /data/unitPrice "x": an amount is …`. Columns count bytes from 1.
std::string told(const Line& line, const Error& error) {
  std::string text = "line " + std::to_string(line.number);
  std::string pointer = error.pointer;
  std::optional<JsonPlace> place = place_in_json(line.text, pointer);
  const bool is_there = place.has_value() && !pointer.empty();
  // Of a member that is missing, the object that lacks it.
  for (std::string above = pointer; !place && !above.empty();) {
    const std::size_t end = above.rfind('/');
    if (end == std::string::npos) break;
    above.resize(end);
    place = place_in_json(line.text, above);
  }
  text += ", column " + std::to_string((place ? place->offset : 0) + 1) + ": ";
  text += pointer.empty() ? "the line" : pointer;
  if (is_there) {
    text += " " + std::string(place->text.substr(0, kValueShown));
    if (place->text.size() > kValueShown) text += "…";
  }
  text += (lacks_a_subject(error.detail) ? " " : ": ") + error.detail;
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

/// Broken rows, counted, the first of them told.
class Findings {
 public:
  void add(const Line& line, const Error& error) {
    if (count_++ == 0) first_ = error;
    if (count_ <= kBrokenShown) told_ += "\n" + told(line, error);
  }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] Error error() const {
    const std::string rows = count_ == 1 ? "A row of the price file is" : std::to_string(count_) + " rows of the price file are";
    return {ErrorKind::Invalid, first_.code, rows + " broken; nothing was rated." + told_,
            count_ == 1 ? first_.pointer : std::string()};
  }

 private:
  std::size_t count_ = 0;
  Error first_;
  std::string told_;
};

/// A price takes the place of the one that there is, also without a word of it; one that it names has to be that, or an
/// earlier one of the same meter, currency, scope and day. What is laid has no position that a file could name.
Result<void> check_replaced(const PriceChanged& price, const OverlayState& laid) {
  if (!price.replaces) return {};
  const auto scope = price.scope_type && price.scope_id ? std::optional(ScopeRef(*price.scope_type, price.scope_id->text())) : std::nullopt;
  if (const MeterPrices* known = laid.prices(price.meter_id.text())) {
    for (const PriceVersion& version : known->versions) {
      const bool is_same = version.currency == price.currency && version.effective_on == price.effective_on && version.scope == scope;
      if (is_same && (version.position == *price.replaces || version.position > laid.position())) return {};
    }
  }
  return rejected("UNKNOWN_REFERENCE",
                  "there is no price of this meter, currency, scope and day at that position; without `replaces` it takes the "
                  "place of the one that there is", "/data/replaces");
}

/// Items of the log have a position; what they replaced is history.
bool is_of_log(std::string_view line) { return place_in_json(line, "/position").has_value(); }

/// Facts have an envelope, and `policy` at most within their data.
bool is_policy(std::string_view line) { return place_in_json(line, "/policy").has_value(); }

/// The same of `rule`.
bool is_rule(std::string_view line) { return place_in_json(line, "/rule").has_value(); }

/// The end of the value that begins at `at`, in JSON that is known to be sound: where its comma or its object's end stands.
std::size_t end_of_value(std::string_view json, std::size_t at) {
  int depth = 0;
  for (bool is_text = false; at < json.size(); ++at) {
    const char c = json[at];
    if (is_text && c == '\\') {
      ++at;
    } else if (c == '"') {
      is_text = !is_text;
    } else if (!is_text) {
      if (depth == 0 && (c == ',' || c == '}')) return at;
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') --depth;
    }
  }
  return at;
}

/// A text without escapes, or a whole number, of a rule.
Result<std::string> text_of(std::string_view value, const std::string& pointer) {
  value = value.substr(0, value.find_last_not_of(" \t\r") + 1);
  const bool is_text = value.size() >= 2 && value.front() == '"' && value.find('\\') == std::string_view::npos;
  if (is_text) return std::string(value.substr(1, value.size() - 2));
  const std::string_view digits = value.substr(value.starts_with('-') ? 1 : 0);
  if (!digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos) return std::string(value);
  return rejected("INVALID_FIELD", "is no text", pointer);
}

/// `rule`, `value` and `meterId` of a line.
Result<std::map<std::string, std::string>> members_of(std::string_view line) {
  const codec::JsonCheck checked = codec::check_json(line);
  if (checked.error) return tl::unexpected(*checked.error);
  if (line.find_first_not_of(" \t\r", checked.end) != std::string_view::npos)
    return rejected("MALFORMED_JSON", "is followed by something at byte " + std::to_string(checked.end));
  std::map<std::string, std::string> members;
  for (std::size_t at = line.find('"'); at != std::string_view::npos;) {
    const std::size_t end_of_name = line.find('"', at + 1);
    const std::string name(line.substr(at + 1, end_of_name - at - 1));
    if (name != "rule" && name != "value" && name != "meterId")
      return rejected("INVALID_FIELD", "a rule has rule, value and meterId alone", "/" + name);
    const std::size_t begin = line.find_first_not_of(" \t\r", line.find(':', end_of_name) + 1);
    const std::size_t end = end_of_value(line, begin);
    Result<std::string> text = text_of(line.substr(begin, end - begin), "/" + name);
    if (!text) return tl::unexpected(text.error());
    if (!members.emplace(name, std::move(*text)).second) return rejected("DUPLICATE_MEMBER", "stands there twice", "/" + name);
    at = line.find('"', end);
  }
  return members;
}

Result<void> add_included(const std::string& meter, const std::string& value, TriedRules& rules) {
  if (!meter.empty() && !MeterId::parse(meter)) return rejected("INVALID_FIELD", "is no identifier", "/meterId");
  const Result<Decimal> quantity = Decimal::parse(value);
  if (!quantity) return rejected("INVALID_AMOUNT", quantity.error().detail, "/value");
  if (quantity->is_negative()) return rejected("INVALID_FIELD", "is less than nothing", "/value");
  if (rules.included.emplace(meter, *quantity).second) return {};
  return rejected("INVALID_FIELD", "this rule is named twice, for the same meter", "/rule");
}

Result<void> add_rule(std::string_view line, TriedRules& rules) {
  Result<std::map<std::string, std::string>> read = members_of(line);
  if (!read) return tl::unexpected(read.error());
  std::map<std::string, std::string>& members = *read;
  if (!members.contains("value")) return rejected("INVALID_FIELD", "is missing", "/value");
  const std::string& value = members["value"];
  if (members["rule"] == "includedQuantity") {
    if (members.contains("meterId") && members["meterId"].empty()) return rejected("INVALID_FIELD", "is no identifier", "/meterId");
    return add_included(members["meterId"], value, rules);
  }
  if (members["rule"] != "rounding") return rejected("INVALID_FIELD", "is none of rounding and includedQuantity", "/rule");
  if (members.contains("meterId")) return rejected("INVALID_FIELD", "rounding is of whole documents; leave it out", "/meterId");
  if (rules.rounding) return rejected("INVALID_FIELD", "this rule is named twice", "/rule");
  rules.rounding = parse_enum<Rounding>(value);
  if (rules.rounding) return {};
  return rejected("INVALID_FIELD", "is none of HalfAwayFromZero, HalfEven, Down, Up, Floor and Ceiling", "/value");
}

/// The meter that a rule names; nothing: it names none.
std::optional<std::string> meter_of_rule(std::string_view line) {
  const std::optional<JsonPlace> place = place_in_json(line, "/meterId");
  if (!place || place->text.size() < 2) return std::nullopt;
  return std::string(place->text.substr(1, place->text.size() - 2));
}

Result<SetPolicy> lay_policy(std::string_view line, OverlayState& laid) {
  Result<CommandData> read = codec::codec(CommandType::SetPolicy).from_json(line);
  if (!read) return tl::unexpected(read.error());
  auto policy = read->get<SetPolicy>();
  if (Result<void> set = laid.lay(policy); !set) return tl::unexpected(set.error());
  return policy;
}

}  // namespace

Result<void> lay(const Tried& tried, OverlayState& state) {
  if (Result<void> laid = state.lay(tried.facts); !laid) return laid;
  for (const SetPolicy& policy : tried.policies) {
    if (Result<void> laid = state.lay(policy); !laid) return laid;
  }
  state.lay(tried.rules);
  return {};
}

Result<Tried> read_price_file(std::string_view text, const StateReader& state, Instant now) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const std::vector<Line> lines = lines_of(text);
  if (lines.empty()) return rejected("INVALID_FIELD", "The price file is empty: it has a fact a line.");
  if (lines.size() > kFactsMost) {
    return rejected("INVALID_FIELD", "The price file has more than " + std::to_string(kFactsMost) + " lines.");
  }
  codec::Intake intake;
  intake.now = now;
  intake.import = true;  // items of GET /v1/events come with what the log adds to them
  codec::CloudEventStream stream;
  Findings findings;
  OverlayState laid(state);
  Tried tried;
  std::vector<std::pair<Line, std::string>> of_meters;
  // Line by line, so that what stands where is known whatever a line holds.
  for (const Line& line : lines) {
    if (is_rule(line.text)) {
      if (Result<void> added = add_rule(line.text, tried.rules); !added) {
        findings.add(line, added.error());
      } else if (const std::optional<std::string> meter = meter_of_rule(line.text)) {
        of_meters.emplace_back(line, *meter);
      }
      continue;
    }
    if (is_policy(line.text)) {
      if (Result<SetPolicy> policy = lay_policy(line.text, laid)) {
        tried.policies.push_back(std::move(*policy));
      } else {
        findings.add(line, policy.error());
      }
      continue;
    }
    stream.open(codec::BodyForm::Single, line.text, intake);
    auto* item = stream.next();
    if (item == nullptr) {
      findings.add(line, stream.failure().value_or(Error{ErrorKind::Invalid, "MALFORMED_JSON", "is no event in JSON", {}}));
      continue;
    }
    if (!item->event) {
      findings.add(line, item->event.error());
      continue;
    }
    const auto* price = item->event->data.get_if<PriceChanged>();
    if (price != nullptr && !is_of_log(line.text)) {
      if (Result<void> replaced = check_replaced(*price, laid); !replaced) {
        findings.add(line, replaced.error());
        continue;
      }
    }
    std::vector<Event> one{std::move(*item->event)};
    if (Result<void> checked = laid.lay(one); !checked) {
      findings.add(line, checked.error());
      continue;
    }
    tried.facts.push_back(std::move(one.front()));
  }
  for (const auto& [line, meter] : of_meters) {  // prices of the file may stand behind it
    if (laid.prices(meter) == nullptr) findings.add(line, {ErrorKind::Invalid, "UNKNOWN_REFERENCE", "there is no price of this meter", "/meterId"});
  }
  if (!findings.empty()) return tl::unexpected(findings.error());
  return tried;
}

}  // namespace daybook::replay
