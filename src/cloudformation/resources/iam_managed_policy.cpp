#include <algorithm>

#include "cloudformation/resources/iam.hpp"
#include "cloudformation/resources/resources.hpp"
#include "cloudformation/resources/shared.hpp"

/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-managedpolicy.html
namespace stator::cloudformation::resources {
namespace {

using namespace iam;

constexpr std::size_t kNameMax = 128;
constexpr std::size_t kVersionsMax = 5;
constexpr Kind kKinds[] = {kRole, kUser, kGroup};

bool has(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

Result<void> attach(ResourceContext& context, const Kind& kind, const std::string& name,
                    const std::string& arn) {
  STATOR_TRY_VOID(context.api.call(kService, "Attach" + std::string(kind.title) + "Policy",
                                   target(kind, name, {{"PolicyArn", arn}})));
  return {};
}

Result<void> detach(ResourceContext& context, const Kind& kind, const std::string& name,
                    const std::string& arn) {
  return gone(context.api.call(kService, "Detach" + std::string(kind.title) + "Policy",
                               target(kind, name, {{"PolicyArn", arn}})));
}

/// The versions that are not the default one, the oldest last.
Result<std::vector<std::string>> spare_versions(ResourceContext& context, const std::string& arn) {
  STATOR_TRY(const json::Object answer,
             context.api.call(kService, "ListPolicyVersions", {{"PolicyArn", arn}}));
  std::vector<std::string> spare;
  const json::Value* list = json::find(answer, "Versions");
  if (list == nullptr || !list->is_array()) return spare;
  for (const json::Value& version : list->get_array()) {
    if (!version.is_object()) continue;
    const json::Value* is_default = json::find(version.get_object(), "IsDefaultVersion");
    if (is_default != nullptr && *is_default == json::Value(true)) continue;
    spare.push_back(text_of(version.get_object(), "VersionId"));
  }
  return spare;
}

Result<void> drop_version(ResourceContext& context, const std::string& arn,
                          const std::string& version) {
  return gone(context.api.call(kService, "DeletePolicyVersion",
                               {{"PolicyArn", arn}, {"VersionId", version}}));
}

Result<void> create(ResourceContext& context, const json::Object& properties) {
  json::Object input = picked(properties, {"Description", "Path"});
  std::string name = text_of(properties, "ManagedPolicyName");
  if (name.empty()) name = context.generate_name(kNameMax);
  input["PolicyName"] = name;
  input["PolicyDocument"] = document_text(properties, "PolicyDocument");
  STATOR_TRY(const json::Object made, context.api.call(kService, "CreatePolicy", std::move(input)));
  STATOR_TRY(const json::Object policy, object_in(made, "CreatePolicy", "Policy"));
  const std::string arn = text_of(policy, "Arn");
  json::Object attributes =
      picked(policy, {"AttachmentCount", "CreateDate", "DefaultVersionId", "IsAttachable",
                      "PermissionsBoundaryUsageCount", "PolicyId", "UpdateDate"});
  attributes["PolicyArn"] = arn;
  STATOR_TRY_VOID(context.exists({arn, std::move(attributes), properties}));
  for (const Kind& kind : kKinds) {
    for (const std::string& one : texts_at(properties, kind.list)) {
      STATOR_TRY_VOID(attach(context, kind, one, arn));
    }
  }
  return {};
}

Result<void> remove(ResourceContext& context, const Existing& policy) {
  const std::string& arn = policy.physical_id;
  for (const Kind& kind : kKinds) {
    for (const std::string& name : texts_at(policy.properties, kind.list)) {
      STATOR_TRY_VOID(detach(context, kind, name, arn));
    }
  }
  const auto spare = spare_versions(context, arn);
  if (!spare && spare.error().code == ErrorCode::kNotFound) return {};
  if (!spare) return spare.error();
  for (const std::string& version : *spare) STATOR_TRY_VOID(drop_version(context, arn, version));
  return gone(context.api.call(kService, "DeletePolicy", {{"PolicyArn", arn}}));
}

/// A policy has five versions at most: the oldest that is spare makes room.
Result<void> update_document(ResourceContext& context, const std::string& arn,
                             const std::string& document) {
  STATOR_TRY(const auto spare, spare_versions(context, arn));
  if (spare.size() + 1 >= kVersionsMax) {
    STATOR_TRY_VOID(drop_version(context, arn, spare.back()));
  }
  STATOR_TRY_VOID(
      context.api.call(kService, "CreatePolicyVersion",
                       {{"PolicyArn", arn}, {"PolicyDocument", document}, {"SetAsDefault", true}}));
  return {};
}

Result<void> update(ResourceContext& context, const Existing& policy,
                    const json::Object& properties) {
  const std::string& arn = policy.physical_id;
  if (differs(policy.properties, properties, "PolicyDocument")) {
    STATOR_TRY_VOID(update_document(context, arn, document_text(properties, "PolicyDocument")));
  }
  for (const Kind& kind : kKinds) {
    const auto wanted = texts_at(properties, kind.list);
    const auto old = texts_at(policy.properties, kind.list);
    for (const std::string& name : wanted) {
      if (!has(old, name)) STATOR_TRY_VOID(attach(context, kind, name, arn));
    }
    for (const std::string& name : old) {
      if (!has(wanted, name)) STATOR_TRY_VOID(detach(context, kind, name, arn));
    }
  }
  return context.exists({arn, policy.attributes, properties});
}

Result<json::Object> read(ResourceContext& context, const Existing& policy) {
  const std::string& arn = policy.physical_id;
  STATOR_TRY(const json::Object answer,
             context.api.call(kService, "GetPolicy", {{"PolicyArn", arn}}));
  STATOR_TRY(json::Object real, object_in(answer, "GetPolicy", "Policy"));
  STATOR_TRY(
      const json::Object version_answer,
      context.api.call(kService, "GetPolicyVersion",
                       {{"PolicyArn", arn}, {"VersionId", text_of(real, "DefaultVersionId")}}));
  STATOR_TRY(const json::Object version,
             object_in(version_answer, "GetPolicyVersion", "PolicyVersion"));
  real["PolicyDocument"] = decoded_document(version, "Document");
  real["ManagedPolicyName"] = text_of(real, "PolicyName");
  STATOR_TRY(const json::Object users, context.api.call(kService, "ListEntitiesForPolicy",
                                                        {{"PolicyArn", arn}, {"MaxItems", 1'000}}));
  for (const Kind& kind : kKinds) {
    json::Array names;
    const json::Value* list = json::find(users, "Policy" + std::string(kind.list));
    if (list != nullptr && list->is_array()) {
      for (const json::Value& one : list->get_array()) {
        if (one.is_object()) names.push_back(json::Value(text_of(one.get_object(), kind.member)));
      }
    }
    real[kind.list] = std::move(names);
  }
  return compared(
      policy.properties, real,
      {"PolicyDocument", "ManagedPolicyName", "Description", "Path", "Roles", "Users", "Groups"});
}

}  // namespace

ResourceType iam_managed_policy() {
  constexpr auto kInPlace = OnChange::kInPlace;
  constexpr auto kReplace = OnChange::kReplace;
  return {.name = "AWS::IAM::ManagedPolicy",
          .properties = {{"PolicyDocument", true, kInPlace},
                         {"ManagedPolicyName", false, kReplace},
                         {"Description", false, kReplace},
                         {"Path", false, kReplace},
                         {"Roles", false, kInPlace},
                         {"Users", false, kInPlace},
                         {"Groups", false, kInPlace}},
          .attributes = {"PolicyArn", "AttachmentCount", "CreateDate", "DefaultVersionId",
                         "IsAttachable", "PermissionsBoundaryUsageCount", "PolicyId", "UpdateDate"},
          .capability = "CAPABILITY_IAM",
          .name_property = "ManagedPolicyName",
          .create = create,
          .remove = remove,
          .update = update,
          .read = read};
}

}  // namespace stator::cloudformation::resources
