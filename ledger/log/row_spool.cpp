#include "ledger/log/row_spool.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "ledger/domain/invariant.h"
#include "ledger/log/bytes.h"

namespace daybook::log {

Bytes SpooledRow::key() const { return as_bytes(bytes_).first(kKeyBytes); }
Bytes SpooledRow::value() const { return as_bytes(bytes_).subspan(kKeyBytes); }

RowSpool::RowSpool(std::string path)
    : path_(std::move(path)), file_(path_, std::ios::in | std::ios::out | std::ios::binary | std::ios::trunc) {}

RowSpool::~RowSpool() {
  file_.close();
  std::remove(path_.c_str());
}

void RowSpool::add(const FoundRow& row) {
  for (const Bytes part : {row.key, row.value}) {
    const std::string_view text = as_text(part);
    file_.write(text.data(), static_cast<std::streamsize>(text.size()));
  }
  const std::uint64_t size = row.key.size() + row.value.size();
  rows_.push_back({row.head.first, row.head.last(), row.sequence, end_, size});
  end_ += size;
}

Opening<void> RowSpool::settle() {
  file_.flush();
  if (!file_) return refuse(ExitCode::Failed, path_ + " cannot be written; is there room?");
  std::stable_sort(rows_.begin(), rows_.end(), [](const Place& left, const Place& right) {
    return std::pair(left.first, right.sequence) < std::pair(right.first, left.sequence);
  });
  std::vector<Place> kept;
  for (const Place& row : rows_) {
    while (!kept.empty() && row.first <= kept.back().last && row.sequence > kept.back().sequence) kept.pop_back();
    if (kept.empty() || row.first > kept.back().last) kept.push_back(row);
  }
  rows_ = std::move(kept);
  return {};
}

SpooledRow RowSpool::read(const Place& row) {
  std::string bytes(row.size, '\0');
  file_.seekg(static_cast<std::streamoff>(row.offset));
  file_.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  LEDGER_INVARIANT(static_cast<bool>(file_));
  return SpooledRow(std::move(bytes));
}

}  // namespace daybook::log
