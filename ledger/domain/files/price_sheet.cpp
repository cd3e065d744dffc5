#include "ledger/domain/files/price_sheet.h"

#include <array>
#include <limits>
#include <string>

#include "ledger/domain/answers/price_list_answer.h"
#include "ledger/domain/files/column_values.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

constexpr auto kColumns = std::to_array<Column>({
    {"meterId", columns::nothing},
    {"unitOfMeasure", columns::nothing},
    {"currency", columns::nothing},
    {"tierMode", columns::nothing},
    {"tierFrom", columns::nothing},
    {"unitPrice", columns::nothing},
    {"includedQuantity", columns::nothing},
    {"effectiveStartDate", columns::nothing},
    {"priceScope", columns::nothing},
});

Cell text_or_nothing(const std::optional<std::string>& text) { return text ? Cell(*text) : Cell(); }

void put(const PriceItemView& item, const Cell& mode, const Decimal& from, const Decimal& unit_price, FileSink& sink) {
  const std::array<Cell, kColumns.size()> cells = {
      item.meter_id.text(),
      text_or_nothing(item.unit),
      std::string(item.currency.text()),
      mode,
      from,
      unit_price,
      item.included_quantity,
      item.effective_on,
      item.scope_type ? Cell(std::string(wire_name(*item.scope_type))) : Cell(),
  };
  sink.row(cells);
}

}  // namespace

FileTable price_sheet_table() { return {{}, kColumns, false}; }

Result<FileSummary> write_price_sheet(const StateReader& state, const PriceSheet& sheet, FileSink& sink) {
  // Whoever may have the file has been asked before.
  PageRequest all;
  all.limit = std::numeric_limits<std::size_t>::max();
  LEDGER_TRY(const PriceListView prices,
             price_list_answer(state, Viewer::operating(), sheet.scope, sheet.on, all));
  sink.begin(price_sheet_table());
  FileSummary summary;
  for (const PriceItemView& item : prices.items) {
    if (item.unit_price) {
      put(item, Cell(), Decimal(0), *item.unit_price, sink);
      ++summary.row_count;
      continue;
    }
    for (const Tier& tier : *item.tiers) {
      put(item, Cell(std::string(wire_name(*item.tier_mode))), tier.from, tier.unit_price, sink);
      ++summary.row_count;
    }
  }
  return summary;
}

}  // namespace daybook
