#include <cstring>
#include <deque>

#include "projections/projection.h"

namespace daybook::projections {
namespace {

/// Copies of records, in pieces of memory that never move.
class Records final : public Fold::Intake {
 public:
  void add(const log::RecordView& record) {
    log::RecordView& copy = records_.emplace_back(record);
    const std::size_t room = (record.event.size() + 7) / 8 * 8;
    if (used_ + room > size_) {
      size_ = std::max<std::size_t>(room, 256 * 1024);
      chunks_.push_back(std::make_unique_for_overwrite<std::byte[]>(size_));
      used_ = 0;
    }
    std::byte* bytes = chunks_.back().get() + used_;
    if (!record.event.empty()) std::memcpy(bytes, record.event.data(), record.event.size());
    used_ += room;
    bytes_ += room;
    copy.event = {bytes, record.event.size()};
  }
  [[nodiscard]] const std::vector<log::RecordView>& records() const { return records_; }
  [[nodiscard]] std::size_t bytes() const override { return bytes_; }

 private:
  std::vector<log::RecordView> records_;
  std::vector<std::unique_ptr<std::byte[]>> chunks_;
  std::size_t bytes_ = 0;
  std::size_t used_ = 0;  // of the last chunk
  std::size_t size_ = 0;
};

}  // namespace

std::unique_ptr<Fold::Intake> SimpleFold::intake(unsigned) { return std::make_unique<Records>(); }

void SimpleFold::take(const log::RecordView& record, Intake& intake) const {
  if (wants(record)) static_cast<Records&>(intake).add(record);
}

void SimpleFold::fold(std::size_t, std::span<const std::unique_ptr<Intake>> pieces, Rows& rows) {
  for (const auto& piece : pieces) {
    for (const log::RecordView& record : static_cast<const Records&>(*piece).records()) {
      rows.at(record.position);
      apply(record, rows);
    }
  }
  finish(rows);
}

}  // namespace daybook::projections
