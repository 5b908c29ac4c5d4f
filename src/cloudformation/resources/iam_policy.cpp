#include <algorithm>

#include "cloudformation/resources/iam.hpp"
#include "cloudformation/resources/resources.hpp"
#include "cloudformation/resources/shared.hpp"

/// AWS::IAM::Policy, an inline policy of several, and RolePolicy, UserPolicy and GroupPolicy, of
/// one.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-policy.html
namespace stator::cloudformation::resources {
namespace {

using namespace iam;

constexpr std::size_t kNameMax = 128;
constexpr Kind kKinds[] = {kRole, kUser, kGroup};

bool has(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

Result<void> put(ResourceContext& context, const json::Object& properties) {
  for (const Kind& kind : kKinds) {
    for (const std::string& name : texts_at(properties, kind.list)) {
      STATOR_TRY_VOID(put_inline(context, kind, name, text_of(properties, "PolicyName"),
                                 document_text(properties, "PolicyDocument")));
    }
  }
  return {};
}

Result<void> create(ResourceContext& context, const json::Object& properties) {
  const bool is_for_nobody =
      std::all_of(std::begin(kKinds), std::end(kKinds),
                  [&](const Kind& kind) { return texts_at(properties, kind.list).empty(); });
  if (is_for_nobody) return invalid("At least one of [Groups,Roles,Users] must be non-empty.");
  // Putting is idempotent and taking away what was not put is harmless, so it exists from here.
  const std::string id = context.generate_name(kNameMax);
  STATOR_TRY_VOID(context.exists({id, {{"Id", id}}, properties}));
  return put(context, properties);
}

Result<void> remove(ResourceContext& context, const Existing& policy) {
  for (const Kind& kind : kKinds) {
    for (const std::string& name : texts_at(policy.properties, kind.list)) {
      STATOR_TRY_VOID(take_inline(context, kind, name, text_of(policy.properties, "PolicyName")));
    }
  }
  return {};
}

Result<void> update(ResourceContext& context, const Existing& policy,
                    const json::Object& properties) {
  STATOR_TRY_VOID(put(context, properties));
  const std::string old = text_of(policy.properties, "PolicyName");
  const bool is_renamed = old != text_of(properties, "PolicyName");
  for (const Kind& kind : kKinds) {
    const auto wanted = texts_at(properties, kind.list);
    for (const std::string& name : texts_at(policy.properties, kind.list)) {
      if (is_renamed || !has(wanted, name)) {
        STATOR_TRY_VOID(take_inline(context, kind, name, old));
      }
    }
  }
  return context.exists({policy.physical_id, policy.attributes, properties});
}

/// The document, where all that should have it have the same, and who has it.
Result<json::Object> read(ResourceContext& context, const Existing& policy) {
  json::Object real = picked(policy.properties, {"PolicyName"});
  const std::string wanted = document_text(policy.properties, "PolicyDocument");
  bool is_there = false;
  for (const Kind& kind : kKinds) {
    json::Array holders;
    for (const std::string& name : texts_at(policy.properties, kind.list)) {
      STATOR_TRY(json::Value now, read_inline(context, kind, name, text_of(real, "PolicyName")));
      if (now.is_null()) continue;
      holders.push_back(json::Value(name));
      if (!is_there || json::dump(now) != wanted) real["PolicyDocument"] = std::move(now);
      is_there = true;
    }
    real[kind.list] = std::move(holders);
  }
  if (!is_there) return not_found("The policy is gone");
  return compared(policy.properties, real,
                  {"PolicyName", "PolicyDocument", "Roles", "Users", "Groups"});
}

/// PolicyName|RoleName
std::string id_of(const Kind& kind, const json::Object& properties) {
  return text_of(properties, "PolicyName") + "|" + text_of(properties, kind.member);
}

/// The one policy of one role, user or group.
ResourceType policy_of(const Kind& kind, std::string_view type) {
  const auto set = [kind](ResourceContext& context, const json::Object& properties) {
    return put_inline(context, kind, text_of(properties, kind.member),
                      text_of(properties, "PolicyName"),
                      document_text(properties, "PolicyDocument"));
  };
  ResourceType out{.name = type,
                   .properties = {{"PolicyName", true, OnChange::kReplace},
                                  {kind.member, true, OnChange::kReplace},
                                  {"PolicyDocument", true, OnChange::kInPlace}},
                   .attributes = {},
                   .capability = "CAPABILITY_IAM",
                   .create = nullptr,
                   .remove = nullptr};
  out.create = [kind, set](ResourceContext& context,
                           const json::Object& properties) -> Result<void> {
    STATOR_TRY_VOID(set(context, properties));
    return context.exists({id_of(kind, properties), {}, properties});
  };
  out.update = [set](ResourceContext& context, const Existing& policy,
                     const json::Object& properties) -> Result<void> {
    STATOR_TRY_VOID(set(context, properties));
    return context.exists({policy.physical_id, policy.attributes, properties});
  };
  out.remove = [kind](ResourceContext& context, const Existing& policy) {
    return take_inline(context, kind, text_of(policy.properties, kind.member),
                       text_of(policy.properties, "PolicyName"));
  };
  out.read = [kind](ResourceContext& context, const Existing& policy) -> Result<json::Object> {
    STATOR_TRY(json::Value now, read_inline(context, kind, text_of(policy.properties, kind.member),
                                            text_of(policy.properties, "PolicyName")));
    if (now.is_null()) return not_found("The policy is gone");
    return compared(policy.properties, json::Object{{"PolicyDocument", std::move(now)}},
                    {"PolicyDocument"});
  };
  return out;
}

}  // namespace

ResourceType iam_policy() {
  constexpr auto kInPlace = OnChange::kInPlace;
  return {.name = "AWS::IAM::Policy",
          .properties = {{"PolicyName", true, kInPlace},
                         {"PolicyDocument", true, kInPlace},
                         {"Roles", false, kInPlace},
                         {"Users", false, kInPlace},
                         {"Groups", false, kInPlace}},
          .attributes = {"Id"},
          .capability = "CAPABILITY_IAM",
          .create = create,
          .remove = remove,
          .update = update,
          .read = read};
}

ResourceType iam_role_policy() {
  return policy_of(kRole, "AWS::IAM::RolePolicy");
}
ResourceType iam_user_policy() {
  return policy_of(kUser, "AWS::IAM::UserPolicy");
}
ResourceType iam_group_policy() {
  return policy_of(kGroup, "AWS::IAM::GroupPolicy");
}

}  // namespace stator::cloudformation::resources
