// libFuzzer target: no bytes from outside may lead the codec astray, and what it accepts it can
// write and read again.
//
//   codec_fuzz CORPUS [libFuzzer options]     an empty CORPUS is filled with an event of every type
//   in every form
//
// The first byte of an input says what the rest is.

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>

#include "ledger/codec/cloudevents.h"
#include "ledger/codec/codec.h"
#include "ledger/codec/event.h"
#include "ledger/codec/event_view.h"
#include "ledger/codec/json_check.h"
#include "ledger/codec/json_reader.h"
#include "ledger/codec/text_rules.h"
#include "tests/codec/support.h"

namespace daybook::codec {
namespace {

enum class Form : std::uint8_t { Stored, Posted, Single, Batch, Lines, Data, Count };

[[noreturn]] void broken(std::string_view what) {
  std::cerr << "broken: " << what << "\n";
  std::abort();
}

PlainSealer sealer;
Buffer bytes;

/// What was accepted can be stored, and says the same afterwards.
void check_accepted(const Event& event) {
  bytes.clear();
  if (!encode_event(event, sealer, bytes)) return;  // larger than an event may be
  const Result<Event> again = decode_event(bytes.bytes(), &sealer);
  if (!again)
    broken("an event that was written cannot be read: " + again.error().detail +
           again.error().pointer);
  if (!(again->envelope == event.envelope && again->data == event.data))
    broken("an event changed by being written");
  const EventView view(bytes.bytes());
  if (view.source() != event.envelope.source || view.type() != event.data.type())
    broken("a view shows another event");
  std::string json;
  JsonWriter writer(json);
  event_json(event, {1, event.envelope.time, 1}, writer);
  const JsonCheck checked = check_json(json);
  if (checked.error || checked.end != json.size()) broken("the answer is no JSON");
}

void read_stored(std::string_view input) {
  // A copy without spare room, so that the sanitizer sees every byte beyond.
  const std::vector<std::byte> exact(as_bytes(input).begin(), as_bytes(input).end());
  const Result<Event> event = decode_event(exact, nullptr);
  if (!event) return;
  bytes.clear();
  if (!encode_event(*event, sealer, bytes)) return;
  const Result<Event> again = decode_event(bytes.bytes(), nullptr);
  if (!again || !(*again == *event)) broken("stored bytes do not survive");
}

void read_body(BodyForm form, std::string_view input) {
  static CloudEventStream stream;
  static Intake intake = [] {
    Intake made;
    made.now = Instant::parse("2024-03-08T09:00:00Z").value();
    return made;
  }();
  intake.import = !input.empty() && (input.back() & 1) != 0;
  stream.open(form, input, intake);
  std::size_t accepted = 0;
  while (auto* item = stream.next()) {
    if (!item->event) {
      if (item->event.error().code.empty()) broken("a refusal without a code");
      continue;
    }
    ++accepted;
    check_accepted(*item->event);
  }
  if (form == BodyForm::Flatbuffers || form == BodyForm::Lines || accepted == 0 || stream.failure())
    return;
  // Beside what is accepted something may be refused, a NaN for one, but by the name of its member.
  const JsonCheck checked = check_refused_json(input);
  const bool json = !checked.error || checked.error->code != "MALFORMED_JSON";
  if (!json || !is_utf8(input)) broken("something was accepted that is no JSON");
}

void read_data(std::string_view input) {
  if (input.empty()) return;
  const auto tables = event_codecs();
  const EventCodec& table = *tables[static_cast<std::uint8_t>(input[0]) % tables.size()];
  input.remove_prefix(1);
  const Result<EventData> data = table.from_json(input);
  const JsonCheck checked = check_json(input);
  const bool is_json = !checked.error && checked.end == input.size() && is_utf8(input);
  if (!data) return;
  if (!is_json) broken("data was accepted that is no JSON");
  std::string json;
  JsonWriter writer(json);
  table.to_json(*data, writer);
  const Result<EventData> again = table.from_json(json);
  if (!again || !(*again == *data)) broken("data changed by being written: " + json);
}

void run(std::string_view input) {
  if (input.empty()) return;
  const auto form = static_cast<Form>(static_cast<std::uint8_t>(input[0]) %
                                      static_cast<std::uint8_t>(Form::Count));
  input.remove_prefix(1);
  switch (form) {
    case Form::Stored:
      return read_stored(input);
    case Form::Posted:
      return read_body(BodyForm::Flatbuffers, input);
    case Form::Single:
      return read_body(BodyForm::Single, input);
    case Form::Batch:
      return read_body(BodyForm::Batch, input);
    case Form::Lines:
      return read_body(BodyForm::Lines, input);
    case Form::Data:
      return read_data(input);
    case Form::Count:
      return;
  }
}

void write_seed(const std::filesystem::path& folder, const std::string& name, Form form,
                std::string_view input) {
  std::ofstream(folder / name, std::ios::binary) << static_cast<char>(form) << input;
}

void write_seeds(const std::filesystem::path& folder) {
  RandomValues values(1);
  std::uint8_t number = 0;
  for (const EventCodec* table : event_codecs()) {
    Event event = random_event(*table, values);
    event.envelope.extensions.clear();
    Buffer encoded;
    if (!encode_event(event, sealer, encoded)) continue;
    const std::string name(table->name);
    write_seed(folder, name + ".stored", Form::Stored, encoded.view());
    const auto size = static_cast<std::uint32_t>(encoded.size());
    std::string prefixed(4, '\0');
    std::memcpy(prefixed.data(), &size, sizeof size);
    write_seed(folder, name + ".posted", Form::Posted, prefixed.append(encoded.view()));
    std::string data;
    JsonWriter writer(data);
    table->to_json(event.data, writer);
    write_seed(folder, name + ".data", Form::Data,
               std::string(1, static_cast<char>(number++)) + data);
    const std::string whole = R"({"specversion":"1.0","type":"daybook.)" + name +
                              R"(","source":"s","id":"i","time":"2024-03-07T10:00:00Z","data":)" +
                              data + "}";
    write_seed(folder, name + ".single", Form::Single, whole);
    write_seed(folder, name + ".batch", Form::Batch, "[" + whole + "," + whole + "]");
    write_seed(folder, name + ".lines", Form::Lines, whole + "\n" + whole + "\n");
  }
}

}  // namespace
}  // namespace daybook::codec

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  for (int i = 1; i < *argc; ++i) {
    const std::filesystem::path folder((*argv)[i]);
    if (folder.string().starts_with("-")) continue;
    if (std::filesystem::is_directory(folder) && std::filesystem::is_empty(folder))
      daybook::codec::write_seeds(folder);
    break;
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  daybook::codec::run({static_cast<const char*>(static_cast<const void*>(data)), size});
  return 0;
}
