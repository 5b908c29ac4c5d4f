#include <algorithm>

#include "cloudformation/resources/iam.hpp"
#include "cloudformation/resources/resources.hpp"
#include "cloudformation/resources/shared.hpp"

/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-user.html
namespace stator::cloudformation::resources {
namespace {

using namespace iam;

constexpr std::size_t kNameMax = 64;

Result<void> join(ResourceContext& context, const std::string& user, const std::string& group) {
  STATOR_TRY_VOID(
      context.api.call(kService, "AddUserToGroup", {{"UserName", user}, {"GroupName", group}}));
  return {};
}

Result<void> leave(ResourceContext& context, const std::string& user, const std::string& group) {
  return gone(context.api.call(kService, "RemoveUserFromGroup",
                               {{"UserName", user}, {"GroupName", group}}));
}

bool has(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

Result<void> create(ResourceContext& context, const json::Object& properties) {
  STATOR_TRY_VOID(check_lists(properties));
  json::Object input = picked(properties, {"Path", "PermissionsBoundary"});
  if (const auto tags = tags_of(context, properties); !tags.empty()) input["Tags"] = tag_list(tags);
  std::string name = text_of(properties, "UserName");
  if (name.empty()) name = context.generate_name(kNameMax);
  input["UserName"] = name;
  STATOR_TRY(const json::Object made, context.api.call(kService, "CreateUser", std::move(input)));
  STATOR_TRY(const json::Object user, object_in(made, "CreateUser", "User"));
  STATOR_TRY_VOID(context.exists({name, {{"Arn", text_of(user, "Arn")}}, properties}));
  STATOR_TRY_VOID(add_policies(context, kUser, name, properties));
  for (const std::string& group : texts_at(properties, "Groups")) {
    STATOR_TRY_VOID(join(context, name, group));
  }
  return {};
}

Result<void> remove(ResourceContext& context, const Existing& user) {
  STATOR_TRY_VOID(drop_policies(context, kUser, user));
  for (const std::string& group : texts_at(user.properties, "Groups")) {
    STATOR_TRY_VOID(leave(context, user.physical_id, group));
  }
  return gone(context.api.call(kService, "DeleteUser", target(kUser, user.physical_id)));
}

Result<void> update(ResourceContext& context, const Existing& user,
                    const json::Object& properties) {
  const std::string& name = user.physical_id;
  json::Object attributes = user.attributes;
  if (differs(user.properties, properties, "Path")) {
    const std::string path = text_of(properties, "Path");
    STATOR_TRY_VOID(context.api.call(
        kService, "UpdateUser", target(kUser, name, {{"NewPath", path.empty() ? "/" : path}})));
    STATOR_TRY(const json::Object answer,
               context.api.call(kService, "GetUser", target(kUser, name)));
    STATOR_TRY(const json::Object now, object_in(answer, "GetUser", "User"));
    attributes["Arn"] = text_of(now, "Arn");
  }
  STATOR_TRY_VOID(update_principal(context, kUser, user, properties));
  const auto old = texts_at(user.properties, "Groups"), wanted = texts_at(properties, "Groups");
  for (const std::string& group : wanted) {
    if (!has(old, group)) STATOR_TRY_VOID(join(context, name, group));
  }
  for (const std::string& group : old) {
    if (!has(wanted, group)) STATOR_TRY_VOID(leave(context, name, group));
  }
  return context.exists({name, attributes, properties});
}

Result<json::Object> read(ResourceContext& context, const Existing& user) {
  STATOR_TRY(json::Object real, read_principal(context, kUser, user));
  STATOR_TRY(const json::Object answer,
             context.api.call(kService, "ListGroupsForUser",
                              target(kUser, user.physical_id, {{"MaxItems", 1'000}})));
  json::Array groups;
  const json::Value* list = json::find(answer, "Groups");
  if (list != nullptr && list->is_array()) {
    for (const json::Value& group : list->get_array()) {
      if (group.is_object())
        groups.push_back(json::Value(text_of(group.get_object(), "GroupName")));
    }
  }
  real["Groups"] = std::move(groups);
  return compared(user.properties, real,
                  {"UserName", "Path", "PermissionsBoundary", "ManagedPolicyArns", "Policies",
                   "Groups", "Tags"});
}

}  // namespace

/// LoginProfile is not here: there are no passwords.
ResourceType iam_user() {
  constexpr auto kInPlace = OnChange::kInPlace;
  return {.name = "AWS::IAM::User",
          .properties = {{"UserName", false, OnChange::kReplace},
                         {"Path", false, kInPlace},
                         {"PermissionsBoundary", false, kInPlace},
                         {"ManagedPolicyArns", false, kInPlace},
                         {"Policies", false, kInPlace},
                         {"Groups", false, kInPlace},
                         {"Tags", false, kInPlace}},
          .attributes = {"Arn"},
          .capability = "CAPABILITY_IAM",
          .name_property = "UserName",
          .create = create,
          .remove = remove,
          .update = update,
          .read = read};
}

}  // namespace stator::cloudformation::resources
