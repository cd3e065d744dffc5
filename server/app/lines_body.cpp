#include "server/app/lines_body.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace daybook::server {
namespace {

constexpr std::size_t kPieceLines = 10'000;
constexpr std::size_t kPieceBytes = std::size_t{4} << 20;
constexpr std::size_t kLineBytes = std::size_t{1} << 20;
constexpr std::chrono::minutes kPatience{5};

}  // namespace

bool LinesBody::next_piece(bool at_end) {
  const std::string_view text = buffer_.text();
  bool has_long_line = false;
  while (!is_full() && !has_long_line) {
    const std::size_t end = text.find('\n', searched_);
    has_long_line = std::min(end, text.size()) - piece_ > kLineBytes;
    searched_ = std::min(end, text.size());
    if (end == std::string_view::npos || has_long_line) break;
    piece_ = ++searched_;
    ++lines_;
  }
  if (at_end && !is_full() && !has_long_line) piece_ = text.size();
  is_stuck_ = has_long_line && piece_ == 0;
  return piece_ > 0 && (is_full() || at_end || has_long_line || text.size() >= kPieceBytes);
}

bool LinesBody::is_full() const { return lines_ >= kPieceLines || piece_ >= kPieceBytes; }

Error LinesBody::too_long() const {
  return {ErrorKind::Invalid, "BODY_TOO_LARGE",
          "The line after the first " + std::to_string(outcomes_.count()) +
              " events is longer than 1 MiB, the most that an event holds. What came before it was taken; send the rest "
              "without it: each event counts once.",
          {}};
}

Result<std::unique_ptr<engine::FactBatch>> LinesBody::read_piece() {
  const std::string_view text = buffer_.text();
  auto batch = std::make_unique<engine::FactBatch>();
  batch->caller = caller_;
  codec::Intake intake;
  intake.now = ledger_.now();
  intake.tenant = caller_.tenant;
  intake.actor = caller_.actor();
  intake.import = caller_.may_import;
  stream_.open(codec::BodyForm::Lines, text.substr(0, piece_), intake);
  while (auto* item = stream_.next()) {
    if (item->event) {
      ledger_.prepare(*batch, std::move(*item->event));
    } else {
      ledger_.prepare_refused(*batch, std::move(item->event.error()));
    }
  }
  if (stream_.failure()) return tl::unexpected(*stream_.failure());
  ledger_.finish_preparing(*batch);
  http::Body rest(text.substr(piece_));
  buffer_ = std::move(rest);
  piece_ = searched_ = lines_ = 0;
  return batch;
}

http::net::awaitable<Result<void>> LinesBody::take_piece() {
  Result<std::unique_ptr<engine::FactBatch>> batch = read_piece();
  if (!batch) co_return tl::unexpected(batch.error());
  Result<std::shared_ptr<engine::FactBatch>> done = co_await record(ledger_, std::move(*batch));
  if (!done) co_return tl::unexpected(done.error());
  outcomes_.add(**done);
  co_return Result<void>();
}

http::net::awaitable<Result<std::shared_ptr<engine::FactBatch>>> record(engine::Ledger& ledger,
                                                                        std::unique_ptr<engine::FactBatch> batch) {
  auto executor = co_await http::net::this_coro::executor;
  http::Later<std::shared_ptr<engine::FactBatch>> later(executor);
  std::function<void(std::shared_ptr<engine::FactBatch>)> complete = later.completer();
  Result<void> queued = ledger.submit(std::move(batch), [complete](std::unique_ptr<engine::FactBatch> done) {
    complete(std::shared_ptr<engine::FactBatch>(std::move(done)));
  });
  if (!queued) co_return tl::unexpected(queued.error());
  std::optional<std::shared_ptr<engine::FactBatch>> done = co_await later.get(kPatience);
  if (!done) {
    co_return failed(ErrorKind::Unavailable, "OUTCOME_UNKNOWN",
                     "The ledger did not answer in time. Send the same events again: each counts once.");
  }
  co_return std::move(*done);
}

}  // namespace daybook::server
