#include <gtest/gtest.h>

#include <charconv>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <boost/describe/enum_from_string.hpp>

#include "ledger/domain/allocate.h"
#include "ledger/domain/time.h"
#include "tests/domain/values_support.h"

/// The values against Python's decimal, fractions and datetime: lines written by
/// cases/make_cases.py, an operation, its operands and the expected answer each.
namespace daybook {
namespace {

using Words = std::vector<std::string_view>;

Words split(std::string_view line, char separator) {
  Words words;
  while (true) {
    const auto end = line.find(separator);
    words.push_back(line.substr(0, end));
    if (end == std::string_view::npos) return words;
    line.remove_prefix(end + 1);
  }
}

Decimal dec(std::string_view text) { return Decimal::parse(text).value(); }

std::int64_t integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    throw std::invalid_argument(std::string(text));
  return value;
}

Rounding rounding(std::string_view name) {
  Rounding mode{};
  if (!boost::describe::enum_from_string(std::string(name).c_str(), mode)) {
    throw std::invalid_argument(std::string(name));
  }
  return mode;
}

std::string joined(const Result<std::vector<std::int64_t>>& parts) {
  if (!parts) return std::string(parts.error().code);
  std::string out;
  for (const std::int64_t part : *parts) out += (out.empty() ? "" : ",") + std::to_string(part);
  return out;
}

std::string total_of(const Words& factors) {
  Exact sum;
  for (std::size_t i = 0; i < factors.size(); i += 2) {
    const Result<Exact> next =
        Exact::product(dec(factors[i]), dec(factors[i + 1])).and_then([&](Exact term) {
          return add(sum, term);
        });
    if (!next) return std::string(next.error().code);
    sum = *next;
  }
  return sum.to_string();
}

std::string in_every_mode(const Exact& value, int digits) {
  std::string out;
  for (const Rounding mode : values::kRoundings)
    out += values::text_or_code(value.to_minor(digits, mode)) + " ";
  return out + value.to_display().to_string();
}

std::string rounded_in_every_mode(Decimal value, int scale) {
  std::string out;
  for (const Rounding mode : values::kRoundings) {
    out += (out.empty() ? "" : " ") + round(value, scale, mode).to_string();
  }
  return out;
}

/// What the ledger answers to the operands in `words`, which begin with the operation.
std::string answer(const Words& words) {
  const std::string_view operation = words[0];
  const auto sign = [](std::strong_ordering order) {
    return order < 0 ? "-1" : (order > 0 ? "1" : "0");
  };
  if (operation == "add") return values::text_or_code(add(dec(words[1]), dec(words[2])));
  if (operation == "subtract") return values::text_or_code(subtract(dec(words[1]), dec(words[2])));
  if (operation == "multiply") return values::text_or_code(multiply(dec(words[1]), dec(words[2])));
  if (operation == "compare") return sign(dec(words[1]) <=> dec(words[2]));
  if (operation == "divide") {
    return values::text_or_code(divide(dec(words[1]), dec(words[2]),
                                       static_cast<int>(integer(words[3])), rounding(words[4])));
  }
  if (operation == "round")
    return rounded_in_every_mode(dec(words[1]), static_cast<int>(integer(words[2])));
  if (operation == "parse") return values::text_or_code(Decimal::parse(words[1]));
  if (operation == "product")
    return values::text_or_code(Exact::product(dec(words[1]), dec(words[2])));
  if (operation == "total") return total_of(split(words[1], ','));
  if (operation == "minor") {
    return in_every_mode(Exact::product(dec(words[1]), dec(words[2])).value(),
                         static_cast<int>(integer(words[3])));
  }
  if (operation == "allocate") {
    std::vector<std::int64_t> weights;
    for (const auto word : split(words[2], ',')) weights.push_back(integer(word));
    return joined(allocate(integer(words[1]), weights));
  }
  if (operation == "apportion") {
    std::vector<Exact> weights;
    for (const auto word : split(words[2], ',')) weights.push_back(Exact::from(dec(word)).value());
    return joined(allocate(integer(words[1]), weights));
  }
  if (operation == "day") return std::to_string(Date::parse(words[1])->days);
  if (operation == "instant") {
    const Result<Instant> instant = Instant::parse(words[1]);
    return instant ? std::to_string(instant->micros) + " " + instant->text()
                   : std::string(instant.error().code);
  }
  throw std::invalid_argument(std::string(operation));
}

/// How many words of a line are the operation and its operands; the rest is the answer.
const std::map<std::string_view, std::size_t> kOperands = {
    {"add", 3},      {"subtract", 3},  {"multiply", 3}, {"compare", 3}, {"divide", 5},
    {"round", 3},    {"parse", 2},     {"product", 3},  {"total", 2},   {"minor", 4},
    {"allocate", 3}, {"apportion", 3}, {"day", 2},      {"instant", 2},
};

/// Returns how many lines the file has.
int expect_all(const std::string& path) {
  std::ifstream in(path);
  EXPECT_TRUE(in) << path;
  int count = 0;
  for (std::string line; std::getline(in, line); ++count) {
    const Words words = split(line, ' ');
    std::size_t length = 0;
    for (std::size_t i = 0; i < kOperands.at(words[0]); ++i) length += words[i].size() + 1;
    EXPECT_EQ(answer(words), std::string_view(line).substr(length)) << line;
    if (testing::Test::HasFailure()) break;
  }
  return count;
}

class PythonAgrees : public testing::TestWithParam<std::pair<const std::string_view, std::size_t>> {
};
INSTANTIATE_TEST_SUITE_P(Values, PythonAgrees, testing::ValuesIn(kOperands),
                         [](const auto& operation) { return std::string(operation.param.first); });

TEST_P(PythonAgrees, OnEveryCase) {
  const std::string name(GetParam().first);
  EXPECT_GE(expect_all(DAYBOOK_VALUE_CASES "/" + name + ".txt"), 20'000);
}

TEST(PythonAgreesInTheSample, OnEveryCase) {
  EXPECT_EQ(expect_all(DAYBOOK_VALUE_SAMPLE), 12 * static_cast<int>(kOperands.size()));
}

}  // namespace
}  // namespace daybook
