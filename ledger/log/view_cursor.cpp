#include <rocksdb/iterator.h>

#include "ledger/log/profile.h"
#include "ledger/log/views_state.h"

namespace daybook::log {
namespace detail {

struct CursorState {
  std::shared_ptr<FamilyState> family;
  std::string first;
  std::string end;
  rocksdb::Slice lower;
  rocksdb::Slice upper;
  std::unique_ptr<rocksdb::Iterator> row;
};

}  // namespace detail

using detail::slice;

ViewCursor::ViewCursor(const Family& family, std::string first, std::string end)
    : state_(std::make_unique<detail::CursorState>()) {
  state_->family = family.state_;
  state_->first = std::move(first);
  state_->end = std::move(end);
  state_->lower = slice(state_->first);
  state_->upper = slice(state_->end);
  rocksdb::ReadOptions options = views_read_options();
  if (!state_->first.empty()) {
    options.iterate_lower_bound = &state_->lower;
  }
  if (!state_->end.empty()) {
    options.iterate_upper_bound = &state_->upper;
  }
  state_->row.reset(family.state_->views->db->NewIterator(options, family.state_->handle));
}

ViewCursor::ViewCursor(ViewCursor&&) noexcept = default;
ViewCursor& ViewCursor::operator=(ViewCursor&&) noexcept = default;
ViewCursor::~ViewCursor() = default;

void ViewCursor::seek_to_first() { state_->row->SeekToFirst(); }
void ViewCursor::seek_to_last() { state_->row->SeekToLast(); }
void ViewCursor::seek(std::string_view key) { state_->row->Seek(slice(key)); }
void ViewCursor::seek_back(std::string_view key) { state_->row->SeekForPrev(slice(key)); }
void ViewCursor::next() { state_->row->Next(); }
void ViewCursor::prev() { state_->row->Prev(); }
bool ViewCursor::valid() const { return state_->row->Valid(); }
std::string_view ViewCursor::key() const { return detail::text(state_->row->key()); }
std::string_view ViewCursor::value() const { return detail::text(state_->row->value()); }

Result<void> ViewCursor::status() const {
  return detail::outcome(state_->row->status(), state_->family->name);
}

}  // namespace daybook::log
