#pragma once

#include <rapidcheck.h>

#include <string>

#include "dynamodb/value.hpp"

/// rapidcheck generators of what DynamoDB stores.
namespace stator::dynamodb::testing {

/// Any number that can be stored: few and many digits, all magnitudes, both signs.
inline rc::Gen<Number> number() {
  return rc::gen::exec([] {
    const auto digits = *rc::gen::inRange(1, Number::kDigitsMax + 1);
    std::string text = *rc::gen::arbitrary<bool>() ? "-" : "";
    for (int i = 0; i < digits; ++i) {
      text.push_back(static_cast<char>('0' + *rc::gen::inRange(i == 0 ? 1 : 0, 10)));
    }
    const int exponent =
        *rc::gen::oneOf(rc::gen::inRange(-5, 6),
                        rc::gen::inRange(Number::kExponentMin, Number::kExponentMax - digits + 2));
    return Number::parse(text + "e" + std::to_string(exponent)).value();
  });
}

inline rc::Gen<std::string> bytes() {
  // Zeros and 0xff are what escapes go wrong on.
  return rc::gen::container<std::string>(
      rc::gen::oneOf(rc::gen::element('\0', '\1', '\xff', 'a'), rc::gen::arbitrary<char>()));
}

inline rc::Gen<std::string> text() {
  return rc::gen::container<std::string>(rc::gen::inRange<char>(1, 127));
}

template <class T>
rc::Gen<SetOf<T>> set_of(rc::Gen<T> member) {
  return rc::gen::map(rc::gen::nonEmpty(rc::gen::container<std::vector<T>>(member)),
                      [](std::vector<T> members) {
                        SetOf<T> set{std::move(members)};
                        static_cast<void>(set.normalize());
                        const auto last = std::unique(set.members.begin(), set.members.end());
                        set.members.erase(last, set.members.end());
                        return set;
                      });
}

inline rc::Gen<Value> value(int depth = 3);

inline rc::Gen<Map> map(int depth) {
  return rc::gen::exec([depth] {
    Map result;
    const int count = *rc::gen::inRange(0, 4);
    for (int i = 0; i < count; ++i) result.set(*text(), *value(depth - 1));
    return result;
  });
}

inline rc::Gen<Value> value(int depth) {
  return rc::gen::exec([depth]() -> Value {
    switch (*rc::gen::inRange(0, depth > 0 ? 10 : 8)) {
      case 0:
        return *text();
      case 1:
        return *number();
      case 2:
        return Binary{*bytes()};
      case 3:
        return *rc::gen::arbitrary<bool>();
      case 4:
        return Null{};
      case 5:
        return *set_of(text());
      case 6:
        return *set_of(number());
      case 7:
        return *set_of(rc::gen::map(bytes(), [](std::string b) { return Binary{std::move(b)}; }));
      case 8: {
        List list;
        const int count = *rc::gen::inRange(0, 4);
        for (int i = 0; i < count; ++i) list.elements.push_back(*value(depth - 1));
        return list;
      }
      default:
        return *map(depth - 1);
    }
  });
}

}  // namespace stator::dynamodb::testing
