#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "ddb/ids.hpp"
#include "ddb/request.hpp"
#include "ddb/update.hpp"

/// What the mapper fills in itself: versions, times, ids, counters.
namespace ddb::detail {

/// The time of a call, in the forms that members may have.
struct Moment {
  std::string text;  ///< 2026-01-02T03:04:05.678Z
  std::int64_t micros = 0;

  Moment(std::string_view as_text, std::int64_t since_1970 = 0)  // NOLINT: meant
      : text(as_text), micros(since_1970) {}
  Moment(const char* as_text) : text(as_text) {}  // NOLINT: meant
  [[nodiscard]] static Moment now() {
    const std::int64_t ms = stator1_now_ms();
    char text[24];
    stator1_format_time(ms, text);
    return {std::string_view(text, sizeof text), ms * 1000};
  }

  template <class V>
  [[nodiscard]] V as() const {
    if constexpr (std::same_as<V, DateTime>) {
      return DateTime(micros);
    } else if constexpr (std::integral<V>) {
      return static_cast<V>(micros / 1'000'000);
    } else {
      static_assert(std::same_as<V, std::string>,
                    "ddb: a time is a std::string, a ddb::DateTime or an integer of seconds");
      return text;
    }
  }
};

template <auto Member, class T>
void fill_time(T& item, const Moment& now, bool always) {
  using V = PlainOf<Member>;
  if (always || item.*Member == ValueOf<Member>{}) item.*Member = now.as<V>();
}

/// Calls `use.template operator()<Member, Kind>()` for each generated id.
template <class Part>
struct GeneratedIn {
  template <class T>
  static void fill(T&) {}
};
template <auto Member, Id Kind>
struct GeneratedIn<GeneratedPart<Member, Kind>> {
  template <class T>
  static void fill(T& item) {
    if ((item.*Member).empty()) item.*Member = make_id(Kind);
  }
};

/// Fills in what a put() changes in the item it stores: version, times, ids.
template <class T>
void stamp(T& item, const Moment& now) {
  using M = Model<T>;
  M::template each<M::version_members>([&]<auto Member>() { ++(item.*Member); });
  M::template each<M::created_members>([&]<auto Member>() { fill_time<Member>(item, now, false); });
  M::template each<M::updated_members>([&]<auto Member>() { fill_time<Member>(item, now, true); });
  each(typename M::Parts{}, [&]<class Part>() { GeneratedIn<Part>::fill(item); });
}

/// The condition of optimistic locking: as many writes as this program has seen, and no more.
template <class T>
void require_version(Request& request, const T& item) {
  Model<T>::template each<Model<T>::version_members>([&]<auto Member>() {
    if (item.*Member == 0) {
      request.require_attribute(Model<T>::HashKey::name, false);
    } else {
      request.require(col<Member> == item.*Member);
    }
  });
}

template <class Part>
struct CounterIn {
  static void write(Request&, UpdateText&) {}
  static constexpr bool is(std::string_view) { return false; }
};
template <auto Member, std::int64_t Start, std::int64_t Step>
struct CounterIn<CounterPart<Member, Start, Step>> {
  static void write(Request& request, UpdateText& update) {
    using V = PlainOf<Member>;
    set(col<Member>, if_missing(col<Member>, V(Start)) + V(Step))
        .write(request.placeholders, update);
  }
  static constexpr bool is(std::string_view name) { return name == attribute_name<Member>(); }
};

/// What every update changes besides what it is told: the time, the counters, the version.
template <class T>
void write_own_actions(Request& request, UpdateText& update, const Moment& now) {
  using M = Model<T>;
  M::template each<M::updated_members>([&]<auto Member>() {
    set(col<Member>, now.as<PlainOf<Member>>()).write(request.placeholders, update);
  });
  each(typename M::Parts{}, [&]<class Part>() { CounterIn<Part>::write(request, update); });
  M::template each<M::version_members>([&]<auto Member>() {
    std::string& out = update.next(UpdateText::kAdd);
    request.placeholders.name(out, attribute_name<Member>());
    out += ' ';
    request.placeholders.value(out, 1);
  });
}

}  // namespace ddb::detail
