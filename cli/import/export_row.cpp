#include "cli/import/export_row.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

#include "cli/import/cell_values.h"
#include "cli/json_value.h"
#include "ledger/codec/json_writer.h"
#include "ledger/codec/text_rules.h"
#include "ledger/domain/enums.h"
#include "ledger/log/hash.h"

namespace daybook::cli {
namespace {

using Fault = tl::unexpected<RowFault>;
template <class T>
using Read = tl::expected<T, RowFault>;

constexpr std::size_t kDigestBytes = 16;
constexpr std::string_view kNoMeter = "unknown";
constexpr std::string_view kAgreementOffer = "MS-AZR-0017G";   ///< the plan that customer agreements are on
constexpr std::string_view kEnrollmentOffer = "MS-AZR-0017P";  ///< the plan that enrollments are on

/// A record on its way to a row: knows which cells the ledger's own fields hold letter for letter.
class RowReader {
 public:
  RowReader(const ExportColumns& columns, const CsvRecord& record)
      : columns_(columns), record_(record), held_(columns.count(), false) {}

  [[nodiscard]] Fault fault(ExportField field, std::string_view code, std::string reason) const {
    const std::size_t column = *columns_.column(field);
    return fault_at(column, code, std::move(reason));
  }
  [[nodiscard]] Fault fault_at(std::size_t column, std::string_view code, std::string reason) const {
    const CsvCell& cell = record_.cells[column];
    RowFault found;
    found.line = cell.line;
    found.column = cell.column;
    found.name = columns_.name(column);
    found.value = cell.text.substr(0, RowFault::kValueShown);
    found.code = std::string(code);
    found.reason = std::move(reason);
    return Fault(std::move(found));
  }

  /// The cell; where nothing stands in it, what is wrong with that.
  [[nodiscard]] Read<std::string_view> required(ExportField field) const {
    const CsvCell* cell = columns_.cell(record_, field);
    if (cell == nullptr) return fault(field, "INVALID_FIELD", "Every row needs a value here.");
    return std::string_view(cell->text);
  }
  [[nodiscard]] std::string_view optional(ExportField field) const {
    const CsvCell* cell = columns_.cell(record_, field);
    return cell == nullptr ? std::string_view() : std::string_view(cell->text);
  }
  [[nodiscard]] Read<std::string> identifier(ExportField field) {
    const Read<std::string_view> cell = required(field);
    if (!cell) return tl::unexpected(cell.error());
    std::optional<std::string> id = export_identifier(*cell);
    if (!id) return fault(field, "INVALID_IDENTIFIER", "There is no identifier in this.");
    if (*id == *cell) hold(field);
    return std::move(*id);
  }
  [[nodiscard]] Read<Instant> instant(ExportField field) const {
    const Read<std::string_view> cell = required(field);
    if (!cell) return tl::unexpected(cell.error());
    const Result<Instant> instant = export_instant(*cell);
    if (!instant) return fault(field, instant.error().code, instant.error().detail);
    return *instant;
  }
  [[nodiscard]] Read<Decimal> decimal(ExportField field, std::string_view otherwise = {}) {
    std::string_view text = optional(field);
    if (text.empty()) text = otherwise;
    if (text.empty()) {
      return tl::unexpected(required(field).error());
    }
    const Result<Decimal> value = Decimal::parse(text);
    if (!value) return fault(field, value.error().code, value.error().detail);
    hold(field);
    return *value;
  }
  void hold(ExportField field) {
    if (const auto column = columns_.column(field)) held_[*column] = true;
  }
  [[nodiscard]] bool held(std::size_t column) const { return held_[column]; }

 private:
  const ExportColumns& columns_;
  const CsvRecord& record_;
  std::vector<bool> held_;
};

std::optional<RowFault> unreadable_cell(const ExportColumns& columns, const CsvRecord& record, const RowReader& reader) {
  for (std::size_t column = 0; column < columns.count(); ++column) {
    const std::string& text = record.cells[column].text;
    if (!codec::is_utf8(text)) return reader.fault_at(column, "INVALID_STRING", "This is not UTF-8.").value();
    if (const std::optional<Error> refused = codec::refuse_text(text)) {
      return reader.fault_at(column, refused->code, refused->detail).value();
    }
  }
  return std::nullopt;
}

std::string digest_of(const ExportColumns& columns, const CsvRecord& record) {
  std::string bytes;
  const auto add = [&](std::string_view text) {
    bytes += std::to_string(text.size());
    bytes.push_back(':');
    bytes += text;
  };
  for (const std::size_t column : columns.by_name()) {
    const std::string& text = record.cells[column].text;
    if (is_missing(text)) continue;
    add(columns.name(column));
    add(text);
  }
  const log::Hash hash = log::sha256(std::as_bytes(std::span(bytes)));
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (std::size_t i = 0; i < kDigestBytes; ++i) {
    const auto byte = std::to_integer<unsigned>(hash[i]);
    hex.push_back(kDigits[byte >> 4]);
    hex.push_back(kDigits[byte & 15]);
  }
  return hex;
}

/// Tags of a cell that is a JSON object of texts, which Azure writes without its braces; nothing for any other cell,
/// which is then kept as it is.
std::optional<std::map<std::string, std::string>> tags_of(std::string_view cell) {
  if (cell.empty()) return std::nullopt;
  const std::string braced = cell.starts_with('{') ? std::string(cell) : "{" + std::string(cell) + "}";
  const Result<JsonValue> json = JsonValue::parse(braced);
  if (!json || json->kind() != JsonValue::Kind::Object) return std::nullopt;
  std::map<std::string, std::string> tags;
  for (const auto& [name, value] : json->members()) {
    if (name.empty() || value.kind() != JsonValue::Kind::Text || codec::refuse_text(name) ||
        codec::refuse_text(value.text()) || !tags.emplace(name, value.text()).second) {
      return std::nullopt;
    }
  }
  return tags;
}

std::optional<ChargeType> charge_type_of(std::string_view cell) {
  const std::optional<ChargeType> type = parse_enum<ChargeType>(cell);
  const bool posted = type && *type != ChargeType::Discount && *type != ChargeType::RoundingAdjustment;
  return posted ? type : std::nullopt;
}

/// Where Azure puts a row: in an enrollment where the profile is the account, else in a profile and its section.
Read<void> place_azure(RowReader& reader, ExportRow& row) {
  const auto read = [&](ExportField field, std::string& id) -> Read<void> {
    if (reader.optional(field).empty()) return {};
    Read<std::string> found = reader.identifier(field);
    if (!found) return Fault(std::move(found.error()));
    id = std::move(*found);
    return {};
  };
  row.profile_id = row.account_id;
  if (auto profile = read(ExportField::Profile, row.profile_id); !profile) return profile;
  row.profile_name = std::string(reader.optional(ExportField::ProfileName));
  row.of_enrollment = row.profile_id == row.account_id;
  row.offer_id = std::string(row.of_enrollment ? kEnrollmentOffer : kAgreementOffer);
  if (auto offer = read(ExportField::Offer, row.offer_id); !offer) return offer;
  if (row.of_enrollment) {
    if (auto account = read(ExportField::EnrollmentAccount, row.enrollment_account_id); !account) return account;
    if (row.enrollment_account_id.empty()) row.enrollment_account_id = row.account_id;
    row.enrollment_account_name = std::string(reader.optional(ExportField::EnrollmentAccount));
    return read(ExportField::EnrollmentAccountOwner, row.enrollment_account_owner);
  }
  std::string named;
  if (auto section = read(ExportField::Section, row.section_id); !section) return section;
  if (auto section = read(ExportField::SectionName, named); !section) return section;
  row.section_name = std::string(reader.optional(ExportField::SectionName));
  // A name is one of its profile alone.
  if (row.section_id.empty()) row.section_id = named.empty() ? row.profile_id : row.profile_id + "-" + named;
  return {};
}

void place_focus(ExportRow& row) {
  row.profile_id = row.account_id;
  row.profile_name = row.account_name;
  row.section_id = row.account_id;
  row.offer_id = std::string(kAgreementOffer);
}

void optional_text(codec::JsonWriter& json, RowReader& reader, std::string_view name, ExportField field) {
  const std::string_view text = reader.optional(field);
  if (text.empty()) return;
  json.key(name).text(text);
  reader.hold(field);
}

/// What is one of few values in both worlds; any other stays text of the row.
void optional_choices(codec::JsonWriter& json, RowReader& reader, ExportFormat format) {
  const std::string_view publisher = reader.optional(ExportField::Publisher);
  if (format == ExportFormat::Focus) {
    if (publisher == "AWS" || publisher == "Microsoft") json.key("publisherType").text(publisher);
    return;
  }
  if (parse_enum<PublisherType>(publisher)) {
    json.key("publisherType").text(publisher);
    reader.hold(ExportField::Publisher);
  }
  if (const std::string_view model = reader.optional(ExportField::PricingModel); parse_enum<PricingModel>(model)) {
    json.key("pricingModel").text(model);
    reader.hold(ExportField::PricingModel);
  }
  const std::string_view eligible = reader.optional(ExportField::CreditEligible);
  if (eligible == "True" || eligible == "true") json.key("isCreditEligible").boolean(true);
  if (eligible == "False" || eligible == "false") json.key("isCreditEligible").boolean(false);
}

}  // namespace

tl::expected<ExportRow, RowFault> read_export_row(const ExportColumns& columns, const CsvRecord& record) {
  RowFault whole;
  whole.line = record.line;
  whole.code = "INVALID_FIELD";
  if (record.broken) {
    whole.line = record.fault_line;
    whole.column = record.fault_column;
    whole.reason = record.reason;
    return Fault(std::move(whole));
  }
  if (record.cells.size() != columns.count()) {
    whole.reason = "The row has " + std::to_string(record.cells.size()) + " cells where the header has " +
                   std::to_string(columns.count()) + ".";
    return Fault(std::move(whole));
  }
  RowReader reader(columns, record);
  if (std::optional<RowFault> unreadable = unreadable_cell(columns, record, reader)) return Fault(std::move(*unreadable));

  ExportRow row;
  Read<std::string> account = reader.identifier(ExportField::Account);
  if (!account) return Fault(std::move(account.error()));
  row.account_id = std::move(*account);
  row.account_name = std::string(reader.optional(ExportField::AccountName));
  if (reader.optional(ExportField::Subscription).empty()) {
    row.subscription_id = row.account_id;  // what belongs to the account as a whole
  } else {
    Read<std::string> subscription = reader.identifier(ExportField::Subscription);
    if (!subscription) return Fault(std::move(subscription.error()));
    row.subscription_id = std::move(*subscription);
  }
  row.subscription_name = std::string(reader.optional(ExportField::SubscriptionName));
  if (columns.format() == ExportFormat::AzureCost) {
    if (auto placed = place_azure(reader, row); !placed) return Fault(std::move(placed.error()));
  } else {
    place_focus(row);
  }

  const Read<std::string_view> currency_text = reader.required(ExportField::Currency);
  if (!currency_text) return Fault(currency_text.error());
  const Result<Currency> currency = Currency::parse(*currency_text);
  if (!currency) return reader.fault(ExportField::Currency, currency.error().code, currency.error().detail);
  row.currency = *currency;
  reader.hold(ExportField::Currency);

  const Read<Instant> period = reader.instant(ExportField::PeriodStart);
  if (!period) return Fault(period.error());
  const Read<Instant> time = reader.instant(ExportField::ChargeStart);
  if (!time) return Fault(time.error());
  row.time = *time;
  row.first_day = std::min(period->date(), time->date());

  const Read<std::string_view> kind = reader.required(ExportField::ChargeKind);
  if (!kind) return Fault(kind.error());
  const std::optional<ChargeType> charge_type = charge_type_of(*kind);
  if (!charge_type) {
    return reader.fault(ExportField::ChargeKind, "INVALID_FIELD",
                        "This is none of Usage, Purchase, Refund, Adjustment, Credit, Tax, UnusedReservation.");
  }
  reader.hold(ExportField::ChargeKind);
  const Read<Decimal> cost = reader.decimal(ExportField::Cost);
  if (!cost) return Fault(cost.error());
  row.cost = *cost;
  const Read<Decimal> quantity = reader.decimal(ExportField::Quantity, "0");
  if (!quantity) return Fault(quantity.error());
  std::string meter(kNoMeter);
  if (!reader.optional(ExportField::Meter).empty()) {
    Read<std::string> named = reader.identifier(ExportField::Meter);
    if (!named) return Fault(std::move(named.error()));
    meter = std::move(*named);
  }

  codec::JsonWriter json(row.data);
  json.begin_object().key("subscriptionId").text(row.subscription_id).key("meterId").text(meter);
  json.key("quantity").decimal(*quantity).key("usageDate").date(time->date());
  if (*charge_type != ChargeType::Usage) json.key("chargeType").text(wire_name(*charge_type));
  json.key("cost").decimal(*cost).key("currency").text(row.currency.text());
  optional_text(json, reader, "unit", ExportField::Unit);
  optional_text(json, reader, "resourceId", ExportField::Resource);
  optional_text(json, reader, "resourceGroup", ExportField::ResourceGroup);
  optional_text(json, reader, "meterName", ExportField::MeterName);
  optional_text(json, reader, "meterSubCategory", ExportField::MeterSubCategory);
  optional_text(json, reader, "category", ExportField::Category);
  optional_text(json, reader, "product", ExportField::Product);
  optional_text(json, reader, "region", ExportField::Region);
  optional_choices(json, reader, columns.format());
  if (const auto tags = tags_of(reader.optional(ExportField::Tags))) {
    reader.hold(ExportField::Tags);
    if (!tags->empty()) {
      json.key("tags").begin_object();
      for (const auto& [name, value] : *tags) json.key(name).text(value);
      json.end_object();
    }
  }
  bool any = false;
  for (const std::size_t column : columns.by_name()) {
    const std::string& text = record.cells[column].text;
    if (reader.held(column) || is_missing(text)) continue;
    if (!any) json.key("additionalInfo").begin_object();
    any = true;
    json.key(columns.name(column)).text(text);
  }
  if (any) json.end_object();
  json.end_object();
  row.digest = digest_of(columns, record);
  return row;
}

std::optional<std::size_t> column_of_pointer(const ExportColumns& columns, std::string_view pointer) {
  constexpr std::array kPointers = {
      std::pair{std::string_view("/data/subscriptionId"), ExportField::Subscription},
      std::pair{std::string_view("/data/meterId"), ExportField::Meter},
      std::pair{std::string_view("/data/quantity"), ExportField::Quantity},
      std::pair{std::string_view("/data/usageDate"), ExportField::ChargeStart},
      std::pair{std::string_view("/time"), ExportField::ChargeStart},
      std::pair{std::string_view("/data/chargeType"), ExportField::ChargeKind},
      std::pair{std::string_view("/data/cost"), ExportField::Cost},
      std::pair{std::string_view("/data/currency"), ExportField::Currency},
      std::pair{std::string_view("/data/tags"), ExportField::Tags},
  };
  for (const auto& [prefix, field] : kPointers) {
    if (pointer.starts_with(prefix)) return columns.column(field);
  }
  return std::nullopt;
}

}  // namespace daybook::cli
