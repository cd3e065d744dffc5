#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "event_generated.h"
#include "ledger/codec/codec.h"
#include "ledger/codec/event.h"
#include "ledger/codec/event_description.h"
#include "ledger/domain/facts/usage.h"
#include "tests/codec/evolution.h"
#include "tests/codec/support.h"

namespace daybook::codec {
namespace {

/// Members by field id, each as "name:type" with what is special about it.
using Fields = std::map<unsigned, std::string>;

std::string described_type(const TypeInfo& info) {
  switch (info.kind) {
    case Kind::Bool:
      return "bool";
    case Kind::Integer:
      if (info.size == 1) return "ubyte";
      if (info.size == 2) return "ushort";
      if (info.size == 4) return "int";
      return info.is_signed ? "long" : "ulong";
    case Kind::Enum:
      return "enum " + info.name + " ubyte";
    case Kind::Decimal:
      return "struct Decimal";
    case Kind::Money:
      return "struct Money";
    case Kind::Currency:
      return "struct Currency";
    case Kind::Period:
      return "struct Period";
    case Kind::Date:
      return "int";
    case Kind::Instant:
      return "long";
    case Kind::String:
    case Kind::Identifier:
    case Kind::JsonText:
      return "string";
    case Kind::Bytes:
    case Kind::Personal:
      return "[ubyte]";
    case Kind::Texts:
      return "[table Entry]";
    case Kind::Struct:
      return "table " + info.name;
    case Kind::Optional:
      return described_type(*info.element);
    case Kind::Vector:
      return "[" +
             (info.element->kind == Kind::Personal ? "table Sealed"
                                                   : described_type(*info.element)) +
             "]";
  }
  return "?";
}

bool is_scalar(const TypeInfo& info) {
  return info.kind <= Kind::Enum || info.kind == Kind::Date || info.kind == Kind::Instant;
}

Fields described_fields(const TypeInfo& info) {
  Fields fields;
  for (const MemberInfo& member : info.members) {
    std::string text = std::string(member.cpp_name) + ":" + described_type(*member.type);
    if (member.required && !is_scalar(*member.type)) text += " required";
    if (member.type->kind == Kind::Optional && is_scalar(*member.type->element)) text += " = null";
    fields[static_cast<unsigned>(fields.size())] = text;
  }
  return fields;
}

Fields schema_fields(const reflection::Schema& schema, const reflection::Object& object) {
  Fields fields;
  for (const auto* field : *object.fields()) {
    const reflection::BaseType base = field->type()->base_type();
    const bool scalar = base < reflection::String && base != reflection::UType;
    std::string text = field->name()->str() + ":" + type_text(schema, *field->type());
    if (field->required()) text += " required";
    if (scalar && field->optional()) text += " = null";
    if (field->default_integer() != 0) text += " default";
    if (field->deprecated()) text += " deprecated";
    fields[field->id()] = text;
  }
  return fields;
}

/// Every described struct and enumeration inside `info`, by name.
void collect(const TypeInfo& info, std::map<std::string, const TypeInfo*>& types) {
  if ((info.kind == Kind::Struct || info.kind == Kind::Enum) &&
      !types.emplace(info.name, &info).second)
    return;
  if (info.element != nullptr) {
    // What is sealed is bytes to the schema; its own table is described all the same.
    collect(*info.element, types);
  }
  for (const MemberInfo& member : info.members) collect(*member.type, types);
}

std::map<std::string, const TypeInfo*> all_described() {
  std::map<std::string, const TypeInfo*> types;
  for (const EventCodec* table : event_codecs()) collect(*table->info, types);
  collect(type_info<Actor>(), types);
  collect(type_info<Extension>(), types);
  return types;
}

std::string letters(std::string name) {
  std::erase_if(name, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); });
  std::ranges::transform(name, name.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

class Schema : public ::testing::Test {
 protected:
  std::string bytes_;
  const reflection::Schema& schema_ = load_schema(DAYBOOK_SCHEMA_BFBS, bytes_);

  const reflection::Object* object(const std::string& name) const {
    return schema_.objects()->LookupByKey(("daybook.schema." + name).c_str());
  }
};

TEST_F(Schema, HasEveryDescribedTypeWithTheSameMembers) {
  for (const auto& [name, info] : all_described()) {
    if (info->kind != Kind::Struct) continue;
    const reflection::Object* table = object(name);
    // Only inside sealed values: no schema refers to it, the bytes follow the description all the
    // same.
    if (table == nullptr && name == "Address") continue;
    ASSERT_NE(table, nullptr) << name;
    EXPECT_FALSE(table->is_struct()) << name;
    EXPECT_EQ(schema_fields(schema_, *table), described_fields(*info)) << name;
  }
}

TEST_F(Schema, HasNoTableWithoutDescription) {
  std::set<std::string> known = {"Event",   "Idempotency", "Entry",    "Sealed",
                                 "Decimal", "Money",       "Currency", "Period"};
  for (const auto& [name, info] : all_described()) known.insert(name);
  for (const auto* table : *schema_.objects())
    EXPECT_THAT(known, ::testing::Contains(short_name(table->name()->str())));
}

TEST_F(Schema, HasEveryEnumerationWithTheSameNumbers) {
  for (const auto& [name, info] : all_described()) {
    if (info->kind != Kind::Enum) continue;
    const auto* enumeration = schema_.enums()->LookupByKey(("daybook.schema." + name).c_str());
    ASSERT_NE(enumeration, nullptr) << name;
    std::map<std::int64_t, std::string> described;
    std::map<std::int64_t, std::string> written;
    for (const EnumeratorInfo& value : info->enumerators)
      described[value.value] = letters(std::string(value.name));
    for (const auto* value : *enumeration->values())
      written[value->value()] = letters(value->name()->str());
    EXPECT_EQ(written, described) << name;
  }
}

TEST_F(Schema, NumbersTheUnionAsTheTypes) {
  const auto* data = schema_.enums()->LookupByKey("daybook.schema.EventData");
  ASSERT_NE(data, nullptr);
  std::map<std::int64_t, std::string> numbers = {{0, "NONE"}};
  for (const EventTypeEntry& entry : kEventTypes)
    numbers[static_cast<std::int64_t>(entry.type)] = entry.name;
  std::map<std::int64_t, std::string> written;
  for (const auto* value : *data->values()) written[value->value()] = value->name()->str();
  EXPECT_EQ(written, numbers);
}

TEST_F(Schema, LaysOutTheEnvelopeAsTheWriterDoes) {
  const Fields fields = schema_fields(schema_, *object("Event"));
  const Fields expected = {{0, "schema_version:ushort"},
                           {1, "tenant:string"},
                           {2, "source:string required"},
                           {3, "id:string required"},
                           {4, "time:long"},
                           {5, "time_from_clock:bool"},
                           {6, "actor:table Actor required"},
                           {7, "causation:string"},
                           {8, "correlation:string"},
                           {9, "extensions:[table Extension]"},
                           {10, "idempotency:table Idempotency"},
                           {11, "data_type:type of EventData"},
                           {12, "data:union EventData required"}};
  EXPECT_EQ(fields, expected);
  const Fields idempotency = {
      {0, "owner:string required"}, {1, "key:string required"}, {2, "digest:[ubyte] required"}};
  EXPECT_EQ(schema_fields(schema_, *object("Idempotency")), idempotency);
  EXPECT_EQ(schema_fields(schema_, *object("Sealed")), (Fields{{0, "sealed:[ubyte] required"}}));
  EXPECT_EQ(schema_fields(schema_, *object("Entry")),
            (Fields{{0, "key:string required"}, {1, "value:string required"}}));
}

bool verified(std::string_view bytes) {
  flatbuffers::Verifier verifier(
      static_cast<const std::uint8_t*>(static_cast<const void*>(bytes.data())), bytes.size(),
      kMaxDepth, static_cast<flatbuffers::uoffset_t>(bytes.size() / 4));
  return schema::VerifyEventBuffer(verifier);
}

TEST(Flatc, VerifierAcceptsOurBytesOfEveryType) {
  PlainSealer sealer;
  RandomValues values(11);
  Buffer bytes;
  for (std::size_t i = 0; i < 20'000; ++i) {
    const EventCodec& table = *event_codecs()[i % event_codecs().size()];
    bytes.clear();
    ASSERT_TRUE(encode_event(random_event(table, values), sealer, bytes).has_value());
    ASSERT_TRUE(verified(bytes.view())) << table.name;
  }
}

Decimal decimal_of(const schema::Decimal& value) {
  const auto bits =
      (static_cast<UInt128>(static_cast<std::uint64_t>(value.hi())) << 64) | value.lo();
  return Decimal::from_parts(static_cast<Int128>(bits), value.scale()).value();
}

TEST(Flatc, AccessorsReadOurUsage) {
  PlainSealer sealer;
  RandomValues values(12);
  Buffer bytes;
  for (int i = 0; i < 2'000; ++i) {
    const Event event = random_event(codec(EventType::UsageRecorded), values);
    const UsageRecorded& usage = event.data.get<UsageRecorded>();
    bytes.clear();
    ASSERT_TRUE(encode_event(event, sealer, bytes).has_value());
    const schema::Event* root = schema::GetEvent(bytes.data());
    EXPECT_EQ(root->schema_version(), event.envelope.schema_version);
    EXPECT_EQ(root->source()->str(), event.envelope.source);
    EXPECT_EQ(root->id()->str(), event.envelope.id);
    EXPECT_EQ(root->time(), event.envelope.time.micros);
    EXPECT_EQ(root->time_from_clock(), event.envelope.time_from_clock);
    EXPECT_EQ(root->tenant() != nullptr, event.envelope.tenant.has_value());
    EXPECT_EQ(root->actor()->key_id() != nullptr, event.envelope.actor.key_id.has_value());
    EXPECT_EQ(root->extensions() == nullptr ? 0 : root->extensions()->size(),
              event.envelope.extensions.size());
    if (event.envelope.idempotency) {
      EXPECT_EQ(root->idempotency()->owner()->str(), event.envelope.idempotency->owner);
      EXPECT_EQ(root->idempotency()->digest()->size(), 32U);
    }
    const schema::UsageRecorded* data = root->data_as_UsageRecorded();
    ASSERT_NE(data, nullptr);
    EXPECT_EQ(data->subscription_id()->str(), usage.subscription_id.text());
    EXPECT_EQ(data->meter_id()->str(), usage.meter_id.text());
    EXPECT_EQ(decimal_of(*data->quantity()), usage.quantity);
    EXPECT_EQ(data->usage_date().has_value(), usage.usage_date.has_value());
    EXPECT_EQ(data->usage_date().value_or(0), usage.usage_date.value_or(Date{}).days);
    EXPECT_EQ(data->is_credit_eligible().has_value(), usage.is_credit_eligible.has_value());
    EXPECT_EQ(data->cost() != nullptr, usage.cost.has_value());
    if (usage.cost) {
      EXPECT_EQ(decimal_of(*data->cost()), *usage.cost);
    }
    EXPECT_EQ(data->region() == nullptr ? "" : data->region()->str(), usage.region.value_or(""));
    EXPECT_EQ(data->tags() == nullptr ? 0 : data->tags()->size(), usage.tags.size());
    EXPECT_EQ(data->charge_type().has_value(), usage.charge_type.has_value());
  }
}

}  // namespace
}  // namespace daybook::codec
