#include "ledger/codec/csv_writer.h"

#include <algorithm>
#include <array>

namespace daybook::codec {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

/// Full-width forms of = + - @, which some programs take for the plain ones.
constexpr auto kWideSigns =
    std::to_array<std::string_view>({"\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"});

bool begins_formula(std::string_view text) {
  constexpr std::string_view kSigns("=+-@\t\r\n\0", 8);
  if (text.empty()) return false;
  if (kSigns.find(text.front()) != std::string_view::npos) return true;
  return std::any_of(kWideSigns.begin(), kWideSigns.end(),
                     [&](std::string_view sign) { return text.starts_with(sign); });
}

struct CellPrinter {
  std::string& out;

  void operator()(std::monostate) const {}
  void operator()(const std::string& text) const { put_csv_text(text, out); }
  void operator()(const Decimal& number) const { out += number.to_string(); }
  void operator()(const Date& date) const { out += date.text(); }
  void operator()(const DayStart& start) const {
    out += start.date.text();
    out += start.has_seconds ? "T00:00:00Z" : "T00:00Z";
  }
  void operator()(bool value) const { out += value ? "True" : "False"; }
};

}  // namespace

void put_csv_text(std::string_view text, std::string& out) {
  std::string guarded;
  if (begins_formula(text)) {
    guarded = "'";
    guarded += text;
    text = guarded;
  }
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += text;
    return;
  }
  out.push_back('"');
  for (const char c : text) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  out.push_back('"');
}

void CsvWriter::begin(const FileTable& table) {
  if (has_table_) out_ += kLineEnd;
  has_table_ = true;
  if (!table.title.empty()) {
    put_csv_text(table.title, out_);
    out_ += kLineEnd;
  }
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (i > 0) out_.push_back(',');
    put_csv_text(table.columns[i].name, out_);
  }
  out_ += kLineEnd;
}

void CsvWriter::row(std::span<const Cell> cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out_.push_back(',');
    std::visit(CellPrinter{out_}, cells[i]);
  }
  out_ += kLineEnd;
}

}  // namespace daybook::codec
