#include <algorithm>

#include "cloudformation/resources/iam.hpp"
#include "cloudformation/resources/resources.hpp"
#include "cloudformation/resources/shared.hpp"

/// AWS::IAM::UserToGroupAddition and AWS::IAM::InstanceProfile: names that hang together.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-usertogroupaddition.html
namespace stator::cloudformation::resources {
namespace {

using namespace iam;

constexpr std::size_t kNameMax = 128;

/// One side of a membership and how it changes.
struct Membership {
  std::string_view whole, part;  ///< "GroupName", "UserName"
  std::string_view add, remove;  ///< the operations
};
constexpr Membership kOfGroup{"GroupName", "UserName", "AddUserToGroup", "RemoveUserFromGroup"};
constexpr Membership kOfProfile{"InstanceProfileName", "RoleName", "AddRoleToInstanceProfile",
                                "RemoveRoleFromInstanceProfile"};

json::Object pair(const Membership& of, const std::string& whole, const std::string& part) {
  json::Object input;
  input[of.whole] = whole;
  input[of.part] = part;
  return input;
}

Result<void> add(ResourceContext& context, const Membership& of, const std::string& whole,
                 const std::vector<std::string>& parts) {
  for (const std::string& part : parts) {
    STATOR_TRY_VOID(context.api.call(kService, of.add, pair(of, whole, part)));
  }
  return {};
}

Result<void> take(ResourceContext& context, const Membership& of, const std::string& whole,
                  const std::vector<std::string>& parts) {
  for (const std::string& part : parts) {
    STATOR_TRY_VOID(gone(context.api.call(kService, of.remove, pair(of, whole, part))));
  }
  return {};
}

/// What is in `a` and not in `b`.
std::vector<std::string> less(const std::vector<std::string>& a,
                              const std::vector<std::string>& b) {
  std::vector<std::string> rest;
  for (const std::string& one : a) {
    if (std::find(b.begin(), b.end(), one) == b.end()) rest.push_back(one);
  }
  return rest;
}

/// The names under `member` in a list of the answer.
json::Array names_in(const json::Object& answer, std::string_view list, std::string_view member) {
  json::Array names;
  const json::Value* items = json::find(answer, list);
  if (items == nullptr || !items->is_array()) return names;
  for (const json::Value& item : items->get_array()) {
    if (item.is_object()) names.push_back(json::Value(text_of(item.get_object(), member)));
  }
  return names;
}

Result<void> create_addition(ResourceContext& context, const json::Object& properties) {
  // Taking out who was not put in is harmless, so it exists from here.
  const std::string id = context.generate_name(kNameMax);
  STATOR_TRY_VOID(context.exists({id, {{"Id", id}}, properties}));
  return add(context, kOfGroup, text_of(properties, "GroupName"), texts_at(properties, "Users"));
}

Result<void> remove_addition(ResourceContext& context, const Existing& addition) {
  return take(context, kOfGroup, text_of(addition.properties, "GroupName"),
              texts_at(addition.properties, "Users"));
}

Result<void> update_addition(ResourceContext& context, const Existing& addition,
                             const json::Object& properties) {
  const std::string old_group = text_of(addition.properties, "GroupName");
  const std::string group = text_of(properties, "GroupName");
  const auto old = texts_at(addition.properties, "Users"), wanted = texts_at(properties, "Users");
  if (old_group != group) {
    STATOR_TRY_VOID(add(context, kOfGroup, group, wanted));
    STATOR_TRY_VOID(take(context, kOfGroup, old_group, old));
  } else {
    STATOR_TRY_VOID(add(context, kOfGroup, group, less(wanted, old)));
    STATOR_TRY_VOID(take(context, kOfGroup, group, less(old, wanted)));
  }
  return context.exists({addition.physical_id, addition.attributes, properties});
}

/// Others may add users too, so only who is missing counts.
Result<json::Object> read_addition(ResourceContext& context, const Existing& addition) {
  STATOR_TRY(const json::Object answer,
             context.api.call(
                 kService, "GetGroup",
                 {{"GroupName", text_of(addition.properties, "GroupName")}, {"MaxItems", 1'000}}));
  const json::Object members{{"Users", names_in(answer, "Users", "UserName")}};
  const auto real = texts_at(members, "Users");
  json::Array users;
  for (const std::string& user : texts_at(addition.properties, "Users")) {
    if (std::find(real.begin(), real.end(), user) != real.end()) users.push_back(json::Value(user));
  }
  json::Object now = picked(addition.properties, {"GroupName"});
  now["Users"] = std::move(users);
  return compared(addition.properties, now, {"GroupName", "Users"});
}

Result<void> create_profile(ResourceContext& context, const json::Object& properties) {
  std::string name = text_of(properties, "InstanceProfileName");
  if (name.empty()) name = context.generate_name(kNameMax);
  json::Object input = picked(properties, {"Path"});
  input["InstanceProfileName"] = name;
  STATOR_TRY(const json::Object made,
             context.api.call(kService, "CreateInstanceProfile", std::move(input)));
  STATOR_TRY(const json::Object profile,
             object_in(made, "CreateInstanceProfile", "InstanceProfile"));
  STATOR_TRY_VOID(context.exists({name, {{"Arn", text_of(profile, "Arn")}}, properties}));
  return add(context, kOfProfile, name, texts_at(properties, "Roles"));
}

Result<void> remove_profile(ResourceContext& context, const Existing& profile) {
  STATOR_TRY_VOID(
      take(context, kOfProfile, profile.physical_id, texts_at(profile.properties, "Roles")));
  return gone(context.api.call(kService, "DeleteInstanceProfile",
                               {{"InstanceProfileName", profile.physical_id}}));
}

/// A profile holds one role, so the old one makes room first.
Result<void> update_profile(ResourceContext& context, const Existing& profile,
                            const json::Object& properties) {
  const auto old = texts_at(profile.properties, "Roles"), wanted = texts_at(properties, "Roles");
  STATOR_TRY_VOID(take(context, kOfProfile, profile.physical_id, less(old, wanted)));
  STATOR_TRY_VOID(add(context, kOfProfile, profile.physical_id, less(wanted, old)));
  return context.exists({profile.physical_id, profile.attributes, properties});
}

Result<json::Object> read_profile(ResourceContext& context, const Existing& profile) {
  STATOR_TRY(const json::Object answer,
             context.api.call(kService, "GetInstanceProfile",
                              {{"InstanceProfileName", profile.physical_id}}));
  STATOR_TRY(json::Object real, object_in(answer, "GetInstanceProfile", "InstanceProfile"));
  real["Roles"] = names_in(real, "Roles", "RoleName");
  return compared(profile.properties, real, {"InstanceProfileName", "Path", "Roles"});
}

}  // namespace

ResourceType iam_user_to_group_addition() {
  return {
      .name = "AWS::IAM::UserToGroupAddition",
      .properties = {{"GroupName", true, OnChange::kInPlace}, {"Users", true, OnChange::kInPlace}},
      .attributes = {"Id"},
      .capability = "CAPABILITY_IAM",
      .create = create_addition,
      .remove = remove_addition,
      .update = update_addition,
      .read = read_addition};
}

ResourceType iam_instance_profile() {
  return {.name = "AWS::IAM::InstanceProfile",
          .properties = {{"Roles", true, OnChange::kInPlace},
                         {"InstanceProfileName", false, OnChange::kReplace},
                         {"Path", false, OnChange::kReplace}},
          .attributes = {"Arn"},
          .capability = "CAPABILITY_IAM",
          .name_property = "InstanceProfileName",
          .create = create_profile,
          .remove = remove_profile,
          .update = update_profile,
          .read = read_profile};
}

}  // namespace stator::cloudformation::resources
