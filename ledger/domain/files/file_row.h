#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "ledger/domain/currency.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/exact.h"
#include "ledger/domain/facts/document_parts.h"
#include "ledger/domain/facts/invoice.h"
#include "ledger/domain/facts/usage.h"
#include "ledger/domain/files/cell.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/usage_source.h"
#include "ledger/domain/time.h"

namespace daybook {

/// A UsageRecorded, and who posted it under which name.
struct PostedUsage {
  std::string source;
  std::string id;
  UsageRecorded data;
};

/// Usage as it was posted: what views of usage do not keep (product, additional information).
class UsageRecords {
 public:
  virtual ~UsageRecords() = default;
  /// The UsageRecorded at a position. Errors: those of reading.
  [[nodiscard]] virtual Result<PostedUsage> posted(Position position) const = 0;
  [[nodiscard]] Result<UsageRecorded> recorded(Position position) const {
    Result<PostedUsage> found = posted(position);
    if (!found) return tl::unexpected(std::move(found.error()));
    return std::move(found->data);
  }
};

/// Whom a file is about, for the columns that are the same in all of its rows.
struct FileSubject {
  const StateReader& state;
  const Account& account;
  const Profile* profile = nullptr;         ///< MCA, MPA
  const Enrollment* enrollment = nullptr;   ///< EA
  const InvoiceIssued* invoice = nullptr;   ///< null: of a period without a document
  Period period;
  Currency currency;
  Date rate_date;  ///< exchange rates are those of this day
};

/// One charge of a file: a row of usage, or a line of a document that no usage stands behind.
struct FileRow {
  ChargeType charge_type = ChargeType::Usage;
  Date date;       ///< of usage its day, else the first of `service`
  Period service;  ///< the days it is for
  const InvoiceLine* line = nullptr;         ///< what it is part of; null: RoundingAdjustment
  const Subscription* subscription = nullptr;
  const UsageRow* usage = nullptr;           ///< as it stood when it was billed
  const UsageRecorded* recorded = nullptr;   ///< with `usage`
  std::optional<Decimal> quantity;
  std::optional<Decimal> unit_price;  ///< of the tier it lies in
  std::optional<Decimal> list_price;  ///< for everybody, in the document's currency
  Decimal cost;                       ///< in the document's currency
  bool is_correction = false;         ///< of a period that was invoiced before
  std::optional<Decimal> effective_cost = {};  ///< of AmortizedCost, with its part of reservations; else `cost`
  const Reservation* reservation = nullptr;    ///< the one it has a part of, where it is one alone
};
using FileVisitor = std::function<Result<void>(const FileRow&)>;

/// A column: its name, and what stands in it. Nothing where the ledger does not know.
struct Column {
  std::string_view name;
  Cell (*value)(const FileRow& row, const FileSubject& subject);
};

}  // namespace daybook
