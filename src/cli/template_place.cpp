#include "cli/template_place.hpp"

#include <filesystem>

#include "base/file.hpp"
#include "cloudformation/yaml_loader.hpp"
#include "json/yaml_lines.hpp"

namespace stator::cli {
namespace {

constexpr std::string_view kVersion = "2010-05-15";
constexpr std::string_view kSamFunction = "AWS::Serverless::Function", kRole = "AWS::IAM::Role";
constexpr std::size_t kTemplateBytesMax = 1u << 20, kStacksMax = 500;

std::string text(const json::Object& object, std::string_view name) {
  return json::find_string(object, name).value_or("");
}

const json::Object* object_at(const json::Object* object, std::string_view name) {
  const json::Value* value = object == nullptr ? nullptr : json::find(*object, name);
  return value != nullptr && value->is_object() ? &value->get_object() : nullptr;
}

std::vector<const json::Object*> objects_at(const json::Object& object, std::string_view name) {
  std::vector<const json::Object*> items;
  const json::Value* value = json::find(object, name);
  if (value == nullptr || !value->is_array()) return items;
  for (const json::Value& item : value->get_array()) {
    if (item.is_object()) items.push_back(&item.get_object());
  }
  return items;
}

/// SAM's function makes the role "FUNCTIONRole" with the policies "FUNCTIONRolePolicyNUMBER".
std::optional<TemplatePath> sam_path(const json::Object& resources, const StackResource& role,
                                     const PolicyStatement& statement) {
  constexpr std::string_view kSuffix = "Role", kPolicy = "Policy";
  if (!role.logical_id.ends_with(kSuffix)) return std::nullopt;
  const std::string function = role.logical_id.substr(0, role.logical_id.size() - kSuffix.size());
  const json::Object* resource = object_at(&resources, function);
  if (resource == nullptr || text(*resource, "Type") != kSamFunction) return std::nullopt;
  const std::string prefix = role.logical_id + std::string(kPolicy);
  if (!statement.policy.starts_with(prefix)) {
    return TemplatePath{function, {"Resources", function, "Properties", "Policies"}};
  }
  return TemplatePath{
      function,
      {"Resources", function, "Properties", "Policies", statement.policy.substr(prefix.size()),
       "Statement", std::to_string(statement.number - 1)}};
}

/// The item of a role's Policies that has the name; the last that may have it where the name is
/// made by a function.
std::optional<TemplatePath> role_path(const json::Object& resource, const StackResource& role,
                                      const PolicyStatement& statement) {
  const json::Object* properties = object_at(&resource, "Properties");
  if (properties == nullptr) return std::nullopt;
  std::optional<std::size_t> index;
  std::size_t number = 0;
  const json::Value* policies = json::find(*properties, "Policies");
  if (policies != nullptr && policies->is_array()) {
    for (const json::Value& item : policies->get_array()) {
      const json::Value* name =
          item.is_object() ? json::find(item.get_object(), "PolicyName") : nullptr;
      const bool is_computed = name != nullptr && !name->is_string() && !index;
      if (is_computed || (name != nullptr && name->is_string() &&
                          json::view(name->get_string()) == statement.policy)) {
        index = number;
      }
      ++number;
    }
  }
  TemplatePath path{role.logical_id, {"Resources", role.logical_id, "Properties"}};
  if (!index) {
    path.steps.emplace_back("ManagedPolicyArns");
    return path;
  }
  for (std::string step :
       {std::string("Policies"), std::to_string(*index), std::string("PolicyDocument"),
        std::string("Statement"), std::to_string(statement.number - 1)}) {
    path.steps.push_back(std::move(step));
  }
  return path;
}

bool is_policy_itself(const StackResource& resource, const PolicyStatement& statement) {
  return (resource.type == "AWS::IAM::Policy" || resource.type == "AWS::IAM::ManagedPolicy" ||
          resource.type == "AWS::IAM::RolePolicy") &&
         resource.physical_id == statement.policy;
}

}  // namespace

std::optional<TemplatePath> path_to(const json::Object& template_body,
                                    const StackResource& resource,
                                    const PolicyStatement& statement) {
  const json::Object* resources = object_at(&template_body, "Resources");
  if (resources == nullptr) return std::nullopt;
  const json::Object* written = object_at(resources, resource.logical_id);
  if (is_policy_itself(resource, statement)) {
    return TemplatePath{resource.logical_id,
                        {"Resources", resource.logical_id, "Properties", "PolicyDocument",
                         "Statement", std::to_string(statement.number - 1)}};
  }
  return written != nullptr ? role_path(*written, resource, statement)
                            : sam_path(*resources, resource, statement);
}

Result<void> TemplatePlaces::load() {
  if (is_loaded_) return {};
  STATOR_TRY(const auto stacks, client_.query("cloudformation", kVersion, "ListStacks", {}));
  std::size_t count = 0;
  for (const json::Object* stack : objects_at(stacks, "StackSummaries")) {
    if (text(*stack, "StackStatus") == "DELETE_COMPLETE" || ++count > kStacksMax) continue;
    const std::string name = text(*stack, "StackName");
    const auto answer =
        client_.query("cloudformation", kVersion, "DescribeStackResources", {{"StackName", name}});
    if (!answer) continue;  // it may be gone since
    for (const json::Object* resource : objects_at(*answer, "StackResources")) {
      resources_.push_back({name, text(*resource, "LogicalResourceId"),
                            text(*resource, "PhysicalResourceId"),
                            text(*resource, "ResourceType")});
    }
  }
  is_loaded_ = true;
  return {};
}

Result<std::optional<TemplatePlace>> TemplatePlaces::find(const PolicyStatement& statement) {
  STATOR_TRY_VOID(load());
  const StackResource* found = nullptr;
  for (const StackResource& resource : resources_) {
    // A policy that is a resource of its own says more than the role that has it.
    if (is_policy_itself(resource, statement)) found = &resource;
    if (found == nullptr && resource.type == kRole && resource.physical_id == statement.role) {
      found = &resource;
    }
  }
  if (found == nullptr) return std::optional<TemplatePlace>();
  STATOR_TRY(const auto answer, client_.query("cloudformation", kVersion, "GetTemplate",
                                              {{"StackName", found->stack}}));
  const std::string kept = text(answer, "TemplateBody");
  STATOR_TRY(const json::Object body, cloudformation::load_template(kept));
  TemplatePlace place{.stack = found->stack, .logical_id = found->logical_id, .file = {}};
  const auto path = path_to(body, *found, statement);
  if (!path) return std::optional(std::move(place));
  place.logical_id = path->logical_id;
  if (const json::Object* metadata = object_at(&body, "Metadata")) {
    const std::string file = text(*metadata, kTemplateMetadata);
    const auto contents = read_file(file, kTemplateBytesMax);
    if (!file.empty() && contents) {
      place.file = file;
      place.line = json::line_of(*contents, path->steps).value_or(0);
      return std::optional(std::move(place));
    }
  }
  place.line = json::line_of(kept, path->steps).value_or(0);
  return std::optional(std::move(place));
}

}  // namespace stator::cli
