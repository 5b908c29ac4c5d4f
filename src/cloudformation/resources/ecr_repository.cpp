#include "cloudformation/resources/resources.hpp"
#include "cloudformation/resources/shared.hpp"

/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html
namespace stator::cloudformation::resources {
namespace {

constexpr std::string_view kService = "ecr";
constexpr std::size_t kNameMax = 256;

json::Object scanning_of(const json::Object& properties) {
  json::Object scanning{{"scanOnPush", false}};
  merge(scanning, renamed(object_at(properties, "ImageScanningConfiguration"),
                          {{"ScanOnPush", "scanOnPush"}}));
  return scanning;
}

Result<void> call(ResourceContext& context, std::string_view operation, const std::string& name,
                  json::Object input) {
  input["repositoryName"] = name;
  STATOR_TRY_VOID(context.api.call(kService, operation, std::move(input)));
  return {};
}

/// The two documents; {} stands for a repository that is new.
Result<void> set_policies(ResourceContext& context, const std::string& name,
                          const json::Object& before, const json::Object& after) {
  if (differs(before, after, "LifecyclePolicy")) {
    const std::string text = text_of(object_at(after, "LifecyclePolicy"), "LifecyclePolicyText");
    if (!text.empty()) {
      STATOR_TRY_VOID(call(context, "PutLifecyclePolicy", name, {{"lifecyclePolicyText", text}}));
    } else {
      STATOR_TRY_VOID(
          gone(context.api.call(kService, "DeleteLifecyclePolicy", {{"repositoryName", name}})));
    }
  }
  if (!differs(before, after, "RepositoryPolicyText")) return {};
  const std::string policy = document_text(after, "RepositoryPolicyText");
  if (!policy.empty()) return call(context, "SetRepositoryPolicy", name, {{"policyText", policy}});
  return gone(context.api.call(kService, "DeleteRepositoryPolicy", {{"repositoryName", name}}));
}

Result<void> create(ResourceContext& context, const json::Object& properties) {
  std::string name = text_of(properties, "RepositoryName");
  if (name.empty()) name = context.generate_name(kNameMax, NameCase::kLower);
  json::Object input = renamed(properties, {{"ImageTagMutability", "imageTagMutability"}});
  input["repositoryName"] = name;
  input["imageScanningConfiguration"] = scanning_of(properties);
  if (properties.contains("EncryptionConfiguration")) {
    input["encryptionConfiguration"] =
        renamed(object_at(properties, "EncryptionConfiguration"),
                {{"EncryptionType", "encryptionType"}, {"KmsKey", "kmsKey"}});
  }
  if (const auto tags = tags_of(context, properties); !tags.empty()) input["tags"] = tag_list(tags);
  STATOR_TRY(const json::Object made,
             context.api.call(kService, "CreateRepository", std::move(input)));
  STATOR_TRY(const json::Object repository, object_in(made, "CreateRepository", "repository"));
  STATOR_TRY_VOID(context.exists({name,
                                  {{"Arn", text_of(repository, "repositoryArn")},
                                   {"RepositoryUri", text_of(repository, "repositoryUri")}},
                                  properties}));
  return set_policies(context, name, {}, properties);
}

Result<void> update(ResourceContext& context, const Existing& repository,
                    const json::Object& properties) {
  const std::string& name = repository.physical_id;
  const json::Object& before = repository.properties;
  if (differs(before, properties, "ImageTagMutability")) {
    const std::string wanted = text_of(properties, "ImageTagMutability");
    STATOR_TRY_VOID(call(context, "PutImageTagMutability", name,
                         {{"imageTagMutability", wanted.empty() ? "MUTABLE" : wanted}}));
  }
  if (differs(before, properties, "ImageScanningConfiguration")) {
    STATOR_TRY_VOID(call(context, "PutImageScanningConfiguration", name,
                         {{"imageScanningConfiguration", scanning_of(properties)}}));
  }
  STATOR_TRY_VOID(set_policies(context, name, before, properties));
  const std::string arn = text_of(repository.attributes, "Arn");
  TagChange change = tag_change(context, repository, properties);
  if (!change.dropped.empty()) {
    STATOR_TRY_VOID(context.api.call(
        kService, "UntagResource", {{"resourceArn", arn}, {"tagKeys", std::move(change.dropped)}}));
  }
  if (!change.set.empty()) {
    STATOR_TRY_VOID(context.api.call(kService, "TagResource",
                                     {{"resourceArn", arn}, {"tags", tag_list(change.set)}}));
  }
  return context.exists({name, repository.attributes, properties});
}

Result<void> remove(ResourceContext& context, const Existing& repository) {
  const bool is_forced = text_of(repository.properties, "EmptyOnDelete") == "true" ||
                         json::find_bool(repository.properties, "EmptyOnDelete").value_or(false);
  return gone(context.api.call(kService, "DeleteRepository",
                               {{"repositoryName", repository.physical_id}, {"force", is_forced}}));
}

Result<json::Object> read(ResourceContext& context, const Existing& repository) {
  const std::string& name = repository.physical_id;
  STATOR_TRY(const json::Object answer,
             context.api.call(kService, "DescribeRepositories",
                              {{"repositoryNames", json::Array{json::Value(name)}}}));
  const json::Value* list = json::find(answer, "repositories");
  if (list == nullptr || !list->is_array() || list->get_array().empty()) {
    return internal("DescribeRepositories gave no repositories");
  }
  const json::Object now = list->get_array()[0].get_object();
  json::Object real = renamed(
      now, {{"repositoryName", "RepositoryName"}, {"imageTagMutability", "ImageTagMutability"}});
  real["ImageScanningConfiguration"] =
      renamed(object_at(now, "imageScanningConfiguration"), {{"scanOnPush", "ScanOnPush"}});
  for (const auto& [operation, member, property] :
       {std::tuple("GetLifecyclePolicy", "lifecyclePolicyText", "LifecyclePolicy"),
        {"GetRepositoryPolicy", "policyText", "RepositoryPolicyText"}}) {
    const auto policy = context.api.call(kService, operation, {{"repositoryName", name}});
    if (!policy && policy.error().code == ErrorCode::kNotFound) continue;
    if (!policy) return policy.error();
    const std::string text = text_of(*policy, member);
    auto parsed = json::parse(text);
    real[property] = std::string_view(property) == "LifecyclePolicy"
                         ? json::Value(json::Object{{"LifecyclePolicyText", text}})
                         : (parsed ? std::move(*parsed) : json::Value(text));
  }
  STATOR_TRY(const json::Object tags,
             context.api.call(kService, "ListTagsForResource",
                              {{"resourceArn", text_of(repository.attributes, "Arn")}}));
  real["Tags"] = real_tags(context, repository.properties, tags_by_key(json::find(tags, "tags")));
  return compared(repository.properties, real,
                  {"RepositoryName", "ImageTagMutability", "ImageScanningConfiguration",
                   "LifecyclePolicy", "RepositoryPolicyText", "Tags"});
}

}  // namespace

ResourceType ecr_repository() {
  constexpr auto kInPlace = OnChange::kInPlace;
  constexpr auto kReplace = OnChange::kReplace;
  return {.name = "AWS::ECR::Repository",
          .properties = {{"RepositoryName", false, kReplace},
                         {"EncryptionConfiguration", false, kReplace},
                         {"ImageTagMutability", false, kInPlace},
                         {"ImageScanningConfiguration", false, kInPlace},
                         {"LifecyclePolicy", false, kInPlace},
                         {"RepositoryPolicyText", false, kInPlace},
                         {"EmptyOnDelete", false, kInPlace},
                         {"Tags", false, kInPlace}},
          .attributes = {"Arn", "RepositoryUri"},
          .create = create,
          .remove = remove,
          .update = update,
          .read = read};
}

}  // namespace stator::cloudformation::resources
