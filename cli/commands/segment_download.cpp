#include "cli/commands/segment_download.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include "cli/json_value.h"
#include "cli/progress.h"
#include "ledger/domain/rules/try.h"
#include "ledger/log/bytes.h"
#include "ledger/log/segment.h"
#include "ledger/log/segment_file.h"
#include "ledger/log/tree.h"

namespace daybook::cli {
namespace {

tl::unexpected<Failure> no_proof() { return fail(ExitCode::Failed, "The server's proof of the log before --from cannot be read."); }

/// What the log up to `position` comes to, by the server's proof of its last event.
Outcome<log::SegmentStart> start_after(ServerTarget& server, log::Position position) {
  log::SegmentStart start{position, {}};
  if (position == 0) return start;
  const std::string at = std::to_string(position);
  LEDGER_TRY(const JsonValue proof, server.get("/log/proof?position=" + at + "&size=" + at));
  log::Hash leaf{};
  if (!log::from_hex(proof["leafHash"].text(), leaf)) return no_proof();
  std::vector<log::Hash> path;
  for (const JsonValue& node : proof["path"].items()) {
    if (!log::from_hex(node.text(), path.emplace_back())) return no_proof();
  }
  std::optional<std::vector<log::Hash>> peaks = log::peaks_of_last(leaf, position, path);
  if (!peaks) return no_proof();
  start.peaks = std::move(*peaks);
  return start;
}

/// The bytes of the answer, as many as are wanted; each goes to the file too.
class Incoming {
 public:
  Incoming(HttpClient& client, log::SegmentFile& file) : client_(client), file_(file) {}

  bool read(std::span<std::byte> out) {
    while (!out.empty()) {
      if (taken_ == piece_.size() && !fetch()) return false;
      const std::size_t size = std::min(out.size(), piece_.size() - taken_);
      std::memcpy(out.data(), piece_.data() + taken_, size);
      taken_ += size;
      out = out.subspan(size);
    }
    return true;
  }

  [[nodiscard]] const Result<void>& written() const { return written_; }
  [[nodiscard]] bool broke_off() const { return broke_off_; }

 private:
  bool fetch() {
    piece_.clear();
    taken_ = 0;
    if (!client_.next_piece(piece_)) {
      broke_off_ = !client_.is_whole();
      return false;
    }
    written_ = file_.write(log::as_bytes(piece_));
    return written_.has_value();
  }

  HttpClient& client_;
  log::SegmentFile& file_;
  std::string piece_;
  std::size_t taken_ = 0;
  Result<void> written_;
  bool broke_off_ = false;
};

tl::unexpected<Failure> not_its_log(const Error& error) {
  const bool differs = error.code == "CHAIN_DIFFERS" || error.code == "SIGNATURE_DIFFERS";
  return fail(differs ? ExitCode::IntegrityFailed : ExitCode::Corruption,
              "What the server sent does not hold: " + error.detail + ". No file was written.");
}

}  // namespace

Outcome<log::Head> download_segment(ServerTarget& server, log::Position from, log::Position to, const std::string& file) {
  if (to == 0) {
    LEDGER_TRY(const JsonValue head, server.get("/log/head"));
    to = static_cast<log::Position>(head["position"].integer());
  }
  if (from > to + 1) return fail(ExitCode::Conflict, "--from lies behind --to, or behind the newest position.");
  LEDGER_TRY(const log::SegmentStart start, start_after(server, from - 1));
  log::SegmentFile target(file);
  if (const Result<void> opened = target.open(); !opened) return fail(opened.error());
  LEDGER_TRY(const HttpAnswer begun, server.begin("/log/segment?from=" + std::to_string(from) + "&to=" + std::to_string(to)));
  Progress progress("fetching and proving", to - start.position);
  Incoming incoming(server.client(), target);
  const Result<log::SegmentFacts> facts = log::verify_stretch(
      [&](std::span<std::byte> out) { return incoming.read(out); }, start,
      [&](const log::FrameHead& frame, log::Bytes) -> Result<void> {
        progress.show(frame.last() - start.position);
        return {};
      });
  progress.clear();
  if (!incoming.written()) return fail(incoming.written().error());
  if (incoming.broke_off()) {
    Failure broken = server.client().broke_off().value();
    broken.message += " No file was written; a long log comes in stretches too, with --from and --to.";
    return tl::unexpected(std::move(broken));
  }
  if (!facts) return not_its_log(facts.error());
  if (facts->head.position != to || facts->heads.empty())
    return not_its_log({ErrorKind::Corruption, "LOG_DAMAGED", "it ends at position " + std::to_string(facts->head.position) + " instead of " + std::to_string(to), {}});
  if (const Result<void> finished = target.finish(); !finished) return fail(finished.error());
  return facts->head;
}

}  // namespace daybook::cli
