#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

/// How a described type lies in FlatBuffers bytes. The schemas in `schemas/` say the same in
/// flatc's language, and tests/codec compares the two by reflection.
///
/// A described struct is a table; a member's field id is its place in the description.
///
/// | Member                        | Schema                                   | Absent when |
/// |-------------------------------|------------------------------------------|--------------------------|
/// | bool                          | bool                                     | false | |
/// std::uint8_t, uint16_t        | ubyte, ushort                            | 0 | | std::int32_t,
/// int64_t, uint64_t | int, long, ulong                       | 0                        | |
/// enumeration X                 | enum X : ubyte                           | value 0 | | Date |
/// int (days since 1970-01-01)              | 0                        | | Instant | long
/// (microseconds since 1970, UTC)      | 0                        | | Decimal | struct Decimal
/// {lo:ulong; hi:long; scale:ubyte;}      (required)     | never | | Money | struct Money
/// {minor_units:long; currency:[ubyte:3];}  (required)     | never | | Period | struct Period
/// {start:int; end_exclusive:int;}         (required)     | never | | Currency | struct Currency
/// {code:[ubyte:3];}                     (required)     | never | | std::string, Id<…>            |
/// string (required)                        | never                    | | JsonText | string
/// (required)                        | never                    | | described struct S            |
/// table S (required)                       | never                    | | Personal<T> | [ubyte]
/// (required), the sealed form      | never                    | | std::vector<std::byte>        |
/// [ubyte]                                  | empty                    | | std::vector<scalar or
/// struct> | [int], [X], [Decimal], …                 | empty                    | |
/// std::vector<std::string, Id>  | [string]                                 | empty | |
/// std::vector<S>                | [S]                                      | empty | |
/// std::vector<Personal<T>>      | [Sealed], table Sealed {sealed:[ubyte] (id: 0, required);} |
/// empty | | std::map<string, string>      | [Entry], table Entry {key:string (id: 0, required);
/// value:string (id: 1, required);}, by key | empty | | std::optional<T>              | as T
/// without `required`; scalars `= null`  | nullopt                |
///
/// The event itself is the root, `table Event` of schemas/event.fbs, without a file identifier in
/// stored bytes:
///
///   schema_version:ushort (id: 0); tenant:string (id: 1); source:string (id: 2, required);
///   id:string (id: 3, required); time:long (id: 4); time_from_clock:bool (id: 5); actor:Actor (id:
///   6, required); causation:string (id: 7); correlation:string (id: 8); extensions:[Extension]
///   (id: 9); idempotency:Idempotency (id: 10); data:EventData (id: 12, required);   // data_type
///   is id 11 table Actor {key_id, identity_id, tenant_id:string (id: 0, 1, 2);} table Extension
///   {name, value:string (id: 0, 1, required);} table Idempotency {owner, key:string (id: 0, 1,
///   required); digest:[ubyte] (id: 2, required);}
///
/// Canonical: equal values give equal bytes (sealed fields apart, by their nonce). Every table
/// stands before what it refers to: vtable, table, then its strings, vectors and sub-tables in the
/// order of the description. Inside a table members stand by falling alignment, then in the order
/// of the description. Elements of one vector share the vtable of the element before where it is
/// the same.
namespace daybook::codec {

/// Limits of decoding, whatever the bytes say.
inline constexpr int kMaxDepth = 16;
/// The longest event (architecture.md 2).
inline constexpr std::size_t kMaxEventBytes = std::size_t{1} << 20;
/// The longest string that comes from outside.
inline constexpr std::size_t kMaxStringBytes = std::size_t{64} << 10;
/// Members of one event, those of maps counted in.
inline constexpr std::size_t kMaxMembers = 10'000;

}  // namespace daybook::codec
