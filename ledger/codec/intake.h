#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/codec/cloudevents.h"
#include "ledger/codec/codec.h"

namespace daybook::codec {

/// Fills the envelope of one incoming event, attribute by attribute, whatever the form it came in.
class EnvelopeIntake {
 public:
  /// Whatever envelope `event` has is read over.
  EnvelopeIntake(Event& event, const Intake& intake);

  /// Takes one attribute with its text; for extensions of other types, their text. Errors have no
  /// pointer.
  [[nodiscard]] std::optional<Error> set(std::string_view name, std::string_view value);
  /// Takes the type, known or not.
  [[nodiscard]] std::optional<Error> set_type(const EventCodec* codec);
  void set_time(Instant time);
  /// Takes the position that an item has in the log it is taken over from.
  [[nodiscard]] std::optional<Error> set_origin(std::string_view position);

  /// The type's table, once it is known.
  [[nodiscard]] const EventCodec* codec() const { return codec_; }
  /// The first attribute that every event has and this one has not; empty: none.
  [[nodiscard]] std::string_view missing() const;
  /// Checks and fills in what needs the whole event. Errors have pointers from the event on.
  [[nodiscard]] std::optional<Error> finish();

  /// What an item of `GET /v1/events` has beyond a CloudEvent; made anew when it is posted again.
  [[nodiscard]] static bool is_of_the_log(std::string_view name);

 private:
  [[nodiscard]] std::optional<Error> set_text(std::string& member, std::string_view value);
  [[nodiscard]] std::optional<Error> set_extension(std::string_view name, std::string_view value);
  [[nodiscard]] bool seen_before(std::uint32_t bit);
  /// Days that no ledger keeps (days_kept.h), of the envelope and of the data's own members.
  [[nodiscard]] std::optional<Error> refuse_days() const;

  Event* event_;
  const Intake* intake_;
  const EventCodec* codec_ = nullptr;
  std::uint32_t seen_ = 0;
  std::string origin_;  ///< position in the log it is taken over from; empty: not told
};

/// The event in one posted `Event` table; `bytes` begin with its size prefix.
[[nodiscard]] Result<Event> read_posted_event(std::span<const std::byte> bytes,
                                              const Intake& intake);

}  // namespace daybook::codec
