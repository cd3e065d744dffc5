#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ledger/domain/enums.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/time.h"
#include "projections/row_key.h"

/// Rows of `invoices.v2`. A document's number is the position of the event that issued it. A scope
/// is `""` for the whole ledger, else its text (`Account/acc-1`, `Subscription/sub-01`). A cell is
/// kind, type and status of a document in one byte.
///
///   1 ‖ scope:text ‖ cell:u8 ‖ ~issue date ‖ ~number    head list: document
///   2 ‖ scope:text ‖ ~issue date ‖ ~number              every document ever, for past positions: document
///   3 ‖ number:u64 ‖ ~position                          versioned: cell
///   4 ‖ scope:text ‖ level:u8 ‖ cell:u8 ‖ day           n:u64; level 0: all, 1: of a month, 2: of a day; of a
///                                                       scope that is not the whole ledger only the days
///   5 ‖ stream:u32                                      number:u64 ‖ invoice id
///   6                                                   position of the last change
///
/// `document` is `kind:u8 ‖ invoice id:text ‖ credit note id:text`.
namespace daybook::projections {

inline constexpr std::string_view kInvoices = "invoices";

enum class InvoiceTable : std::uint8_t {
  Head = 1,
  Every = 2,
  State = 3,
  Count = 4,
  Stream = 5,
  LastChange = 6
};
enum class CountLevel : std::uint8_t { All = 0, Month = 1, Day = 2 };

/// The levels at which documents of a scope are counted. The days of one scope are few: their sum is soon read, and a
/// document changes one row of it instead of three.
[[nodiscard]] inline std::span<const CountLevel> count_levels(std::string_view scope) {
  static constexpr std::array kLevels{CountLevel::Day, CountLevel::Month, CountLevel::All};
  return std::span(kLevels).first(scope.empty() ? kLevels.size() : 1);
}

/// What a document is, as lists tell them apart.
struct DocumentCell {
  DocumentType kind = DocumentType::Invoice;
  InvoiceType type = InvoiceType::AzureServices;
  InvoiceStatus status = InvoiceStatus::Due;

  static constexpr std::uint8_t kCount = 128;

  [[nodiscard]] std::uint8_t number() const {
    return static_cast<std::uint8_t>(static_cast<unsigned>(kind) << 6 |
                                     static_cast<unsigned>(type) << 3 |
                                     static_cast<unsigned>(status));
  }
  [[nodiscard]] static DocumentCell of(std::uint8_t number) {
    return {static_cast<DocumentType>(number >> 6), static_cast<InvoiceType>(number >> 3 & 7),
            static_cast<InvoiceStatus>(number & 7)};
  }
  friend bool operator==(const DocumentCell&, const DocumentCell&) = default;
};

[[nodiscard]] inline KeyWriter invoice_key(InvoiceTable table) {
  KeyWriter key;
  key.u8(static_cast<std::uint8_t>(table));
  return key;
}
[[nodiscard]] inline std::string head_key(std::string_view scope, DocumentCell cell, Date issued,
                                          Position number) {
  return invoice_key(InvoiceTable::Head)
      .text(scope)
      .u8(cell.number())
      .day_newest_first(issued)
      .newest_first(number)
      .take();
}
[[nodiscard]] inline std::string every_key(std::string_view scope, Date issued, Position number) {
  return invoice_key(InvoiceTable::Every)
      .text(scope)
      .day_newest_first(issued)
      .newest_first(number)
      .take();
}
[[nodiscard]] inline std::string document_state_key(Position number) {
  return invoice_key(InvoiceTable::State).u64(number).take();
}
[[nodiscard]] inline std::string count_key(std::string_view scope, CountLevel level,
                                           DocumentCell cell, Date day) {
  return invoice_key(InvoiceTable::Count)
      .text(scope)
      .u8(static_cast<std::uint8_t>(level))
      .u8(cell.number())
      .day(day)
      .take();
}
/// The days that level counts together.
[[nodiscard]] inline Date count_day(CountLevel level, Date day) {
  if (level == CountLevel::All) return Date{0};
  return level == CountLevel::Month ? day.first_of_month() : day;
}

}  // namespace daybook::projections
