#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

#include "stator/values.hpp"

/// The words that a schema is written with. What they mean together is in ddb/model.hpp.
namespace ddb {

using stator::sdk::Binary;
using stator::sdk::Number;

/// A string literal as a template argument.
template <std::size_t N>
struct Literal {
  char text[N];
  consteval Literal(const char (&from)[N]) { std::copy_n(from, N, text); }  // NOLINT: meant
  [[nodiscard]] constexpr std::string_view view() const { return {text, N - 1}; }
};

/// The parts of a schema: which member plays which role, and under which name it is stored.
template <auto Member>
struct HashPart {};
template <auto Member>
struct RangePart {};
template <Literal Name, Literal Format, auto... Members>
struct HashTemplatePart {};
template <Literal Name, Literal Format, auto... Members>
struct RangeTemplatePart {};
template <auto Member>
struct VersionPart {};
template <auto Member>
struct CreatedPart {};
template <auto Member>
struct UpdatedPart {};
template <auto Member>
struct TtlPart {};
template <auto Member>
struct WriteOncePart {};
template <auto Member, std::int64_t Start, std::int64_t Step>
struct CounterPart {};
template <auto Member, Literal Name>
struct NamePart {};
template <Literal Attribute, Literal... Values>
struct DiscriminatorPart {};

/// The partition key.
template <auto Member>
inline constexpr HashPart<Member> hash{};
/// The sort key.
template <auto Member>
inline constexpr RangePart<Member> range{};
/// A key attribute that no member is, made of members: hash_key<"pk", "USER#{}", &User::id>. Each
/// "{}" takes one member; "{:08}" pads a number, so that it sorts.
template <Literal Name, Literal Format, auto... Members>
inline constexpr HashTemplatePart<Name, Format, Members...> hash_key{};
template <Literal Name, Literal Format, auto... Members>
inline constexpr RangeTemplatePart<Name, Format, Members...> range_key{};
/// An integer that counts the writes of an item; put() refuses to overwrite a newer one.
template <auto Member>
inline constexpr VersionPart<Member> version{};
/// A std::string or ddb::DateTime that put() fills with the time when it is empty.
template <auto Member>
inline constexpr CreatedPart<Member> created{};
/// A std::string or ddb::DateTime that every put() and update() fills with the time.
template <auto Member>
inline constexpr UpdatedPart<Member> updated{};
/// When DynamoDB may delete the item: a ddb::Ttl, or an integer of seconds since 1970.
template <auto Member>
inline constexpr TtlPart<Member> ttl{};
/// Kept as it is when upsert() or save() finds it in the table.
template <auto Member>
inline constexpr WriteOncePart<Member> write_once{};
/// An integer that every update() counts up by `Step`, from `Start`.
template <auto Member, std::int64_t Start = 0, std::int64_t Step = 1>
inline constexpr CounterPart<Member, Start, Step> counter{};
/// The attribute's stored name, where it is not the member's.
template <auto Member, Literal Name>
inline constexpr NamePart<Member, Name> name{};
/// An attribute that says which of several models of a table an item is: the first value is
/// written, each is read.
template <Literal Attribute, Literal... Values>
requires(sizeof...(Values) >=
         1) inline constexpr DiscriminatorPart<Attribute, Values...> discriminator{};

/// How an id is made.
enum class Id { kUuid4, kUuid7, kUlid };
template <auto Member, Id Kind>
struct GeneratedPart {};
/// A std::string that put() fills when it is empty. Version 7 and ULIDs sort by time.
template <auto Member>
inline constexpr GeneratedPart<Member, Id::kUuid4> uuid4{};
template <auto Member>
inline constexpr GeneratedPart<Member, Id::kUuid7> uuid7{};
template <auto Member>
inline constexpr GeneratedPart<Member, Id::kUlid> ulid{};

/// What an index holds besides keys: all attributes, unless one of these stands in its parts.
struct KeysOnlyPart {};
inline constexpr KeysOnlyPart keys_only{};
template <auto... Members>
struct IncludePart {};
template <auto... Members>
inline constexpr IncludePart<Members...> include{};

template <Literal Name, bool IsLocal, class... Parts>
struct IndexPart {};

namespace detail {

// Of an index's parts, bare member pointers are keys: the first the hash of a global index.
template <bool IsHash, auto Part>
using IndexKeyPart = std::conditional_t<std::is_member_object_pointer_v<decltype(Part)>,
                                        std::conditional_t<IsHash, HashPart<Part>, RangePart<Part>>,
                                        std::remove_cvref_t<decltype(Part)>>;

template <Literal Name, bool IsLocal, auto... Parts, std::size_t... I>
consteval auto index_part(std::index_sequence<I...>) {
  return IndexPart<Name, IsLocal, IndexKeyPart<!IsLocal && I == 0, Parts>...>{};
}

}  // namespace detail

/// A global secondary index: gsi<"by_total", &Order::customer, &Order::total>. Keys of several
/// attributes are spelled out: gsi<"n", hash<&T::a>, hash<&T::b>, range<&T::c>>. Key templates,
/// keys_only and include<...> may stand among the parts.
template <Literal Name, auto... Parts>
inline constexpr auto gsi =
    detail::index_part<Name, false, Parts...>(std::make_index_sequence<sizeof...(Parts)>{});
/// A local one, with another sort key: lsi<"by_date", &Order::date>.
template <Literal Name, auto... Parts>
inline constexpr auto lsi =
    detail::index_part<Name, true, Parts...>(std::make_index_sequence<sizeof...(Parts)>{});

/// What create_table() asks for. On-demand billing unless `provisioned` is there.
template <std::uint32_t Reads, std::uint32_t Writes>
struct ProvisionedPart {};
template <std::uint32_t Reads, std::uint32_t Writes>
inline constexpr ProvisionedPart<Reads, Writes> provisioned{};
enum class View { kKeys, kNew, kOld, kBoth };
template <View What>
struct StreamPart {};
template <View What = View::kBoth>
inline constexpr StreamPart<What> stream{};
template <Literal Key, Literal Value>
struct TagPart {};
template <Literal Key, Literal Value>
inline constexpr TagPart<Key, Value> tag{};

template <Literal Name, class... Parts>
struct Schema {
  static constexpr std::string_view table_name = Name.view();
};

/// The schema of a model, written beside its struct:
///   template <> inline constexpr auto ddb::schema<Item> =
///       table<"items">(hash<&Item::id>, version<&Item::version>);
template <Literal Name, class... Parts>
[[nodiscard]] consteval auto table(Parts...) {
  return Schema<Name, Parts...>{};
}

struct NoSchema {};
template <class T>
inline constexpr auto schema = NoSchema{};

}  // namespace ddb
