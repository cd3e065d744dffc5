#include "ledger/log/run_manifest.h"

#include <cstring>

#include "ledger/log/bytes.h"

namespace daybook::log {
namespace {

constexpr std::string_view kKey = "\xFF\xFF\xFF\xFF";
constexpr std::byte kVersion{1};
constexpr std::size_t kHeadBytes = 41;
constexpr std::size_t kRunBytes = 48;

}  // namespace

Result<std::optional<RunManifest>> read_manifest(const Family& family) {
  const auto row = family.get(kKey);
  if (!row) {
    return tl::unexpected(row.error());
  }
  if (!*row) {
    return std::optional<RunManifest>();
  }
  const Bytes bytes = as_bytes(**row);
  if (bytes.size() < kHeadBytes || bytes[0] != kVersion ||
      bytes.size() != kHeadBytes + kRunBytes * load<std::uint32_t>(bytes.data() + 37)) {
    return failed(ErrorKind::Corruption, "VIEWS_DAMAGED", "the manifest of an index cannot be read");
  }
  RunManifest manifest;
  const std::byte* at = bytes.data();
  std::memcpy(manifest.secret.data(), at + 1, manifest.secret.size());
  manifest.covered = load<std::uint64_t>(at + 17);
  manifest.made = load<std::uint64_t>(at + 25);
  manifest.next_id = load<std::uint32_t>(at + 33);
  manifest.runs.resize(load<std::uint32_t>(at + 37));
  at += kHeadBytes;
  for (RunFacts& run : manifest.runs) {
    run.id = load<std::uint32_t>(at);
    run.tier = load<std::uint32_t>(at + 4);
    run.pages = load<std::uint32_t>(at + 8);
    run.filters = load<std::uint32_t>(at + 12);
    run.entries = load<std::uint64_t>(at + 16);
    run.made = load<std::uint64_t>(at + 24);
    run.first = load<std::uint64_t>(at + 32);
    run.last = load<std::uint64_t>(at + 40);
    at += kRunBytes;
  }
  return std::optional<RunManifest>(std::move(manifest));
}

Result<void> write_manifest(Family family, const RunManifest& manifest) {
  std::string row(1, static_cast<char>(kVersion));
  row += as_text(manifest.secret);
  append_bytes(row, manifest.covered);
  append_bytes(row, manifest.made);
  append_bytes(row, manifest.next_id);
  append_bytes(row, static_cast<std::uint32_t>(manifest.runs.size()));
  for (const RunFacts& run : manifest.runs) {
    append_bytes(row, run.id);
    append_bytes(row, run.tier);
    append_bytes(row, run.pages);
    append_bytes(row, run.filters);
    append_bytes(row, run.entries);
    append_bytes(row, run.made);
    append_bytes(row, run.first);
    append_bytes(row, run.last);
  }
  ViewBatch batch(family);
  batch.put(kKey, row);
  if (Result<void> written = batch.write(); !written) {
    return written;
  }
  return family.flush();
}

}  // namespace daybook::log
