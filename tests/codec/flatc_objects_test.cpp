#include <span>
#include <string>
#include <string_view>

#include <flatbuffers/flatbuffers.h>
#include <gtest/gtest.h>

#include "event_generated.h"
#include "ledger/codec/codec.h"
#include "ledger/codec/event.h"
#include "ledger/codec/json_writer.h"
#include "tests/codec/support.h"

namespace daybook::codec {
namespace {

/// `event` in JSON. What is there and empty stands as what is not there: an object of flatc does not tell them apart.
std::string json_of(const Event& event) {
  std::string text;
  JsonWriter json(text);
  event_json(event, {}, json);
  for (const std::string_view empty : {":\"\"", ":{}", ":[]"}) {
    for (std::size_t at = 0; (at = text.find(empty, at)) != std::string::npos;) text.replace(at + 1, 2, "null");
  }
  return text;
}

/// What flatc's accessors read of our bytes, written by flatc.
std::string written_again(std::string_view bytes) {
  const auto object = schema::UnPackEvent(bytes.data());
  flatbuffers::FlatBufferBuilder builder;
  schema::FinishEventBuffer(builder, schema::CreateEvent(builder, object.get()));
  return {static_cast<const char*>(static_cast<const void*>(builder.GetBufferPointer())), builder.GetSize()};
}

TEST(FlatcObjects, HoldWhatOurBytesOfEveryTypeSay) {
  PlainSealer sealer;
  RandomValues values(13);
  Buffer bytes;
  for (std::size_t i = 0; i < 20'000; ++i) {
    const EventCodec& table = *event_codecs()[i % event_codecs().size()];
    const Event event = random_event(table, values);
    bytes.clear();
    ASSERT_TRUE(encode_event(event, sealer, bytes).has_value());
    const std::string theirs = written_again(bytes.view());
    const Result<Event> read = decode_event(std::as_bytes(std::span(theirs)), &sealer);
    ASSERT_TRUE(read.has_value()) << table.name << ": " << read.error().detail;
    ASSERT_EQ(json_of(*read), json_of(event)) << table.name;
  }
}

}  // namespace
}  // namespace daybook::codec
