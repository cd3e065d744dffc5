#include "server/app/segment_routes.h"

#include <atomic>
#include <charconv>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "ledger/log/segment_source.h"
#include "projections/row_reader.h"
#include "server/app/log_routes.h"
#include "server/app/reading.h"
#include "server/auth/gate.h"
#include "server/http/await.h"
#include "server/http/streams.h"

namespace daybook::server {
namespace {

constexpr std::size_t kDownloadsMost = 8;
constexpr std::size_t kSegmentPieceBytes = std::size_t{256} << 10;
constexpr std::chrono::milliseconds kSegmentPause{100};

using Downloads = std::shared_ptr<std::atomic<std::size_t>>;

/// A segment on its way to one caller, and his place among those that there may be.
class Download {
 public:
  explicit Download(Downloads taken) : taken_(std::move(taken)) { admitted_ = taken_->fetch_add(1) < kDownloadsMost; }
  ~Download() { taken_->fetch_sub(1); }
  Download(const Download&) = delete;
  Download& operator=(const Download&) = delete;

  [[nodiscard]] bool admitted() const { return admitted_; }
  std::unique_ptr<log::SegmentSource> source;

 private:
  Downloads taken_;
  bool admitted_ = false;
};

struct SegmentPiece {
  std::string bytes;
  bool more = false;
  bool failed = false;
};

/// The next rows, on the reader pool.
SegmentPiece next_rows(Download& download) {
  SegmentPiece piece;
  const Result<bool> more = download.source->next(piece.bytes, kSegmentPieceBytes);
  piece.failed = !more;
  piece.more = more && *more;
  return piece;
}

http::net::awaitable<void> send_segment(std::shared_ptr<Download> download, http::ResponseWriter writer) {
  http::ReaderPool* const pool = writer.pool();
  const std::function<SegmentPiece()> work = [download] { return next_rows(*download); };
  bool open = true;
  while (open) {
    std::optional<SegmentPiece> piece = co_await http::on_pool(pool, work);
    if (!piece) {  // the pool is busy
      open = co_await writer.wait(kSegmentPause);
      continue;
    }
    // The log is damaged there: without its last chunk nobody takes the answer for whole.
    if (piece->failed) throw std::runtime_error("the log cannot be read");
    const bool more = piece->more;
    std::string bytes = std::move(piece->bytes);
    open = co_await writer.write(bytes);
    if (!more) co_return;
  }
}

std::optional<log::Position> position_in(std::string_view text) {
  log::Position value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The newest position that may be in it.
Result<log::Position> last_known(LedgerHost& host, const http::Request& request) {
  if (!request.query("asOf") && !request.query("minPosition")) return host.ledger().log().position();
  const Result<Reading> reading = begin_reading(host, request);
  if (!reading) return tl::unexpected(reading.error());
  return reading->at_head ? host.ledger().log().position() : reading->position;
}

Result<log::SegmentRange> range_asked(LedgerHost& host, const http::Request& request) {
  const Result<log::Position> newest = last_known(host, request);
  if (!newest) return tl::unexpected(newest.error());
  log::SegmentRange range{1, *newest, log::SegmentForm::Signed};
  if (const auto text = request.query("to")) {
    const auto to = position_in(*text);
    if (!to || *to == 0 || *to > *newest)
      return bad_query("to is a position from 1 to the newest, " + std::to_string(*newest) + ".");
    range.to = *to;
  }
  if (const auto text = request.query("from")) {
    const auto from = position_in(*text);
    if (!from || *from == 0 || *from > range.to + 1)
      return bad_query("from is a position from 1 to " + std::to_string(range.to) + ", where the segment ends.");
    range.from = *from;
  }
  if (range.to == 0) return failed(ErrorKind::NotFound, "NOT_FOUND", "Nothing was recorded by then.");
  return range;
}

http::Response segment(LedgerHost& host, const Downloads& taken, const http::Request& request) {
  const log::Position head = host.ledger().log().position();
  const Result<log::SegmentRange> range = range_asked(host, request);
  if (!range) return refuse(range.error(), request, head);
  auto download = std::make_shared<Download>(taken);
  if (!download->admitted()) {
    const Error full{ErrorKind::Unavailable, "OVERLOADED", "As many segments as there may be are being sent; ask again.", {}};
    return refuse(full, request, head);
  }
  Result<std::unique_ptr<log::SegmentSource>> source = log::SegmentSource::begin(host.ledger().log(), *range);
  if (!source) return refuse(source.error(), request, head);
  download->source = std::move(*source);
  http::Response response = http::Response::stream(
      "application/vnd.daybook.segment", [download](http::ResponseWriter writer) { return send_segment(download, writer); });
  response.set_header("Cache-Control", "no-store");
  response.set_header("Content-Disposition", "attachment; filename=\"" + std::to_string(range->from) + "-" + std::to_string(range->to) + ".segment\"");
  set_position(response, range->to);
  return response;
}

}  // namespace

void add_segment_routes(http::Router& router, LedgerHost& host) {
  http::Doc doc = log_doc("exportSegment", "The log, or a stretch of it, as a segment file",
                          {{"from", "the first position; default: 1", R"({"type":"integer"})"},
                           {"to", "the last one, where what was recorded at once ends; default: the newest", R"({"type":"integer"})"}});
  doc.description = "The bytes that `daybook replay export` writes of a directory, sent as they are read. They end with the signed head that "
                    "they lead to; an answer that breaks off lacks its last chunk. Daybook-Position is the last position in it.";
  doc.answers = {{200, "The segment", "application/vnd.daybook.segment", {}}};
  doc.problems = {"BAD_QUERY", "NOT_FOUND", "INSIDE_GROUP", "NOT_YET_VISIBLE", "OVERLOADED", "CORRUPTION"};
  router.add(http::Route(http::Method::Get, "/v1/log/segment", http::Auth::any_of({right::kLedger}), std::move(doc),
                         http::Pooled{[&host, taken = std::make_shared<std::atomic<std::size_t>>(0)](const http::Request& request) {
                           Result<http::Response> made = projections::reading([&] { return segment(host, taken, request); });
                           return made ? std::move(*made) : refuse(made.error(), request, host.ledger().log().position());
                         }}));
}

}  // namespace daybook::server
