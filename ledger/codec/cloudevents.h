#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "ledger/domain/event.h"
#include "ledger/domain/result.h"

/// Facts as they come in at `POST /v1/events` (api.md 3): CloudEvents 1.0 as JSON, and FlatBuffers.
namespace daybook::codec {

/// What the ledger knows of a body before it reads it.
struct Intake {
  Instant now;                        ///< the ledger's clock: the time of events without one
  std::optional<std::string> tenant;  ///< of the key
  Actor actor;
  std::optional<std::string> correlation;
  /// The right `import`: events that the ledger decides are taken, of any time, and items of `GET
  /// /v1/events` with what they carry beyond a CloudEvent.
  bool import = false;
};

/// How a body is made up.
enum class BodyForm {
  Single,       ///< one structured event
  Batch,        ///< an array of them
  Lines,        ///< one a line (NDJSON); empty lines are passed over
  Flatbuffers,  ///< size-prefixed `Event` tables one after another
};

/// The events of one body, one by one, with defaults filled in and ready to be encoded. Keeps its
/// buffers: use one for body after body, from one thread.
///
///   stream.open(BodyForm::Batch, body, intake);
///   while (auto* item = stream.next()) …
///   if (stream.failure()) …  // the body as a whole is refused, whatever the items were
class CloudEventStream {
 public:
  /// An event, or why it is refused: codes as JsonReader::read, and UNKNOWN_EVENT_TYPE,
  /// LEDGER_DECIDES, INVALID_TIME, MALFORMED_FLATBUFFER; pointers begin at the event.
  struct Item {
    std::size_t index = 0;  ///< in the body, from 0
    Result<Event> event;
  };

  CloudEventStream();
  ~CloudEventStream();
  CloudEventStream(CloudEventStream&&) noexcept;
  CloudEventStream& operator=(CloudEventStream&&) noexcept;

  /// `body` is copied; `intake` is kept by reference until the last item.
  void open(BodyForm form, std::string_view body, const Intake& intake);
  /// The next event; null at the end, and after a failure. It stays until the next call and may be
  /// moved from; what is left in it, its storage is used again.
  [[nodiscard]] Item* next();
  /// Why the body as a whole is refused (MALFORMED_JSON, JSON_TOO_DEEP, INVALID_FIELD for what is
  /// no array, MALFORMED_FLATBUFFER). A line that is no JSON refuses that line alone.
  [[nodiscard]] const std::optional<Error>& failure() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The binary form: attributes from `ce-` headers (their names without it, lower case) and `data`
/// as the body.
[[nodiscard]] Result<Event> parse_binary_event(
    std::span<const std::pair<std::string_view, std::string_view>> attributes,
    std::string_view data, const Intake& intake);

}  // namespace daybook::codec
