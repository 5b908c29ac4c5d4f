#include "ecr/members.hpp"

#include "aws/arn.hpp"
#include "aws/tag_keys.hpp"
#include "base/regex.hpp"
#include "ecr/errors.hpp"

namespace stator::ecr {
namespace {

constexpr std::size_t kNamesMax = 100;
constexpr std::string_view kArnResource = "repository/";
constexpr std::string_view kNamePattern =
    "(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*";

Result<RepositoryName> checked(const aws::Call& call, std::string name) {
  STATOR_TRY(const auto pattern, Regex::parse(kNamePattern));
  if (name.size() < 2 || name.size() > 256 || !pattern.matches(name)) {
    return invalid_parameter(
        "Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular "
        "expression '" +
        std::string(kNamePattern) + "''");
  }
  return RepositoryName{call.account, call.region, std::move(name)};
}

}  // namespace

Result<void> check_registry(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto registry, input.text("registryId"));
  if (registry && *registry != call.account) return not_supported("other accounts' registries");
  return {};
}

Result<RepositoryName> name_of(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(check_registry(call, input));
  STATOR_TRY(auto name, input.required_text("repositoryName"));
  return checked(call, std::move(name));
}

Result<RepositoryName> resource_of(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto text, input.required_text("resourceArn"));
  STATOR_TRY(const auto arn, aws::Arn::parse(text));
  if (arn.service != "ecr" || !arn.resource.starts_with(kArnResource)) {
    return invalid_parameter("'" + text + "' is not the ARN of a repository");
  }
  if (arn.account != call.account || arn.region != call.region) {
    return not_supported("repositories of another account or region");
  }
  return checked(call, std::string(arn.resource.substr(kArnResource.size())));
}

Result<std::vector<RepositoryName>> names_of(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(check_registry(call, input));
  STATOR_TRY(const auto texts, input.text_list("repositoryNames"));
  if (texts.size() > kNamesMax) {
    return invalid_parameter("repositoryNames has at most 100 elements");
  }
  std::vector<RepositoryName> names;
  for (const auto& text : texts) {
    STATOR_TRY(auto name, checked(call, text));
    names.push_back(std::move(name));
  }
  return names;
}

Error too_many_tags() {
  return ecr_error(ErrorCode::kInvalid, "TooManyTagsException",
                   "A repository can have at most 50 tags");
}

Result<std::map<std::string, std::string>> tags_of(const aws::Input& input) {
  STATOR_TRY(const json::Array* list, input.array("tags"));
  std::map<std::string, std::string> tags;
  if (list == nullptr) return tags;
  for (const auto& item : *list) {
    const auto* key = item.is_object() ? item.get_object().if_contains("Key") : nullptr;
    const auto* value = item.is_object() ? item.get_object().if_contains("Value") : nullptr;
    if (key == nullptr || !key->is_string() || value == nullptr || !value->is_string() ||
        key->get_string().empty() || key->get_string().size() > 128 ||
        value->get_string().size() > 256) {
      return ecr_error(ErrorCode::kInvalid, "InvalidTagParameterException",
                       "Tag keys must have 1 to 128 characters and values at most 256");
    }
    tags[std::string(json::view(key->get_string()))] = json::view(value->get_string());
  }
  if (tags.size() > Repositories::kTagsMax) return too_many_tags();
  return tags;
}

Result<std::string> mutability_of(const aws::Input& input) {
  STATOR_TRY(const auto mutability, input.text("imageTagMutability"));
  if (!mutability) return std::string("MUTABLE");
  if (*mutability == "MUTABLE" || *mutability == "IMMUTABLE") return *mutability;
  if (mutability->ends_with("_WITH_EXCLUSION")) return not_supported(*mutability);
  return invalid_parameter("imageTagMutability must be MUTABLE or IMMUTABLE");
}

Result<bool> scanning_of(const aws::Input& input) {
  STATOR_TRY(const json::Object* object, input.object("imageScanningConfiguration"));
  if (object == nullptr) return false;
  const auto configuration = input.nested(*object);
  STATOR_TRY_VOID(configuration.allow_only({"scanOnPush"}));
  STATOR_TRY(const auto is_scanned, configuration.boolean("scanOnPush"));
  return is_scanned.value_or(false);
}

Result<aws::Needs> needs_of(std::string_view action, const Repositories& repositories,
                            const RepositoryName& name, const aws::Input& input) {
  aws::Permission need{"ecr:" + std::string(action), repository_arn(name)};
  auto repository = repositories.find(name);
  if (!repository && repository.error().code != ErrorCode::kNotFound) return repository.error();
  if (repository && !repository->policy.empty()) {
    STATOR_TRY(need.resource_policy, compile_policy(repository->policy));
  }
  const auto tags = repository ? repository->tags : std::map<std::string, std::string>();
  need.keys = [&input, tags] {
    aws::ConditionKeys keys;
    aws::append_resource_tags(tags, keys);
    for (const auto& [key, value] : tags) keys.push_back({"ecr:ResourceTag/" + key, {value}});
    aws::append_request_tags(input, "tags", "tagKeys", keys);
    return keys;
  };
  return aws::Needs{std::move(need)};
}

json::Object name_members(const RepositoryName& name) {
  return {{"registryId", name.account}, {"repositoryName", name.name}};
}

json::Object describe(const RepositoryName& name, const Repository& repository) {
  auto out = name_members(name);
  out["repositoryArn"] = repository_arn(name);
  out["repositoryUri"] = name.account + ".dkr.ecr." + name.region + ".amazonaws.com/" + name.name;
  out["createdAt"] = static_cast<double>(repository.created_ms) / 1'000;
  out["imageTagMutability"] = repository.tag_mutability;
  out["imageScanningConfiguration"] = json::Object{{"scanOnPush", repository.is_scanned_on_push}};
  out["encryptionConfiguration"] = json::Object{{"encryptionType", "AES256"}};
  return out;
}

}  // namespace stator::ecr
