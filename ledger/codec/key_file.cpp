#include "ledger/codec/key_file.h"

#include <cstring>
#include <span>

#include <sodium.h>

#include "ledger/codec/buffer.h"

namespace daybook::codec {
namespace {

constexpr std::string_view kMagic = "DBKEYS01";
constexpr std::string_view kMasterMagic = "DBMASTER";
constexpr std::size_t kMasterBytes = 64;

void put(std::string& out, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
}
void put(std::string& out, std::span<const std::byte> bytes) { out.append(as_text(bytes)); }

std::uint64_t get(std::string_view bytes, std::size_t at, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
  }
  return value;
}

template <std::size_t kSize>
void get(std::string_view bytes, std::size_t at, std::array<std::byte, kSize>& out) {
  std::memcpy(out.data(), bytes.data() + at, kSize);
}

std::string checksum(std::initializer_list<std::string_view> parts) {
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, 16);
  for (const std::string_view part : parts) {
    crypto_generichash_update(
        &state, static_cast<const unsigned char*>(static_cast<const void*>(part.data())),
        part.size());
  }
  std::string sum(16, '\0');
  crypto_generichash_final(&state, static_cast<unsigned char*>(static_cast<void*>(sum.data())),
                           sum.size());
  return sum;
}

std::string slot_sum(std::string_view numbers, std::uint64_t epoch) {
  std::string text;
  put(text, epoch, 8);
  return checksum({"slot", text, numbers});
}

std::string batch_sum(std::string_view count, std::string_view entries, std::uint64_t epoch,
                      std::uint64_t offset) {
  std::string text;
  put(text, epoch, 8);
  put(text, offset, 8);
  return checksum({"batch", text, count, entries});
}

tl::unexpected<Error> damaged(std::string detail) {
  return failed(ErrorKind::Corruption, "CORRUPTION", std::move(detail));
}

std::string write_header(const KeyHeader& header) {
  std::string out(kMagic);
  put(out, header.epoch, 8);
  put(out, header.nonce);
  put(out, header.wrapped_reference_key);
  out.append(checksum({"header", out}));
  return out;
}

std::optional<KeySlot> read_slot(std::string_view bytes, std::uint64_t epoch) {
  if (slot_sum(bytes.substr(0, 16), epoch) != bytes.substr(16, 16)) return std::nullopt;
  return KeySlot{get(bytes, 0, 8), get(bytes, 8, 8)};
}

KeyEntry read_entry(std::string_view bytes) {
  KeyEntry entry;
  entry.erased = bytes[0] == 2;
  get(bytes, 8, entry.id);
  get(bytes, 24, entry.reference);
  get(bytes, 40, entry.nonce);
  get(bytes, 64, entry.wrapped_key);
  return entry;
}

}  // namespace

std::string write_master(std::uint64_t epoch, const Key32& key) {
  std::string out(kMasterMagic);
  put(out, epoch, 8);
  put(out, key);
  out.append(checksum({"master", out}));
  return out;
}

Result<Key32> read_master(std::string_view bytes, std::uint64_t epoch) {
  if (bytes.size() != kMasterBytes || !bytes.starts_with(kMasterMagic) ||
      get(bytes, 8, 8) != epoch || checksum({"master", bytes.substr(0, 48)}) != bytes.substr(48)) {
    return damaged("the master key of epoch " + std::to_string(epoch) + " is damaged");
  }
  Key32 key;
  get(bytes, 16, key);
  return key;
}

std::string write_slot(const KeySlot& slot, std::uint64_t epoch) {
  std::string out;
  put(out, slot.sequence, 8);
  put(out, slot.committed, 8);
  out.append(slot_sum(out, epoch));
  return out;
}

std::string write_batch(const std::vector<KeyEntry>& entries, std::uint64_t epoch,
                        std::uint64_t offset) {
  std::string count;
  put(count, entries.size(), 4);
  put(count, 0, 4);
  std::string bytes;
  for (const KeyEntry& entry : entries) {
    bytes.push_back(entry.erased ? '\2' : '\1');
    bytes.append(7, '\0');
    put(bytes, entry.id);
    put(bytes, entry.reference);
    put(bytes, entry.nonce);
    put(bytes, entry.wrapped_key);
  }
  return count + batch_sum(count, bytes, epoch, offset) + bytes;
}

std::string write_key_file(const KeyHeader& header, const std::vector<KeyEntry>& entries) {
  std::string batch;
  if (!entries.empty()) batch = write_batch(entries, header.epoch, kFirstBatch);
  std::string out = write_header(header);
  out.resize(kSlotOffset[0], '\0');
  out.append(write_slot({1, kFirstBatch + batch.size()}, header.epoch));
  out.resize(kSlotOffset[1], '\0');
  out.append(write_slot({0, kFirstBatch}, header.epoch));
  out.resize(kFirstBatch, '\0');
  return out + batch;
}

Result<KeyFile> read_key_file(std::string_view bytes) {
  if (bytes.size() < kFirstBatch) return damaged("is cut off");
  if (!bytes.starts_with(kMagic)) return damaged("is no key file");
  if (checksum({"header", bytes.substr(0, kHeaderBytes - 16)}) !=
      bytes.substr(kHeaderBytes - 16, 16)) {
    return damaged("has a damaged head");
  }
  KeyFile file;
  file.header.epoch = get(bytes, 8, 8);
  get(bytes, 16, file.header.nonce);
  get(bytes, 40, file.header.wrapped_reference_key);

  std::optional<KeySlot> newest;
  for (int i = 0; i < 2; ++i) {
    const auto slot = read_slot(bytes.substr(kSlotOffset[i], kSlotBytes), file.header.epoch);
    if (slot && (!newest || slot->sequence > newest->sequence)) {
      newest = slot;
      file.slot_index = i;
    }
  }
  if (!newest) return damaged("has lost both records of its length");
  file.slot = *newest;
  if (file.slot.committed > bytes.size()) return damaged("is cut off");

  std::uint64_t at = kFirstBatch;
  while (at < bytes.size()) {
    const std::uint64_t left = bytes.size() - at;
    const std::uint64_t count = left < kBatchHeadBytes ? 0 : get(bytes, at, 4);
    const std::uint64_t size = count * kEntryBytes;
    const bool whole = count > 0 && size <= left - kBatchHeadBytes &&
                       batch_sum(bytes.substr(at, 8), bytes.substr(at + kBatchHeadBytes, size),
                                 file.header.epoch, at) == bytes.substr(at + 8, 16);
    if (!whole) break;
    for (std::uint64_t i = 0; i < count; ++i) {
      file.entries.push_back(
          read_entry(bytes.substr(at + kBatchHeadBytes + i * kEntryBytes, kEntryBytes)));
    }
    at += kBatchHeadBytes + size;
  }
  if (at < file.slot.committed) return damaged("is damaged at byte " + std::to_string(at));
  file.end = at;
  return file;
}

}  // namespace daybook::codec
