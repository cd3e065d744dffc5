#include "ledger/domain/currency.h"

#include <array>
#include <cstdint>
#include <string>

#include "ledger/domain/invariant.h"

namespace daybook {
namespace {

// ISO 4217:2015, list one, without funds codes (CHE, CLF, COU, USN …), metals, units of account,
// XTS and XXX. Kept beyond their withdrawal: what was legal tender on some day since 2024-01-01
// (ANG, BGN, ZWL), because the history that is imported was billed in it.
constexpr CurrencyEntry kCurrencies[] = {
    {"AED", 2}, {"AFN", 2}, {"ALL", 2}, {"AMD", 2}, {"ANG", 2}, {"AOA", 2}, {"ARS", 2}, {"AUD", 2},
    {"AWG", 2}, {"AZN", 2}, {"BAM", 2}, {"BBD", 2}, {"BDT", 2}, {"BGN", 2}, {"BHD", 3}, {"BIF", 0},
    {"BMD", 2}, {"BND", 2}, {"BOB", 2}, {"BRL", 2}, {"BSD", 2}, {"BTN", 2}, {"BWP", 2}, {"BYN", 2},
    {"BZD", 2}, {"CAD", 2}, {"CDF", 2}, {"CHF", 2}, {"CLP", 0}, {"CNY", 2}, {"COP", 2}, {"CRC", 2},
    {"CUP", 2}, {"CVE", 2}, {"CZK", 2}, {"DJF", 0}, {"DKK", 2}, {"DOP", 2}, {"DZD", 2}, {"EGP", 2},
    {"ERN", 2}, {"ETB", 2}, {"EUR", 2}, {"FJD", 2}, {"FKP", 2}, {"GBP", 2}, {"GEL", 2}, {"GHS", 2},
    {"GIP", 2}, {"GMD", 2}, {"GNF", 0}, {"GTQ", 2}, {"GYD", 2}, {"HKD", 2}, {"HNL", 2}, {"HTG", 2},
    {"HUF", 2}, {"IDR", 2}, {"ILS", 2}, {"INR", 2}, {"IQD", 3}, {"IRR", 2}, {"ISK", 0}, {"JMD", 2},
    {"JOD", 3}, {"JPY", 0}, {"KES", 2}, {"KGS", 2}, {"KHR", 2}, {"KMF", 0}, {"KPW", 2}, {"KRW", 0},
    {"KWD", 3}, {"KYD", 2}, {"KZT", 2}, {"LAK", 2}, {"LBP", 2}, {"LKR", 2}, {"LRD", 2}, {"LSL", 2},
    {"LYD", 3}, {"MAD", 2}, {"MDL", 2}, {"MGA", 2}, {"MKD", 2}, {"MMK", 2}, {"MNT", 2}, {"MOP", 2},
    {"MRU", 2}, {"MUR", 2}, {"MVR", 2}, {"MWK", 2}, {"MXN", 2}, {"MYR", 2}, {"MZN", 2}, {"NAD", 2},
    {"NGN", 2}, {"NIO", 2}, {"NOK", 2}, {"NPR", 2}, {"NZD", 2}, {"OMR", 3}, {"PAB", 2}, {"PEN", 2},
    {"PGK", 2}, {"PHP", 2}, {"PKR", 2}, {"PLN", 2}, {"PYG", 0}, {"QAR", 2}, {"RON", 2}, {"RSD", 2},
    {"RUB", 2}, {"RWF", 0}, {"SAR", 2}, {"SBD", 2}, {"SCR", 2}, {"SDG", 2}, {"SEK", 2}, {"SGD", 2},
    {"SHP", 2}, {"SLE", 2}, {"SOS", 2}, {"SRD", 2}, {"SSP", 2}, {"STN", 2}, {"SVC", 2}, {"SYP", 2},
    {"SZL", 2}, {"THB", 2}, {"TJS", 2}, {"TMT", 2}, {"TND", 3}, {"TOP", 2}, {"TRY", 2}, {"TTD", 2},
    {"TWD", 2}, {"TZS", 2}, {"UAH", 2}, {"UGX", 0}, {"USD", 2}, {"UYU", 2}, {"UYW", 4}, {"UZS", 2},
    {"VED", 2}, {"VES", 2}, {"VND", 0}, {"VUV", 0}, {"WST", 2}, {"XAF", 0}, {"XCD", 2}, {"XCG", 2},
    {"XOF", 0}, {"XPF", 0}, {"YER", 2}, {"ZAR", 2}, {"ZMW", 2}, {"ZWG", 2}, {"ZWL", 2},
};

constexpr std::size_t kLetters = 26;
constexpr std::int8_t kNone = -1;

/// The place of a code among all of three capitals; false for any other text.
constexpr bool slot_of(std::string_view code, std::size_t& slot) {
  if (code.size() != 3) return false;
  slot = 0;
  for (char c : code) {
    if (c < 'A' || c > 'Z') return false;
    slot = slot * kLetters + static_cast<std::size_t>(c - 'A');
  }
  return true;
}

constexpr auto kDigits = [] {
  std::array<std::int8_t, kLetters * kLetters * kLetters> digits{};
  digits.fill(kNone);
  for (const CurrencyEntry& entry : kCurrencies) {
    std::size_t slot = 0;
    if (slot_of(entry.code, slot)) digits[slot] = static_cast<std::int8_t>(entry.minor_digits);
  }
  return digits;
}();

/// The minor digits, or `kNone`.
std::int8_t find(std::string_view code) {
  std::size_t slot = 0;
  return slot_of(code, slot) ? kDigits[slot] : kNone;
}

}  // namespace

Result<Currency> Currency::parse(std::string_view text) {
  if (find(text) == kNone) {
    return rejected("INVALID_CURRENCY",
                    "a currency is an active ISO 4217 code in capitals, like EUR");
  }
  return Currency{{text[0], text[1], text[2]}};
}

bool Currency::is_valid() const { return find(text()) != kNone; }

int Currency::minor_digits() const {
  const std::int8_t digits = find(text());
  LEDGER_INVARIANT(digits != kNone);
  return digits;
}

std::span<const CurrencyEntry> all_currencies() { return kCurrencies; }

}  // namespace daybook
