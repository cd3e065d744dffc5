#include "server/app/event_stream.h"

#include <atomic>
#include <charconv>
#include <memory>

#include "ledger/domain/event_types.h"
#include "server/app/event_items.h"
#include "server/app/reading.h"
#include "server/auth/gate.h"
#include "server/http/await.h"
#include "server/http/streams.h"

namespace daybook::server {
namespace {

constexpr std::size_t kStreamsMost = 64;
constexpr std::size_t kPieceEvents = 1'000;
constexpr std::size_t kPieceBytes = 256 * 1024;
constexpr std::chrono::seconds kComment{15};
constexpr std::chrono::milliseconds kPoolPause{100};

/// One of the streams that there may be at once.
class Place {
 public:
  explicit Place(std::shared_ptr<std::atomic<std::size_t>> taken) : taken_(std::move(taken)) {
    got_ = taken_->fetch_add(1) < kStreamsMost;
  }
  ~Place() { taken_->fetch_sub(1); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  [[nodiscard]] bool got() const { return got_; }

 private:
  std::shared_ptr<std::atomic<std::size_t>> taken_;
  bool got_ = false;
};

/// What follows the log for one caller.
struct Follower {
  Follower(LedgerHost& host_, std::string key_id_, log::Position next_, std::shared_ptr<std::atomic<std::size_t>> taken)
      : host(host_), key_id(std::move(key_id_)), next(next_), place(std::move(taken)) {}

  LedgerHost& host;
  std::string key_id;
  log::Position next;
  Place place;
};

struct Piece {
  std::string text;
  bool over = false;  ///< nothing more comes: the key was taken back, or the log cannot be read
  bool more = false;  ///< there is more already
};

bool key_is_good(const engine::Ledger& ledger, const std::string& key_id) {
  bool good = false;
  ledger.read_books([&](const StateReader& state) {
    const Key* key = state.key(KeyId(key_id));
    good = key != nullptr && !key->revoked && (!key->expires_on || *key->expires_on > ledger.now().date());
  });
  return good;
}

Result<void> write_item(const engine::Ledger& ledger, const log::RecordView& record, std::string& out) {
  out += "id: " + std::to_string(record.position) + "\nevent: daybook.";
  out += name(static_cast<EventType>(record.type));
  out += "\ndata: ";
  codec::JsonWriter json(out);
  Result<void> written = write_event_item(ledger, record, json);
  out += "\n\n";
  return written;
}

/// The next events there are, on the reader pool.
Piece next_piece(Follower& follower) {
  Piece piece;
  try {
    const engine::Ledger& ledger = follower.host.ledger();
    if (!key_is_good(ledger, follower.key_id)) {
      piece.over = true;
      return piece;
    }
    const log::Position head = ledger.log().position();
    if (follower.next > head) return piece;
    std::size_t count = 0;
    Result<void> written;
    const Result<void> scanned =
        ledger.log().scan_frames(follower.next, head, [&](std::span<const log::RecordView> records) {
          for (const log::RecordView& record : records) {
            if (record.position < follower.next) continue;
            if (count == kPieceEvents || piece.text.size() >= kPieceBytes) {
              piece.more = true;
              return false;
            }
            const std::size_t whole = piece.text.size();
            written = write_item(ledger, record, piece.text);
            if (!written) {
              piece.text.resize(whole);
              return false;
            }
            ++count;
            follower.next = record.position + 1;
          }
          return true;
        });
    piece.over = !scanned || !written;
  } catch (const std::exception&) {
    piece.over = true;
  }
  return piece;
}

http::net::awaitable<void> follow(std::shared_ptr<Follower> follower, http::ResponseWriter writer) {
  const CommitSignal::Watch watch(follower->host.committed(), writer.waker());
  http::ReaderPool* const pool = writer.pool();
  const std::function<Piece()> work = [follower] { return next_piece(*follower); };
  const std::string comment = ": the log, live\n\n";
  auto commented = std::chrono::steady_clock::now();
  bool open = co_await writer.write(comment);
  while (open) {
    std::optional<Piece> piece = co_await http::on_pool(pool, work);
    if (!piece) {  // the pool is busy
      open = co_await writer.wait(kPoolPause);
      continue;
    }
    if (!piece->text.empty()) {
      std::string text = std::move(piece->text);
      open = co_await writer.write(text);
      commented = std::chrono::steady_clock::now();
    }
    if (piece->over) co_return;
    if (!open || piece->more) continue;
    const auto left = commented + kComment - std::chrono::steady_clock::now();
    if (left > std::chrono::steady_clock::duration::zero()) {
      open = co_await writer.wait(left);
    } else {
      open = co_await writer.write(comment);
      commented = std::chrono::steady_clock::now();
    }
  }
}

std::optional<log::Position> number(std::string_view text) {
  log::Position value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// After `Last-Event-ID`, else at `from`, else behind the head. Errors: BAD_QUERY, HISTORY_ROLLED_BACK.
Result<log::Position> first_wanted(const http::Request& request, log::Position head) {
  if (const auto last = request.header("Last-Event-ID")) {
    const auto position = number(*last);
    if (!position) return rejected("BAD_QUERY", "Last-Event-ID is the id of the last event that came: a position.");
    if (*position > head) {
      return conflict("HISTORY_ROLLED_BACK", "The log ends at position " + std::to_string(head) +
                                                 ", before the event you have seen. Stop, and tell the operator.");
    }
    return *position + 1;
  }
  const auto from = request.query("from");
  if (!from) return head + 1;
  const auto position = number(*from);
  if (!position || *position == 0) return rejected("BAD_QUERY", "from is a position, the first one wanted.");
  return *position;
}

}  // namespace

void add_event_stream(http::Router& router, LedgerHost& host) {
  http::Doc doc;
  doc.operation_id = "followEvents";
  doc.summary = "The log, live";
  doc.description = "Server-sent events: id is the position, event the type, data the item in one line; a comment every 15 s.";
  doc.tag = "Log";
  doc.parameters = {{"from", "the first position wanted; default: what comes from now on"},
                    {"Last-Event-ID", "the last position that came; the stream goes on behind it",
                     R"({"type":"integer"})", true}};
  doc.answers = {{200, "Events as they are recorded", "text/event-stream", {}}};
  doc.problems = {"BAD_QUERY", "HISTORY_ROLLED_BACK", "OVERLOADED"};
  auto taken = std::make_shared<std::atomic<std::size_t>>(0);
  router.add(http::Route(
      http::Method::Get, "/v1/events/stream", http::Auth::any_of({right::kLedger}), doc,
      http::Direct{[&host, taken](http::Request request, http::Responder responder) {
        const log::Position head = host.ledger().log().position();
        const Result<log::Position> first = first_wanted(request, head);
        if (!first) {
          responder.respond(refuse(first.error(), request, head));
          return;
        }
        auto follower = std::make_shared<Follower>(host, caller_of(request).key_id, *first, taken);
        if (!follower->place.got()) {
          const Error full{ErrorKind::Unavailable, "OVERLOADED",
                           "As many streams as there may be are open; read /v1/events?from= instead, or try again.", {}};
          responder.respond(refuse(full, request, head));
          return;
        }
        http::Response response = http::Response::stream(
            "text/event-stream", [follower](http::ResponseWriter writer) { return follow(follower, writer); });
        response.set_header("Cache-Control", "no-store");
        set_position(response, head);
        responder.respond(std::move(response));
      }}));
}

}  // namespace daybook::server
