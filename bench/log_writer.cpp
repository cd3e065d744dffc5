#include "bench/log_writer.h"

#include <cstdio>

namespace daybook::bench {
namespace {

constexpr std::size_t kGroupEvents = 8'000;
constexpr std::int64_t kRecordedAt = 1'700'000'000'000'000;

}  // namespace

double seconds_of(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void LogWriter::add(Event& event, std::uint32_t stream, std::uint32_t version) {
  char id[32];
  std::snprintf(id, sizeof id, "u-%016llx", static_cast<unsigned long long>(++ids_ * 0x9e3779b97f4a7c15U));
  event.envelope.source = "//meter/eu-1";
  event.envelope.id = id;
  const std::size_t begin = (buffer_.size() + 7) / 8 * 8;
  must(codec::encode_event(static_cast<const Event&>(event), sealer_, buffer_));
  marks_.push_back({stream, version, static_cast<std::uint16_t>(event.data.type()), begin});
  if (marks_.size() == kGroupEvents) flush();
}

void LogWriter::flush() {
  std::vector<log::NewRecord> records;
  for (std::size_t i = 0; i < marks_.size(); ++i) {
    const std::size_t end = i + 1 < marks_.size() ? marks_[i + 1].begin : buffer_.size();
    const auto bytes = buffer_.bytes().subspan(marks_[i].begin, end - marks_[i].begin);
    records.push_back({marks_[i].stream, marks_[i].version, marks_[i].type, 0, bytes, log::leaf_hash(bytes)});
  }
  if (!records.empty()) log_.append(records, kRecordedAt);
  marks_.clear();
  buffer_.clear();
}

}  // namespace daybook::bench
