#pragma once

#include <string>
#include <string_view>

#include "ddb/stamp.hpp"

/// Updates out of whole items: upsert() sets all attributes, save() those that changed.
namespace ddb {

/// An item beside what it was when it was read, so that save() sends the difference.
template <class T>
class Tracked {
 public:
  explicit Tracked(T item) : before_(item), now_(std::move(item)) {}
  T& operator*() { return now_; }
  const T& operator*() const { return now_; }
  T* operator->() { return &now_; }
  const T* operator->() const { return &now_; }
  [[nodiscard]] const T& before() const { return before_; }

 private:
  T before_;
  T now_;
};

namespace detail {

/// An attribute's JSON; empty when it is absent.
template <class V>
std::string attribute_json(const V& value) {
  if (is_absent(value)) return {};
  JsonWriter json;
  encode(json, value);
  return json.take();
}

/// SET or REMOVE of one attribute by its name.
class ChangeWriter {
 public:
  ChangeWriter(Request& request, UpdateText& update) : request_(request), update_(update) {}

  template <class V>
  void write(std::string_view name, const V& value, bool only_if_missing = false) {
    if (is_absent(value)) {
      request_.placeholders.name(update_.next(UpdateText::kRemove), name);
      return;
    }
    std::string& out = update_.next(UpdateText::kSet);
    request_.placeholders.name(out, name);
    out += " = ";
    if (only_if_missing) {
      out += "if_not_exists(";
      request_.placeholders.name(out, name);
      out += ", ";
    }
    request_.placeholders.value(out, value);
    if (only_if_missing) out += ')';
  }
  void remove(std::string_view name) {
    request_.placeholders.name(update_.next(UpdateText::kRemove), name);
  }

 private:
  Request& request_;
  UpdateText& update_;
};

/// Whether write_own_actions() or the key writes the attribute.
template <class T>
constexpr bool is_written_otherwise(std::string_view name) {
  using M = Model<T>;
  bool own = M::Keys::has(name) || M::is_version(name);
  M::template each<M::updated_members>([&]<auto Member>() {
    own = own || attribute_name<Member>() == name;
  });
  each(typename M::Parts{}, [&]<class Part>() { own = own || CounterIn<Part>::is(name); });
  return own;
}

template <class T>
constexpr bool is_write_once(std::string_view name) {
  using M = Model<T>;
  bool once = false;
  M::template each<M::created_members>([&]<auto Member>() {
    once = once || attribute_name<Member>() == name;
  });
  M::template each<M::write_once_members>([&]<auto Member>() {
    once = once || attribute_name<Member>() == name;
  });
  return once;
}

inline void write_extra_changes(ChangeWriter& changes, const Extra& now, const Extra* before) {
  for (const auto& [name, value] : now.attributes) {
    const bool same = before != nullptr && before->attributes.count(name) != 0 &&
                      before->attributes.at(name) == value;
    if (!same) changes.write(name, value);
  }
  if (before == nullptr) return;
  for (const auto& [name, value] : before->attributes) {
    if (now.attributes.count(name) == 0) changes.remove(name);
  }
}

/// The attributes that an update sets or removes; all, where there is no `before`. True when there
/// are any.
template <class T>
void write_changes(Request& request, UpdateText& update, const T& now, const T* before) {
  ChangeWriter changes(request, update);
  std::array<const void*, stator::sdk::kMemberCount<T>> old{};
  if (before != nullptr) {
    stator::sdk::for_each_member(*before,
                                 [&](auto index, const auto& member) { old[index] = &member; });
  }
  stator::sdk::for_each_member(now, [&](auto index, const auto& member) {
    using V = std::remove_cvref_t<decltype(member)>;
    const auto* const was = static_cast<const V*>(old[index]);
    if constexpr (std::same_as<V, Extra>) {
      write_extra_changes(changes, member, was);
    } else {
      constexpr std::string_view kName = kAttributeNames<T>[index];
      if constexpr (!is_written_otherwise<T>(kName)) {
        if (was != nullptr && attribute_json(*was) == attribute_json(member)) return;
        changes.write(kName, member, is_write_once<T>(kName));
      }
    }
  });
  // Keys of indexes that are made of members follow them.
  each(ComputedKeys<T>{}, [&]<class K>() {
    if (Model<T>::Keys::has(K::name)) return;
    const auto text = [](const T& item) {
      JsonWriter json;
      json.begin_object();
      if (has_members<K>(item)) {
        write_key_attribute<K>(
            json, [&]<class Tag>() -> decltype(auto) { return plain_member<Tag::member>(item); });
      }
      json.end_object();
      return json.take();
    };
    const std::string is = text(now);
    if (before != nullptr && text(*before) == is) return;
    std::string value;
    JsonReader reader(is);
    reader.object([&](std::string_view) { return decode(reader, value); });
    is == "{}" ? changes.remove(K::name) : changes.write(K::name, value);
  });
  if (before != nullptr) return;
  each(DiscriminatorsOf<T>{}, [&]<class Part>() {
    changes.write(DiscriminatorOf<Part>::name, std::string(DiscriminatorOf<Part>::values[0]));
  });
}

}  // namespace detail

}  // namespace ddb
