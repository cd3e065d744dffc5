#include "ledger/log/witness.h"

#include <cstring>

#include "ledger/log/bytes.h"
#include "ledger/log/crc32c.h"
#include "ledger/log/files.h"

namespace daybook::log {
namespace {

using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

constexpr std::string_view kMagic = "DBKWITN1";
constexpr std::size_t kGeneration = 8;
constexpr std::size_t kLedgerId = 16;
constexpr std::size_t kEpoch = 32;
constexpr std::size_t kPosition = 40;
constexpr std::size_t kChain = 48;
constexpr std::size_t kRecordedAt = 80;
constexpr std::size_t kChecksum = 124;

std::uint64_t offset_of(std::uint64_t generation) { return (generation & 1) * kWitnessSlotApart; }

tl::unexpected<OpenError> lost(const std::string& path, const char* what) {
  return refuse(ExitCode::HistoryLost,
                path + " " + what +
                    ": what was acknowledged cannot be known. Put the file back from where it went, or "
                    "restore the ledger from a backup.");
}

}  // namespace

std::array<std::byte, kWitnessSlotBytes> write_slot(const Testimony& testimony) {
  std::array<std::byte, kWitnessSlotBytes> slot{};
  std::memcpy(slot.data(), kMagic.data(), kMagic.size());
  store(slot.data() + kGeneration, testimony.generation);
  std::memcpy(slot.data() + kLedgerId, testimony.ledger_id.data(), testimony.ledger_id.size());
  store(slot.data() + kEpoch, testimony.epoch);
  store(slot.data() + kPosition, testimony.position);
  std::memcpy(slot.data() + kChain, testimony.chain.data(), testimony.chain.size());
  store(slot.data() + kRecordedAt, testimony.recorded_at);
  store(slot.data() + kChecksum, crc32c(Bytes(slot).first(kChecksum)));
  return slot;
}

std::optional<Testimony> read_slot(Bytes bytes, unsigned slot) {
  if (bytes.size() < kWitnessSlotBytes || as_text(bytes.first(kMagic.size())) != kMagic ||
      load<std::uint32_t>(bytes.data() + kChecksum) != crc32c(bytes.first(kChecksum))) {
    return std::nullopt;
  }
  Testimony testimony;
  testimony.generation = load<std::uint64_t>(bytes.data() + kGeneration);
  std::memcpy(testimony.ledger_id.data(), bytes.data() + kLedgerId, testimony.ledger_id.size());
  testimony.epoch = load<std::uint64_t>(bytes.data() + kEpoch);
  testimony.position = load<std::uint64_t>(bytes.data() + kPosition);
  std::memcpy(testimony.chain.data(), bytes.data() + kChain, testimony.chain.size());
  testimony.recorded_at = load<std::int64_t>(bytes.data() + kRecordedAt);
  if ((testimony.generation & 1) != slot) {
    return std::nullopt;
  }
  return testimony;
}

IOStatus Witness::create(rocksdb::FileSystem& files, const std::string& path, const LedgerId& ledger,
                         const Hash& chain) {
  return create(files, path, Testimony{.ledger_id = ledger, .chain = chain});
}

IOStatus Witness::create(rocksdb::FileSystem& files, const std::string& path, Testimony begun) {
  std::array<std::byte, kWitnessFileBytes> bytes{};
  for (begun.generation = 0; begun.generation < 2; ++begun.generation) {
    const std::uint64_t generation = begun.generation;
    const auto slot = write_slot(begun);
    std::memcpy(bytes.data() + offset_of(generation), slot.data(), slot.size());
  }
  return replace_file(files, path, bytes);
}

Opening<std::unique_ptr<Witness>> Witness::open(rocksdb::FileSystem& files, const std::string& path,
                                                bool writable) {
  std::string text;
  const IOStatus read = read_file(files, path, kWitnessFileBytes, text);
  if (is_missing(read)) {
    return lost(path, "is missing");
  }
  if (!read.ok()) {
    return refuse(ExitCode::IoError, path + ": " + read.ToString());
  }
  text.resize(kWitnessFileBytes, '\0');  // a file cut short is a file whose slots do not count
  const auto even = read_slot(as_bytes(text).first(kWitnessSlotApart), 0);
  const auto odd = read_slot(as_bytes(text).subspan(kWitnessSlotApart), 1);
  if (!even && !odd) {
    return lost(path, "is damaged in both its slots");
  }
  if (even && odd && even->ledger_id != odd->ledger_id) {
    return lost(path, "speaks of two ledgers");
  }
  auto witness = std::unique_ptr<Witness>(new Witness());
  witness->newest_ = !odd || (even && even->generation > odd->generation) ? *even : *odd;
  if (!writable) {
    return witness;
  }
  const IOStatus opened =
      files.NewRandomRWFile(path, rocksdb::FileOptions(), &witness->file_, nullptr);
  if (!opened.ok()) {
    return refuse(ExitCode::IoError, path + ": " + opened.ToString());
  }
  return witness;
}

bool Witness::overtaken() const {
  // Whoever takes over writes the next generation, and that has one place to go.
  std::array<char, kWitnessSlotBytes> buffer;
  Slice got;
  const std::uint64_t next = newest_.generation + 1;
  const IOStatus read =
      file_->Read(offset_of(next), buffer.size(), IOOptions(), &got, buffer.data(), nullptr);
  if (!read.ok()) {
    return false;
  }
  const auto there = read_slot(as_bytes({got.data(), got.size()}), next & 1);
  return there && there->generation > newest_.generation;
}

IOStatus Witness::write(std::uint64_t epoch, Position position, const Hash& chain,
                        std::int64_t recorded_at) {
  Testimony next = newest_;
  next.generation += 1;
  next.epoch = epoch;
  next.position = position;
  next.chain = chain;
  next.recorded_at = recorded_at;
  const auto slot = write_slot(next);
  const std::string_view text = as_text(slot);
  IOStatus status = file_->Write(offset_of(next.generation), Slice(text.data(), text.size()),
                                 IOOptions(), nullptr);
  if (status.ok()) {
    status = file_->Sync(IOOptions(), nullptr);
  }
  if (status.ok()) {
    newest_ = next;
  }
  return status;
}

}  // namespace daybook::log
