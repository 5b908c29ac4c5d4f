#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "base/result.hpp"
#include "cloudformation/api_client.hpp"
#include "json/json.hpp"

namespace stator::cloudformation {

class CustomResponses;

/// What an update does about a property that changed.
enum class OnChange {
  kRefuse,   ///< the update is refused by name before anything is changed
  kInPlace,  ///< the type's `update` carries it over
  kReplace,  ///< a new resource is made, the old one goes at the end
};

struct Property {
  std::string_view name;
  bool is_required = false;
  OnChange on_change = OnChange::kRefuse;
};

/// A resource that exists.
struct Existing {
  std::string physical_id;  ///< what Ref gives
  json::Object attributes;  ///< what Fn::GetAtt gives
  json::Object properties;  ///< resolved
};

/// Buckets and repositories have names in small letters.
enum class NameCase { kAsIs, kLower };

class NestedStacks;

/// What a resource's handler works with.
struct ResourceContext {
  ApiClient& api;
  Random& random;
  const std::function<void(std::chrono::milliseconds)>& sleep;
  std::string stack_name;
  std::string region;
  std::string logical_id;
  /// Must be called as soon as the resource exists, before anything else can fail: what follows may
  /// fail, and then the resource is removed.
  std::function<Result<void>(const Existing&)> exists;
  std::string account = {};
  std::string stack_id = {};
  std::string type = {};  ///< as the template writes it: "Custom::Thing"
  /// The stack's tags, Key and Value each, which every resource that takes tags bears beside its
  /// own; and those that it had before this change of the stack.
  json::Array stack_tags = {};
  json::Array stack_tags_before = {};
  /// Whether to give up waiting because the server stops; null: never.
  std::function<bool()> is_stopping = nullptr;
  CustomResponses* responses = nullptr;  ///< null: there are no custom resources
  NestedStacks* nested = nullptr;

  /// Called with each name that generate_name() gives, before anything bears it: a crash while the
  /// resource is being made is followed by the removal of what bears that name. Null: not told.
  std::function<void(const std::string& name)> chosen = nullptr;

  /// STACK-LOGICALID-RANDOM12, as AWS names what the template does not.
  [[nodiscard]] std::string generate_name(std::size_t length_max,
                                          NameCase name_case = NameCase::kAsIs) const;
};

/// How one type of resource is made and removed through its service's public API.
struct ResourceType {
  std::string_view name;  ///< "AWS::IAM::Role"
  std::vector<Property> properties;
  std::vector<std::string_view> attributes;  ///< "Outputs.*": all that begin so
  /// Custom resources: any further property, which changes in place, and any attribute.
  bool is_open = false;
  /// Capability that a template with this type needs, "" for none; with `name_property` given by
  /// the template it is CAPABILITY_NAMED_IAM.
  std::string_view capability = {};
  std::string_view name_property = {};

  std::function<Result<void>(ResourceContext&, const json::Object& properties)> create;
  /// Success when it is gone already.
  std::function<Result<void>(ResourceContext&, const Existing&)> remove;
  /// Null for types of which nothing changes in place.
  std::function<Result<void>(ResourceContext&, const Existing&, const json::Object& properties)>
      update = nullptr;
  /// Takes a change in place back, instead of `update` with the old properties: for types that keep
  /// the old state themselves until a change is settled.
  std::function<Result<void>(ResourceContext&, const Existing&, const json::Object& before)> undo =
      nullptr;
  /// The stack's update that changed the resource is complete: what was kept for undo may go. Such
  /// a resource takes part in every update, because what it stands for may have changed.
  std::function<Result<void>(ResourceContext&, const Existing&)> settle = nullptr;
  /// The properties that the template gives as they really are, in the template's shape, for drift
  /// detection: what means the same is written as in the template, so that equality is enough. A
  /// property that the API does not tell is left out; one that is gone is null. kNotFound when the
  /// resource is gone. Null for types that cannot be compared: their drift is NOT_CHECKED.
  std::function<Result<json::Object>(ResourceContext&, const Existing&)> read = nullptr;

  [[nodiscard]] const Property* property(std::string_view name) const;
  /// Whether Fn::GetAtt may ask for it.
  [[nodiscard]] bool has_attribute(std::string_view name) const;
  /// Whether the stack's tags are its own, too.
  [[nodiscard]] bool takes_tags() const { return property("Tags") != nullptr; }
  /// The properties that differ, with what is to be done about each, in the type's order. Names
  /// live as long as the two.
  [[nodiscard]] std::vector<Property> changed(const json::Object& before,
                                              const json::Object& after) const;
};

/// Every type that templates may use, in alphabetical order.
[[nodiscard]] const std::vector<ResourceType>& resource_types();
/// Null for a type that is not supported.
[[nodiscard]] const ResourceType* find_resource_type(std::string_view name);

// What handlers share.

/// `properties` under the names that an API gives them; absent ones are left out.
[[nodiscard]] json::Object renamed(
    const json::Object& properties,
    std::initializer_list<std::pair<std::string_view, std::string_view>> names);
/// The members of that name as they are; absent ones are left out.
[[nodiscard]] json::Object picked(const json::Object& properties,
                                  std::initializer_list<std::string_view> names);
/// "" when absent or not text.
[[nodiscard]] std::string text_of(const json::Object& properties, std::string_view name);
/// The template's list of Key and Value as the map that Lambda and Logs take.
[[nodiscard]] json::Object tag_map(const json::Object& properties);
/// A policy document, given as an object or as text, as text.
[[nodiscard]] std::string document_text(const json::Object& properties, std::string_view name);
/// Success for an answer of any kind and for "not found".
[[nodiscard]] Result<void> gone(const Result<json::Object>& answer);

/// Asks `is_ready` until it says yes, at growing intervals for at most two minutes in all.
[[nodiscard]] Result<void> wait_until(const ResourceContext& context,
                                      const std::function<Result<bool>()>& is_ready);

}  // namespace stator::cloudformation
