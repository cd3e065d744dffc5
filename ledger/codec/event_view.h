#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

#include "ledger/codec/event_description.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/event_types.h"

namespace daybook::codec {

/// Reads members of an event where they lie, for folds at millions of events a second: no struct is
/// built, no text copied, nothing checked.
///
/// Only for bytes that our own writer made and our own log vouches for (checksum, then hash);
/// others go through decode_event. Texts point into the bytes. A member that is absent is empty or
/// nullopt.
class EventView {
 public:
  explicit EventView(std::span<const std::byte> bytes)
      : root_(bytes.data() + load<std::uint32_t>(bytes.data())), data_(root_) {
    if (const std::byte* data = field(root_, static_cast<std::uint32_t>(EventField::Data)))
      data_ = target(data);
  }

  [[nodiscard]] EventType type() const {
    return static_cast<EventType>(
        scalar<std::uint8_t>(root_, static_cast<std::uint32_t>(EventField::DataType), 0));
  }
  /// Of the key that sent it; empty: none.
  [[nodiscard]] std::string_view tenant() const { return text(root_, EventField::Tenant); }
  [[nodiscard]] bool has_tenant() const { return has(root_, EventField::Tenant); }
  [[nodiscard]] std::string_view source() const { return text(root_, EventField::Source); }
  [[nodiscard]] std::string_view id() const { return text(root_, EventField::Id); }
  [[nodiscard]] Instant time() const {
    return {scalar<std::int64_t>(root_, static_cast<std::uint32_t>(EventField::Time), 0)};
  }
  [[nodiscard]] bool time_from_clock() const {
    return scalar<std::uint8_t>(root_, static_cast<std::uint32_t>(EventField::TimeFromClock), 0) !=
           0;
  }
  [[nodiscard]] std::string_view causation() const { return text(root_, EventField::Causation); }
  [[nodiscard]] std::string_view correlation() const {
    return text(root_, EventField::Correlation);
  }

  /// The value of an extension; empty: it has none of that name.
  [[nodiscard]] std::string_view extension(std::string_view name) const {
    const std::byte* found = field(root_, static_cast<std::uint32_t>(EventField::Extensions));
    if (found == nullptr) return {};
    const std::byte* entries = target(found);
    const auto count = load<std::uint32_t>(entries);
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::byte* entry = target(entries + 4 + 4 * i);
      if (text_of(entry, 0) == name) return text_of(entry, 1);
    }
    return {};
  }

  [[nodiscard]] bool has_idempotency() const { return has(root_, EventField::Idempotency); }
  [[nodiscard]] std::string_view idempotency_owner() const { return idempotency(0); }
  [[nodiscard]] std::string_view idempotency_key() const { return idempotency(1); }
  [[nodiscard]] std::string_view idempotency_digest() const { return idempotency(2); }

  // Of a UsageRecorded; the numbers are field ids of schemas/usage.fbs.

  [[nodiscard]] std::string_view usage_subscription_id() const { return usage_text(0); }
  [[nodiscard]] std::string_view usage_meter_id() const { return usage_text(1); }
  [[nodiscard]] Decimal usage_quantity() const { return usage_decimal(2).value_or(Decimal()); }
  /// That of the event where it was left out.
  [[nodiscard]] std::string_view usage_id() const {
    const std::byte* found = field(data_, 3);
    return found == nullptr ? id() : text_at(found);
  }
  /// The day of the event's time where it was left out.
  [[nodiscard]] Date usage_date() const {
    const std::byte* found = field(data_, 4);
    return found == nullptr ? time().date() : Date{load<std::int32_t>(found)};
  }
  [[nodiscard]] std::optional<bool> usage_is_credit_eligible() const {
    const std::byte* found = field(data_, 6);
    return found == nullptr ? std::nullopt : std::optional(load<std::uint8_t>(found) != 0);
  }
  [[nodiscard]] ChargeType usage_charge_type() const {
    return static_cast<ChargeType>(scalar<std::uint8_t>(data_, 7, 0));
  }
  [[nodiscard]] std::string_view usage_unit() const { return usage_text(8); }
  [[nodiscard]] std::string_view usage_category() const { return usage_text(9); }
  [[nodiscard]] std::string_view usage_region() const { return usage_text(10); }
  [[nodiscard]] std::string_view usage_resource_id() const { return usage_text(11); }
  [[nodiscard]] std::string_view usage_resource_group() const { return usage_text(12); }
  [[nodiscard]] std::string_view usage_meter_name() const { return usage_text(13); }
  [[nodiscard]] std::string_view usage_meter_sub_category() const { return usage_text(14); }
  [[nodiscard]] std::string_view usage_product() const { return usage_text(15); }
  [[nodiscard]] std::optional<Decimal> usage_unit_price() const { return usage_decimal(16); }
  [[nodiscard]] std::optional<Decimal> usage_cost() const { return usage_decimal(17); }
  /// Brings `cost` or `unitPrice`.
  [[nodiscard]] bool usage_has_own_value() const {
    return field(data_, 16) != nullptr || field(data_, 17) != nullptr;
  }
  [[nodiscard]] std::optional<Currency> usage_currency() const {
    const std::byte* found = field(data_, 18);
    if (found == nullptr) return std::nullopt;
    Currency currency;
    std::memcpy(currency.code, found, sizeof currency.code);
    return currency;
  }
  [[nodiscard]] std::optional<PricingModel> usage_pricing_model() const {
    return usage_enum<PricingModel>(19);
  }
  [[nodiscard]] std::optional<PublisherType> usage_publisher_type() const {
    return usage_enum<PublisherType>(20);
  }
  /// Calls `visit(key, value)` for every tag, by key.
  template <class Visit>
  void each_usage_tag(Visit&& visit) const {
    const std::byte* found = field(data_, 21);
    if (found == nullptr) return;
    const std::byte* entries = target(found);
    const auto count = load<std::uint32_t>(entries);
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::byte* entry = target(entries + 4 + 4 * i);
      visit(text_of(entry, 0), text_of(entry, 1));
    }
  }
  /// Minified JSON.
  [[nodiscard]] std::string_view usage_additional_info() const { return usage_text(22); }

 private:
  template <class T>
  static T load(const std::byte* at) {
    T value;
    std::memcpy(&value, at, sizeof value);
    return value;
  }
  /// Where the field lies in its table; null when absent.
  static const std::byte* field(const std::byte* table, std::uint32_t id) {
    const std::byte* vtable = table - load<std::int32_t>(table);
    const std::uint32_t place = 4 + 2 * id;
    if (place >= load<std::uint16_t>(vtable)) return nullptr;
    const auto offset = load<std::uint16_t>(vtable + place);
    return offset == 0 ? nullptr : table + offset;
  }
  static const std::byte* target(const std::byte* offset) {
    return offset + load<std::uint32_t>(offset);
  }
  static std::string_view text_at(const std::byte* offset) {
    const std::byte* text = target(offset);
    return {static_cast<const char*>(static_cast<const void*>(text + 4)),
            load<std::uint32_t>(text)};
  }
  template <class T>
  static T scalar(const std::byte* table, std::uint32_t id, T otherwise) {
    const std::byte* found = field(table, id);
    return found == nullptr ? otherwise : load<T>(found);
  }
  static std::string_view text_of(const std::byte* table, std::uint32_t id) {
    const std::byte* found = field(table, id);
    return found == nullptr ? std::string_view() : text_at(found);
  }
  static std::string_view text(const std::byte* table, EventField id) {
    return text_of(table, static_cast<std::uint32_t>(id));
  }
  static bool has(const std::byte* table, EventField id) {
    return field(table, static_cast<std::uint32_t>(id)) != nullptr;
  }
  [[nodiscard]] std::string_view idempotency(std::uint32_t id) const {
    const std::byte* found = field(root_, static_cast<std::uint32_t>(EventField::Idempotency));
    return found == nullptr ? std::string_view() : text_of(target(found), id);
  }
  [[nodiscard]] std::string_view usage_text(std::uint32_t id) const { return text_of(data_, id); }
  [[nodiscard]] std::optional<Decimal> usage_decimal(std::uint32_t id) const {
    const std::byte* found = field(data_, id);
    return found == nullptr ? std::nullopt : std::optional(decimal_at(found));
  }
  template <class E>
  [[nodiscard]] std::optional<E> usage_enum(std::uint32_t id) const {
    const std::byte* found = field(data_, id);
    return found == nullptr ? std::nullopt
                            : std::optional(static_cast<E>(load<std::uint8_t>(found)));
  }
  static Decimal decimal_at(const std::byte* at);

  const std::byte* root_;
  const std::byte* data_;
};

}  // namespace daybook::codec
