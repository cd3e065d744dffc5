#include <memory>
#include <utility>

#include <rocksdb/iterator.h>

#include "ledger/log/profile.h"
#include "ledger/log/views_state.h"

namespace daybook::log {
namespace detail {

/// A moment of the database that iterators share.
struct Moment {
  explicit Moment(std::shared_ptr<FamilyState> its_family)
      : family(std::move(its_family)), snapshot(family->views->db->GetSnapshot()) {}
  ~Moment() { family->views->db->ReleaseSnapshot(snapshot); }
  Moment(const Moment&) = delete;
  Moment& operator=(const Moment&) = delete;

  std::shared_ptr<FamilyState> family;
  const rocksdb::Snapshot* snapshot;
};

struct CursorState {
  std::shared_ptr<FamilyState> family;
  std::shared_ptr<const Moment> moment;
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

ViewCursor::ViewCursor(std::unique_ptr<detail::CursorState> state) : state_(std::move(state)) {}

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

ViewReader::ViewReader(const Family& family) : walk_(std::unique_ptr<detail::CursorState>()) {
  const detail::ViewsState& views = *family.state_->views;
  const auto moment = std::make_shared<const detail::Moment>(family.state_);
  const auto cursor = [&](rocksdb::ReadOptions options) {
    auto state = std::make_unique<detail::CursorState>();
    state->family = family.state_;
    state->moment = moment;
    options.snapshot = moment->snapshot;
    state->row.reset(views.db->NewIterator(options, family.state_->handle));
    return ViewCursor(std::move(state));
  };
  // A sorted file that comes in hides older rows from snapshots too, so it must not do so between the two.
  const std::uint64_t ended = views.ingests_ended.load();
  walk_ = cursor(views_read_options());
  if (views.ingests_begun.load() != ended) return;
  point_ = cursor(views_point_options());
  if (views.ingests_begun.load() != ended) point_.reset();
}

}  // namespace daybook::log
