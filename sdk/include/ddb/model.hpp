#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "ddb/key_template.hpp"
#include "ddb/meta.hpp"

/// What a schema says of a model, checked while compiling.
namespace ddb {

namespace detail {

template <auto Member>
struct MemberTag {
  static constexpr auto member = Member;
  using Value = PlainOf<Member>;
};

/// A key attribute that is a member.
template <auto Member>
struct MemberKey {
  static constexpr std::string_view name = attribute_name<Member>();
  static constexpr bool is_template = false;
  static constexpr auto member = Member;
  using Value = PlainOf<Member>;
  using Arguments = Types<MemberTag<Member>>;
};

/// A key attribute that is made of members.
template <Literal Name, Literal Format, auto... Members>
struct TemplateKey {
  static constexpr std::string_view name = Name.view();
  static constexpr std::string_view format = Format.view();
  static constexpr bool is_template = true;
  using Value = std::string;
  using Arguments = Types<MemberTag<Members>...>;
  static_assert(count_holes(format) == sizeof...(Members),
                "ddb: a key template has as many {} as members");
  static_assert(((std::same_as<PlainOf<Members>, std::string> ||
                  std::integral<PlainOf<Members>>)&&...),
                "ddb: a key template takes texts and integers");
};

template <class Part>
struct KeysOfPart {
  using Hashes = Types<>;
  using Ranges = Types<>;
};
template <auto Member>
struct KeysOfPart<HashPart<Member>> {
  using Hashes = Types<MemberKey<Member>>;
  using Ranges = Types<>;
};
template <auto Member>
struct KeysOfPart<RangePart<Member>> {
  using Hashes = Types<>;
  using Ranges = Types<MemberKey<Member>>;
};
template <Literal Name, Literal Format, auto... Members>
struct KeysOfPart<HashTemplatePart<Name, Format, Members...>> {
  using Hashes = Types<TemplateKey<Name, Format, Members...>>;
  using Ranges = Types<>;
};
template <Literal Name, Literal Format, auto... Members>
struct KeysOfPart<RangeTemplatePart<Name, Format, Members...>> {
  using Hashes = Types<>;
  using Ranges = Types<TemplateKey<Name, Format, Members...>>;
};

/// The attributes that are the key of a table or an index.
template <class H, class R>
struct KeySet {
  using Hashes = H;
  using Ranges = R;
  using All = decltype(H{} + R{});

  [[nodiscard]] static constexpr bool has(std::string_view attribute) {
    bool found = false;
    each(All{}, [&]<class K>() { found = found || K::name == attribute; });
    return found;
  }
  [[nodiscard]] static consteval bool can_be_keys() {
    bool good = true;
    each(All{}, [&]<class K>() { good = good && KeyValue<typename K::Value>; });
    return good;
  }
};

template <class... Parts>
using KeysIn = KeySet<decltype((Types<>{} + ... + typename KeysOfPart<Parts>::Hashes{})),
                      decltype((Types<>{} + ... + typename KeysOfPart<Parts>::Ranges{}))>;

template <class Done, class... Tags>
struct Distinct {
  using type = Done;
};
template <class... Done, class Tag, class... Tags>
struct Distinct<Types<Done...>, Tag, Tags...>
    : Distinct<
          std::conditional_t<is_among<Tag, Types<Done...>>, Types<Done...>, Types<Done..., Tag>>,
          Tags...> {};
template <class... Tags>
consteval auto distinct(Types<Tags...>) {
  return typename Distinct<Types<>, Tags...>::type{};
}
template <class... Keys>
consteval auto arguments_of(Types<Keys...>) {
  return distinct((Types<>{} + ... + typename Keys::Arguments{}));
}
template <class... Parts>
consteval auto keys_in(Types<Parts...>) {
  return KeysIn<Parts...>{};
}

template <class List>
struct ArgumentMembers;
template <class... Tags>
struct ArgumentMembers<Types<Tags...>> {
  static constexpr auto value = std::tuple(Tags::member...);
};

}  // namespace detail

template <class T>
struct Model {
  using Traits = detail::SchemaTraits<detail::SchemaOf<T>>;
  static_assert(!std::same_as<detail::SchemaOf<T>, NoSchema>,
                "ddb: the model has no schema; write: template <> inline constexpr auto "
                "ddb::schema<T> = ddb::table<\"name\">(ddb::hash<&T::member>);");
  using Parts = typename Traits::All;
  using Keys = decltype(detail::keys_in(Parts{}));

  /// What a key is given as: the members that it is, or is made of, each once.
  using Arguments = decltype(detail::arguments_of(typename Keys::All{}));
  static constexpr auto key_members = detail::ArgumentMembers<Arguments>::value;
  static constexpr std::size_t key_size = Arguments::size;

  static constexpr auto version_members = Traits::template members<VersionPart>();
  static constexpr auto created_members = Traits::template members<CreatedPart>();
  static constexpr auto updated_members = Traits::template members<UpdatedPart>();
  static constexpr auto ttl_members = Traits::template members<TtlPart>();
  static constexpr auto write_once_members = Traits::template members<WriteOncePart>();
  static constexpr bool has_version = std::tuple_size_v<decltype(version_members)> == 1;

  using HashKey = typename detail::Nth<typename Keys::Hashes, 0>::type;

  static_assert(Keys::Hashes::size == 1, "ddb: a schema names exactly one hash key");
  static_assert(Keys::Ranges::size <= 1, "ddb: a schema names at most one range key");
  static_assert(Keys::can_be_keys(), "ddb: a key is a std::string, a number or ddb::Binary");
  static_assert(std::tuple_size_v<decltype(version_members)> <= 1,
                "ddb: a schema names at most one version");
  static_assert(std::tuple_size_v<decltype(ttl_members)> <= 1,
                "ddb: a schema names at most one ttl");

  /// Calls `use.template operator()<Member>()` for each member of a role.
  template <const auto& Members, class Use>
  static constexpr void each(const Use& use) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (use.template operator()<std::get<I>(Members)>(), ...);
    }
    (std::make_index_sequence<std::tuple_size_v<std::remove_cvref_t<decltype(Members)>>>{});
  }

  [[nodiscard]] static constexpr bool is_key(std::string_view attribute) {
    return Keys::has(attribute) || is_one_of<key_members>(attribute);
  }
  [[nodiscard]] static constexpr bool is_version(std::string_view attribute) {
    return is_one_of<version_members>(attribute);
  }

 private:
  template <const auto& Members>
  static constexpr bool is_one_of(std::string_view attribute) {
    bool found = false;
    each<Members>([&]<auto Member>() { found = found || attribute_name<Member>() == attribute; });
    return found;
  }
  static consteval bool keys_are_members() {
    bool good = true;
    each<key_members>([&]<auto Member>() {
      good = good && !stator::sdk::OptionalValue<detail::ValueOf<Member>>;
    });
    return good;
  }
  static_assert(keys_are_members(), "ddb: a key is always there; it cannot be a std::optional");
  static consteval bool versions_are_integers() {
    bool good = true;
    each<version_members>([&]<auto Member>() {
      good = good && std::integral<detail::ValueOf<Member>>;
    });
    return good;
  }
  static_assert(versions_are_integers(), "ddb: a version is an integer");
};

}  // namespace ddb
