#include "ledger/domain/rules/invoice_id.h"

#include <cstdint>

namespace daybook {
namespace {

/// The finalizer of SplitMix64: every bit of the input moves every bit of the result.
constexpr std::uint64_t mix(std::uint64_t value) {
  value ^= value >> 30;
  value *= 0xBF58476D1CE4E5B9U;
  value ^= value >> 27;
  value *= 0x94D049BB133111EBU;
  return value ^ (value >> 31);
}

/// FNV-1a, mixed.
std::uint64_t hash(std::string_view text, std::uint64_t basis) {
  std::uint64_t value = basis;
  for (char c : text) {
    value ^= static_cast<unsigned char>(c);
    value *= 0x100000001B3U;
  }
  return mix(value);
}

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

}  // namespace

std::string letters_and_digits(std::string_view text, std::size_t length) {
  std::string result;
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < length; ++i) {
    // A 64-bit hash gives twelve characters before it runs dry.
    if (i % 12 == 0) bits = hash(text, 0xCBF29CE484222325U + mix(i + 1));
    result.push_back(kAlphabet[bits % kAlphabet.size()]);
    bits /= kAlphabet.size();
  }
  return result;
}

InvoiceId invoice_id_for(const StateReader& state, const ScopeRef& scope, InvoiceType type,
                         Date start) {
  const std::string what = BilledPeriod::key(scope, type, start);
  for (int attempt = 0;; ++attempt) {
    const std::string seed = what + "#" + std::to_string(attempt);
    InvoiceId id;
    if (type == InvoiceType::Profile) {
      id = InvoiceId("G" + letters_and_digits(seed, 9));
    } else if (scope.type == ScopeType::Enrollment) {
      id = InvoiceId("EA" + letters_and_digits(seed, 8));
    } else {
      std::string rest = letters_and_digits(seed, 9);
      if (rest.front() == 'A') rest.front() = '0';  // EA… are enrollments
      id = InvoiceId("E" + rest);
    }
    if (state.invoice(id) == nullptr) return id;
  }
}

}  // namespace daybook
