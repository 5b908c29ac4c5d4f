#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

/// What a plain struct is made of: how many members, what they are called, and each of them in
/// turn. For aggregates of up to 32 members without bases, references or C arrays. The names come
/// from the compiler's own spelling of a pointer (GCC 11 and later; Clang cannot yet spell a
/// pointer into an object that is only declared).
namespace stator::sdk {

inline constexpr std::size_t kMembersMax = 32;

namespace detail {

// Converts to anything, which is how the members are counted; it is never run.
struct Anything {
  template <class T>
  operator T() const;
};

template <class T, std::size_t... I>
consteval bool takes(std::index_sequence<I...>) {
  return requires {
    T{(static_cast<void>(I), Anything{})...};
  };
}

template <class T, std::size_t N = kMembersMax + 1>
consteval std::size_t count_members() {
  if constexpr (N == 0) {
    return 0;
  } else if constexpr (takes<T>(std::make_index_sequence<N>{})) {
    return N;
  } else {
    return count_members<T, N - 1>();
  }
}

// An object that is declared and never defined: only the addresses of its members are used, and
// only while compiling.
template <class T>
struct Phantom {
  T value;
  ~Phantom() {}
};
template <class T>
extern const Phantom<T> phantom;

// "... [with auto Pointer = (& phantom<Item>.Phantom<Item>::value.Item::id)]" and
// "... [with auto Pointer = &Item::id]" both end in the member's name.
template <auto Pointer>
consteval auto spelled_member() {  // "auto", or GCC would spell the return type out as well
  std::string_view text = __PRETTY_FUNCTION__;
  text = text.substr(0, text.find_last_not_of(")];") + 1);
  return text.substr(text.find_last_of(":.>& ") + 1);
}

}  // namespace detail

template <class T>
concept PlainStruct = std::is_aggregate_v<T> && std::is_class_v<T>;

template <PlainStruct T>
inline constexpr std::size_t kMemberCount = detail::count_members<T>();

/// Calls `use(member...)` with every member of `object`, in order.
template <class T, class Use>
constexpr decltype(auto) with_members(T& object, Use&& use) {
  constexpr std::size_t kCount = kMemberCount<std::remove_const_t<T>>;
  static_assert(kCount <= kMembersMax, "stator: a struct may have up to 32 members");
// clang-format off
#define STATOR_SDK_M8 m1, m2, m3, m4, m5, m6, m7, m8
#define STATOR_SDK_M16 STATOR_SDK_M8, m9, m10, m11, m12, m13, m14, m15, m16
#define STATOR_SDK_M24 STATOR_SDK_M16, m17, m18, m19, m20, m21, m22, m23, m24
#define STATOR_SDK_BIND(count, ...)                \
  if constexpr (kCount == count) {                 \
    auto& [__VA_ARGS__] = object;                  \
    return std::forward<Use>(use)(__VA_ARGS__);    \
  } else
  STATOR_SDK_BIND(1, m1)
  STATOR_SDK_BIND(2, m1, m2)
  STATOR_SDK_BIND(3, m1, m2, m3)
  STATOR_SDK_BIND(4, m1, m2, m3, m4)
  STATOR_SDK_BIND(5, m1, m2, m3, m4, m5)
  STATOR_SDK_BIND(6, m1, m2, m3, m4, m5, m6)
  STATOR_SDK_BIND(7, m1, m2, m3, m4, m5, m6, m7)
  STATOR_SDK_BIND(8, m1, m2, m3, m4, m5, m6, m7, m8)
  STATOR_SDK_BIND(9, STATOR_SDK_M8, m9)
  STATOR_SDK_BIND(10, STATOR_SDK_M8, m9, m10)
  STATOR_SDK_BIND(11, STATOR_SDK_M8, m9, m10, m11)
  STATOR_SDK_BIND(12, STATOR_SDK_M8, m9, m10, m11, m12)
  STATOR_SDK_BIND(13, STATOR_SDK_M8, m9, m10, m11, m12, m13)
  STATOR_SDK_BIND(14, STATOR_SDK_M8, m9, m10, m11, m12, m13, m14)
  STATOR_SDK_BIND(15, STATOR_SDK_M8, m9, m10, m11, m12, m13, m14, m15)
  STATOR_SDK_BIND(16, STATOR_SDK_M8, m9, m10, m11, m12, m13, m14, m15, m16)
  STATOR_SDK_BIND(17, STATOR_SDK_M16, m17)
  STATOR_SDK_BIND(18, STATOR_SDK_M16, m17, m18)
  STATOR_SDK_BIND(19, STATOR_SDK_M16, m17, m18, m19)
  STATOR_SDK_BIND(20, STATOR_SDK_M16, m17, m18, m19, m20)
  STATOR_SDK_BIND(21, STATOR_SDK_M16, m17, m18, m19, m20, m21)
  STATOR_SDK_BIND(22, STATOR_SDK_M16, m17, m18, m19, m20, m21, m22)
  STATOR_SDK_BIND(23, STATOR_SDK_M16, m17, m18, m19, m20, m21, m22, m23)
  STATOR_SDK_BIND(24, STATOR_SDK_M16, m17, m18, m19, m20, m21, m22, m23, m24)
  STATOR_SDK_BIND(25, STATOR_SDK_M24, m25)
  STATOR_SDK_BIND(26, STATOR_SDK_M24, m25, m26)
  STATOR_SDK_BIND(27, STATOR_SDK_M24, m25, m26, m27)
  STATOR_SDK_BIND(28, STATOR_SDK_M24, m25, m26, m27, m28)
  STATOR_SDK_BIND(29, STATOR_SDK_M24, m25, m26, m27, m28, m29)
  STATOR_SDK_BIND(30, STATOR_SDK_M24, m25, m26, m27, m28, m29, m30)
  STATOR_SDK_BIND(31, STATOR_SDK_M24, m25, m26, m27, m28, m29, m30, m31)
  STATOR_SDK_BIND(32, STATOR_SDK_M24, m25, m26, m27, m28, m29, m30, m31, m32)
  { return std::forward<Use>(use)(); }
#undef STATOR_SDK_BIND
#undef STATOR_SDK_M24
#undef STATOR_SDK_M16
#undef STATOR_SDK_M8
  // clang-format on
}

namespace detail {

template <class T>
consteval auto phantom_pointers() {
  return with_members(phantom<T>.value, [](auto&... member) { return std::tuple(&member...); });
}

template <class T, std::size_t... I>
consteval auto spelled_members(std::index_sequence<I...>) {
  return std::array<std::string_view, sizeof...(I)>{
      spelled_member<std::get<I>(phantom_pointers<T>())>()...};
}

}  // namespace detail

/// The members' names, in order.
template <PlainStruct T>
inline constexpr auto kMemberNames =
    detail::spelled_members<T>(std::make_index_sequence<kMemberCount<T>>{});

/// The name that a member pointer is written with: member_name<&Item::id>() is "id".
template <auto Member>
consteval std::string_view member_name() {
  return detail::spelled_member<Member>();
}

template <class T, class V>
consteval T owner_of(V T::*);
template <class T, class V>
consteval V type_of(V T::*);

namespace detail {

template <class E, std::size_t... I>
consteval auto enumerator_names(std::index_sequence<I...>) {
  // What is no enumerator is spelled "(Color)5", or "(shop::Color)5".
  constexpr auto kName = [](std::string_view name) {
    const bool is_cast = name.find_first_of("()") != std::string_view::npos;
    return is_cast || (!name.empty() && name.front() >= '0' && name.front() <= '9')
               ? std::string_view()
               : name;
  };
  return std::array<std::string_view, sizeof...(I)>{kName(spelled_member<static_cast<E>(I)>())...};
}

}  // namespace detail

inline constexpr std::size_t kEnumeratorsMax = 64;

/// The names of a scoped enum's values 0 to 63; empty where there is none.
template <class E>
requires(std::is_enum_v<E> &&
         !std::is_convertible_v<E, int>) inline constexpr auto kEnumeratorNames =
    detail::enumerator_names<E>(std::make_index_sequence<kEnumeratorsMax>{});

/// Calls `use(index, member)` for each member, the index as an integral_constant.
template <class T, class Use>
constexpr void for_each_member(T& object, Use&& use) {
  with_members(object, [&](auto&... member) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (use(std::integral_constant<std::size_t, I>{}, member), ...);
    }
    (std::make_index_sequence<sizeof...(member)>{});
  });
}

/// Calls `use(index, member)` for the member of that name; false when there is none.
template <class T, class Names, class Use>
bool with_member_named(T& object, const Names& names, std::string_view name, const Use& use) {
  bool found = false;
  for_each_member(object, [&](auto index, auto& member) {
    if (found || names[index] != name) return;
    found = true;
    use(index, member);
  });
  return found;
}

}  // namespace stator::sdk
