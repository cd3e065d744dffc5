#include "ledger/log/run_page.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>

#include "ledger/domain/invariant.h"
#include "ledger/log/bytes.h"

namespace daybook::log {
namespace {

constexpr std::size_t kHead = 20;

std::size_t bytes_of(std::uint64_t number) { return (static_cast<std::size_t>(std::bit_width(number)) + 7) / 8; }

constexpr std::size_t kWholeNumber = sizeof(std::uint64_t);

/// Writes a whole number, of which `bytes` count: the next one is written over the rest.
void put(std::byte*& at, std::uint64_t number, std::size_t bytes) {
  store(at, number);
  at += bytes;
}

/// Reads a number of `bytes`; all that a whole one has may be read.
std::uint64_t take(const std::byte*& at, std::size_t bytes) {
  const auto number = load<std::uint64_t>(at);
  at += bytes;
  return bytes == kWholeNumber ? number : number & ((std::uint64_t{1} << (8 * bytes)) - 1);
}

}  // namespace

std::string packed_page(std::span<const RunEntry> entries) {
  LEDGER_INVARIANT(!entries.empty() && entries.size() <= UINT16_MAX);
  const auto [least, most] =
      std::ranges::minmax(entries, {}, [](const RunEntry& entry) { return entry.position; });
  const std::uint64_t first_key = entries.front().key;
  const std::size_t key_bytes = bytes_of(entries.back().key - first_key);
  const std::size_t position_bytes = bytes_of(most.position - least.position);
  const std::size_t size = kHead + entries.size() * (key_bytes + position_bytes);
  std::string page(size + kWholeNumber, '\0');
  std::byte* at = std::as_writable_bytes(std::span(page)).data();
  put(at, entries.size(), 2);
  put(at, key_bytes, 1);
  put(at, position_bytes, 1);
  put(at, first_key, kWholeNumber);
  put(at, least.position, kWholeNumber);
  for (const RunEntry& entry : entries) {
    LEDGER_INVARIANT(entry.key >= first_key && entry.key <= entries.back().key);
    put(at, entry.key - first_key, key_bytes);
    put(at, entry.position - least.position, position_bytes);
  }
  page.resize(size);
  return page;
}

bool unpack_page(std::string& page, std::vector<RunEntry>& out) {
  if (page.size() < kHead) return false;
  const std::size_t size = page.size();
  page.resize(size + kWholeNumber);  // so that the last number can be read as a whole one
  const std::byte* at = as_bytes(page).data();
  const std::size_t entries = take(at, 2);
  const std::size_t key_bytes = take(at, 1);
  const std::size_t position_bytes = take(at, 1);
  const std::uint64_t first_key = take(at, kWholeNumber);
  const Position least = take(at, kWholeNumber);
  if (entries == 0 || key_bytes > kWholeNumber || position_bytes > kWholeNumber ||
      size != kHead + entries * (key_bytes + position_bytes))
    return false;
  out.reserve(out.size() + entries);
  for (std::size_t i = 0; i < entries; ++i) {
    const std::uint64_t key = first_key + take(at, key_bytes);
    out.push_back({key, least + take(at, position_bytes)});
  }
  return true;
}

}  // namespace daybook::log
