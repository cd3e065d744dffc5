#include <utility>

#include "ledger/codec/event_description.h"
#include "ledger/codec/intake.h"

namespace daybook::codec {
namespace {

constexpr std::uint32_t number(EventField field) { return static_cast<std::uint32_t>(field); }

class PostedEvent {
 public:
  PostedEvent(std::span<const std::byte> bytes, const Intake& intake)
      : reader_(bytes, Trust::Posted), intake_(intake), envelope_(event_, intake) {}

  Result<Event> read() {
    if (!open() || !attributes() || !data()) return tl::unexpected(reader_.take_error());
    if (auto refused = envelope_.finish()) return tl::unexpected(std::move(*refused));
    return std::move(event_);
  }

 private:
  bool open() {
    return reader_.open_root(view_, sizeof(std::uint32_t)) && reader_.only(view_, kEventFields);
  }

  bool attributes() {
    std::string source;
    std::string id;
    std::vector<Extension> extensions;
    if (!(field(EventField::Source, "source", source) && set("source", source) &&
          field(EventField::Id, "id", id) && set("id", id) &&
          field(EventField::Extensions, "extensions", extensions))) {
      return false;
    }
    for (const Extension& extension : extensions) {
      if (!set(extension.name, extension.value)) return false;
    }
    if (reader_.has(view_, number(EventField::Time))) {
      Instant time;
      if (!field(EventField::Time, "time", time)) return false;
      envelope_.set_time(time);
    }
    return intake_.import || nothing_of_the_ledger();
  }

  /// What the ledger fills in is not the caller's to say; `actor` alone may be there, since the
  /// schema requires one.
  bool nothing_of_the_ledger() {
    constexpr std::pair<EventField, std::string_view> kOfTheLedger[] = {
        {EventField::Tenant, "tenant"},
        {EventField::Causation, "causation"},
        {EventField::Correlation, "correlation"},
        {EventField::Idempotency, "idempotency"}};
    for (const auto& [id, name] : kOfTheLedger) {
      if (!reader_.has(view_, number(id))) continue;
      return reader_.fail("INVALID_FIELD", "is filled in by the ledger: leave it out") ||
             reader_.fail_in(name);
    }
    return true;
  }

  bool data() {
    std::uint8_t type = 0;
    if (!field(EventField::DataType, "type", type)) return false;
    if (auto refused = envelope_.set_type(find_codec(static_cast<EventType>(type)))) {
      return reader_.fail(std::move(*refused)) || reader_.fail_in("type");
    }
    std::uint32_t target = 0;
    FlatbuffersReader::TableView table;
    if (!reader_.referred(view_, number(EventField::Data), target)) return reader_.fail_in("data");
    if (target == 0) return reader_.fail("INVALID_FIELD", "is missing; it has to be there") || reader_.fail_in("data");
    const EventCodec& codec = *envelope_.codec();
    event_.data = codec.make();
    return (reader_.open(target, table) && codec.read(reader_, table, event_.data.raw(), 2)) ||
           reader_.fail_in("data");
  }

  template <class M>
  bool field(EventField id, std::string_view name, M& member) {
    return reader_.field(view_, number(id), name, member, 1);
  }

  bool set(std::string_view name, std::string_view value) {
    auto refused = envelope_.set(name, value);
    return !refused || reader_.fail(std::move(*refused)) || reader_.fail_in(name);
  }

  FlatbuffersReader reader_;
  const Intake& intake_;
  Event event_;
  EnvelopeIntake envelope_;
  FlatbuffersReader::TableView view_;
};

}  // namespace

Result<Event> read_posted_event(std::span<const std::byte> bytes, const Intake& intake) {
  return PostedEvent(bytes, intake).read();
}

}  // namespace daybook::codec
