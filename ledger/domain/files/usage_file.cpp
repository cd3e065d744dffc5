#include "ledger/domain/files/usage_file.h"

#include <algorithm>
#include <array>
#include <utility>

#include "ledger/domain/files/amortised_costs.h"
#include "ledger/domain/files/column_tables.h"
#include "ledger/domain/files/price_sheet.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

struct NamedFormat {
  ExportKind kind;
  std::string_view name;
};
constexpr auto kFormats = std::to_array<NamedFormat>({
    {ExportKind::UsageV2, "v2"},
    {ExportKind::UsageV1, "v1"},
    {ExportKind::Payg, "payg"},
    {ExportKind::Mca, "mca"},
    {ExportKind::Mpa, "mpa"},
    {ExportKind::Ea, "ea"},
    {ExportKind::Focus1_0, "focus-1.0"},
    {ExportKind::Focus1_2, "focus-1.2"},
});

constexpr auto kMospKinds =
    std::to_array({ExportKind::UsageV2, ExportKind::UsageV1, ExportKind::Payg, ExportKind::Focus1_0,
                   ExportKind::Focus1_2});
constexpr auto kMcaKinds =
    std::to_array({ExportKind::Mca, ExportKind::Focus1_0, ExportKind::Focus1_2});
constexpr auto kMpaKinds =
    std::to_array({ExportKind::Mpa, ExportKind::Focus1_0, ExportKind::Focus1_2});
constexpr auto kEaKinds =
    std::to_array({ExportKind::Ea, ExportKind::Focus1_0, ExportKind::Focus1_2});

/// Writes one table of one part.
class TableWriter {
 public:
  TableWriter(const FilePart& part, const UsageFile& file, const FileTable& table, FileSink& sink)
      : part_(part), kind_(file.kind), metric_(file.metric), table_(table), sink_(sink) {}

  [[nodiscard]] bool wants(const InvoiceLine& line) const {
    if (!includes(kind_, line.charge_type)) return false;
    if (!part_.only) return true;
    return line.subscription_id && is_shown(*line.subscription_id);
  }

  /// Of rows behind which no line stands.
  [[nodiscard]] bool wants(const FileRow& row) const {
    return !part_.only || (row.subscription != nullptr && is_shown(row.subscription->subscription_id));
  }

  /// Whether costs are shown in place of what is billed: FOCUS has columns for both.
  [[nodiscard]] bool replaces_costs() const {
    return metric_ == ExportMetric::AmortizedCost && kind_ != ExportKind::Focus1_0 &&
           kind_ != ExportKind::Focus1_2;
  }

  Result<void> statement() {
    for (const InvoiceLine& line : part_.charged.lines) {
      if (!wants(line)) continue;
      FileRow row;
      row.charge_type = line.charge_type;
      row.date = line.period.start;
      row.service = line.period;
      row.line = &line;
      if (line.subscription_id)
        row.subscription = part_.subject.state.subscription(*line.subscription_id);
      row.quantity = line.consumed;
      row.unit_price = line.rate;
      row.cost = line.value;
      LEDGER_CHECK(take(row));
    }
    return {};
  }

  Result<void> take(const FileRow& row) {
    // Usage alone has days; purchases stand in the statement.
    if (table_.title == "Daily Usage" && row.usage == nullptr) return {};
    LEDGER_TRY(const Exact cost, Exact::from(row.cost));
    LEDGER_TRY(cost_, add(cost_, cost));
    return show(row);
  }

  /// The difference between what the document bills and the costs above.
  Result<void> round() {
    LEDGER_TRY(const Exact total, billed());
    LEDGER_TRY(const Exact difference, subtract(total, cost_));
    if (difference.is_zero()) return {};
    FileRow row;
    row.charge_type = ChargeType::RoundingAdjustment;
    row.date = part_.subject.period.last_day();
    row.service = part_.subject.period;
    LEDGER_TRY(row.cost, difference.to_decimal());
    return show(row);
  }

  /// Σ of the costs that are shown.
  [[nodiscard]] const Exact& shown() const { return shown_; }

  /// Σ of the amounts of the lines.
  Result<Exact> billed() const {
    Exact total;
    for (const InvoiceLine& line : part_.charged.lines) {
      if (!wants(line)) continue;
      LEDGER_TRY(total, add(total, Exact::from_minor(line.amount.minor_units,
                                                     part_.charged.currency.minor_digits())));
    }
    return total;
  }

  [[nodiscard]] std::int64_t rows() const { return rows_; }

 private:
  [[nodiscard]] bool is_shown(const SubscriptionId& id) const {
    return std::find(part_.only->begin(), part_.only->end(), id) != part_.only->end();
  }

  Result<void> show(FileRow row) {
    // What was paid for a reservation stands on its days.
    const bool is_bought = row.line != nullptr && row.usage == nullptr && row.line->reservation_id;
    if (replaces_costs() && is_bought) return {};
    if (replaces_costs() && row.effective_cost) row.cost = *row.effective_cost;
    LEDGER_TRY(const Exact cost, Exact::from(row.cost));
    LEDGER_TRY(shown_, add(shown_, cost));
    put(row);
    return {};
  }

  void put(const FileRow& row) {
    cells_.clear();
    for (const Column& column : table_.columns) cells_.push_back(column.value(row, part_.subject));
    sink_.row(cells_);
    ++rows_;
  }

  const FilePart& part_;
  ExportKind kind_;
  ExportMetric metric_;
  const FileTable& table_;
  FileSink& sink_;
  Exact cost_;   ///< as billed
  Exact shown_;  ///< as shown
  std::int64_t rows_ = 0;
  std::vector<Cell> cells_;
};

/// Whose reservations a part has: those that were billed with its documents.
ScopeRef scope_of(const FileSubject& subject) {
  if (subject.profile != nullptr) return ScopeRef(subject.profile->profile_id);
  if (subject.enrollment != nullptr) return ScopeRef(subject.enrollment->enrollment_id);
  return ScopeRef(subject.account.account_id);
}

/// The rows of a part with what reservations cost spread over them.
Result<void> write_amortised(const StateReader& state, const UsageSource& usage,
                             const UsageRecords& records, const FilePart& part, Date through,
                             TableWriter& writer) {
  Period period = part.subject.period;
  period.end_exclusive = std::clamp(through.plus_days(1), period.start, period.end_exclusive);
  std::vector<ReservationDay> days;
  // A document of corrections alone is of no period of its own.
  if (part.subject.invoice == nullptr || !part.subject.invoice->corrected_invoice_id) {
    LEDGER_TRY(days, reservation_days(state, scope_of(part.subject), part.charged.currency, period));
  }
  LEDGER_TRY(AmortisedCosts costs,
             AmortisedCosts::of(state, usage, records, part.charged, std::move(days)));
  LEDGER_CHECK(charged_rows(
      state, usage, records, part.charged,
      [&](const InvoiceLine& line) { return writer.wants(line); },
      [&](const FileRow& row) -> Result<void> {
        LEDGER_TRY(const FileRow spread, costs.spread(row));
        return writer.take(spread);
      }));
  return costs.unused(state, [&](const FileRow& row) -> Result<void> {
    return writer.wants(row) ? writer.take(row) : Result<void>();
  });
}

}  // namespace

std::string_view format_name(ExportKind kind) {
  if (kind == ExportKind::PriceSheet) return "prices";
  const auto* found = std::find_if(kFormats.begin(), kFormats.end(),
                                   [&](const NamedFormat& each) { return each.kind == kind; });
  return found != kFormats.end() ? found->name : std::string_view();
}

std::optional<ExportKind> parse_format(std::string_view name) {
  const auto* found = std::find_if(kFormats.begin(), kFormats.end(),
                                   [&](const NamedFormat& each) { return each.name == name; });
  return found != kFormats.end() ? std::optional(found->kind) : std::nullopt;
}

std::span<const ExportKind> usage_kinds(AccountType type) {
  switch (type) {
    case AccountType::MCA:
      return kMcaKinds;
    case AccountType::MPA:
      return kMpaKinds;
    case AccountType::EA:
      return kEaKinds;
    case AccountType::MOSP:
      break;
  }
  return kMospKinds;
}

bool has_kind(AccountType type, ExportKind kind) {
  const std::span<const ExportKind> kinds = usage_kinds(type);
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

bool includes(ExportKind kind, ChargeType type) {
  if (kind == ExportKind::Focus1_0 || kind == ExportKind::Focus1_2) return true;
  switch (type) {
    case ChargeType::Credit:
    case ChargeType::Tax:
      return false;
    case ChargeType::Refund:
      return kind == ExportKind::Mca || kind == ExportKind::Mpa;
    case ChargeType::Purchase:
      return kind == ExportKind::Mca || kind == ExportKind::Mpa || kind == ExportKind::Ea;
    default:
      return true;
  }
}

std::vector<FileTable> tables_of(ExportKind kind) {
  switch (kind) {
    case ExportKind::UsageV1:
      return {{"Statement", statement_columns_v1(), true},
              {"Daily Usage", daily_columns_v1(), false}};
    case ExportKind::UsageV2:
      return {{"Statement", statement_columns_v2(), true},
              {"Daily Usage", daily_columns_v2(), false}};
    case ExportKind::Payg:
      return {{{}, payg_columns(), false}};
    case ExportKind::Mca:
      return {{{}, mca_columns(), false}};
    case ExportKind::Mpa:
      return {{{}, mpa_columns(), false}};
    case ExportKind::Ea:
      return {{{}, ea_columns(), false}};
    case ExportKind::Focus1_0:
      return {{{}, focus_1_0_columns(), false}};
    case ExportKind::Focus1_2:
      return {{{}, focus_1_2_columns(), false}};
    case ExportKind::PriceSheet:
      return {price_sheet_table()};
  }
  return {};
}

Result<FileSummary> write_usage_file(const StateReader& state, const UsageSource& usage,
                                     const UsageRecords& records, const UsageFile& file,
                                     FileSink& sink) {
  if (file.price_sheet) return write_price_sheet(state, *file.price_sheet, sink);
  FileSummary summary;
  const std::vector<FileTable> tables = tables_of(file.kind);
  for (const FileTable& table : tables) {
    sink.begin(table);
    for (const FilePart& part : file.parts) {
      TableWriter writer(part, file, table, sink);
      if (table.is_statement) {
        LEDGER_CHECK(writer.statement());
      } else if (file.metric == ExportMetric::AmortizedCost) {
        LEDGER_CHECK(write_amortised(state, usage, records, part, file.through, writer));
      } else {
        LEDGER_CHECK(charged_rows(
            state, usage, records, part.charged,
            [&](const InvoiceLine& line) { return writer.wants(line); },
            [&](const FileRow& row) { return writer.take(row); }));
      }
      const bool has_costs = table.is_statement || tables.size() == 1;
      if (has_costs && part.subject.invoice != nullptr && !part.only) LEDGER_CHECK(writer.round());
      summary.row_count += writer.rows();
      if (!has_costs) continue;
      const Currency currency = part.charged.currency;
      LEDGER_TRY(const Exact billed, writer.replaces_costs() ? Result<Exact>(writer.shown()) : writer.billed());
      LEDGER_TRY(const std::int64_t minor,
                 billed.to_minor(currency.minor_digits(), Rounding::HalfAwayFromZero));
      const Money sum{minor, currency};
      if (&part == &file.parts.front()) {
        summary.sum = sum;
      } else if (summary.sum) {
        const Result<Money> both = add(*summary.sum, sum);
        summary.sum = both ? std::optional(*both) : std::nullopt;
      }
    }
  }
  return summary;
}

}  // namespace daybook
