#include "cloudformation/resources/iam.hpp"

#include <map>
#include <set>

#include "base/bytes.hpp"
#include "cloudformation/resources/shared.hpp"

namespace stator::cloudformation::resources::iam {
namespace {

/// Name to document.
std::map<std::string, std::string> inline_policies(const json::Object& properties) {
  std::map<std::string, std::string> policies;
  const json::Value* list = json::find(properties, "Policies");
  if (list == nullptr || !list->is_array()) return policies;
  for (const json::Value& item : list->get_array()) {
    if (!item.is_object()) continue;
    policies[text_of(item.get_object(), "PolicyName")] =
        document_text(item.get_object(), "PolicyDocument");
  }
  return policies;
}

std::set<std::string> managed_policies(const json::Object& properties) {
  const auto arns = texts_at(properties, "ManagedPolicyArns");
  return {arns.begin(), arns.end()};
}

std::string operation(std::string_view verb, const Kind& kind, std::string_view what = "") {
  return std::string(verb) + std::string(kind.title) + std::string(what);
}

Result<void> call(ResourceContext& context, const std::string& name, json::Object input) {
  STATOR_TRY_VOID(context.api.call(kService, name, std::move(input)));
  return {};
}

Result<void> attach(ResourceContext& context, const Kind& kind, const std::string& name,
                    const std::string& arn) {
  return call(context, operation("Attach", kind, "Policy"),
              target(kind, name, {{"PolicyArn", arn}}));
}

Result<void> detach(ResourceContext& context, const Kind& kind, const std::string& name,
                    const std::string& arn) {
  return gone(context.api.call(kService, operation("Detach", kind, "Policy"),
                               target(kind, name, {{"PolicyArn", arn}})));
}

Result<void> update_boundary(ResourceContext& context, const Kind& kind, const Existing& existing,
                             const json::Object& properties) {
  constexpr std::string_view kBoundary = "PermissionsBoundary";
  if (!differs(existing.properties, properties, kBoundary)) return {};
  if (json::find(properties, kBoundary) == nullptr) {
    return gone(context.api.call(kService, operation("Delete", kind, kBoundary),
                                 target(kind, existing.physical_id)));
  }
  return call(context, operation("Put", kind, kBoundary),
              target(kind, existing.physical_id, picked(properties, {kBoundary})));
}

Result<void> update_tags(ResourceContext& context, const Kind& kind, const Existing& existing,
                         const json::Object& properties) {
  TagChange change = tag_change(context, existing, properties);
  const std::string& name = existing.physical_id;
  if (!change.dropped.empty()) {
    STATOR_TRY_VOID(call(context, operation("Untag", kind),
                         target(kind, name, {{"TagKeys", std::move(change.dropped)}})));
  }
  if (change.set.empty()) return {};
  return call(context, operation("Tag", kind),
              target(kind, name, {{"Tags", tag_list(change.set)}}));
}

Result<json::Value> attached_policies(ResourceContext& context, const Kind& kind,
                                      const std::string& name) {
  STATOR_TRY(const json::Object answer,
             context.api.call(kService, "ListAttached" + std::string(kind.title) + "Policies",
                              target(kind, name, {{"MaxItems", 1'000}})));
  json::Array arns;
  const json::Value* list = json::find(answer, "AttachedPolicies");
  if (list != nullptr && list->is_array()) {
    for (const json::Value& policy : list->get_array()) {
      if (policy.is_object())
        arns.push_back(json::Value(text_of(policy.get_object(), "PolicyArn")));
    }
  }
  return json::Value(std::move(arns));
}

}  // namespace

json::Object target(const Kind& kind, const std::string& name, json::Object more) {
  more[kind.member] = name;
  return more;
}

Result<void> check_lists(const json::Object& properties) {
  for (const char* name : {"Policies", "ManagedPolicyArns"}) {
    const json::Value* list = json::find(properties, name);
    if (list != nullptr && !list->is_array()) return invalid(std::string(name) + " must be a list");
  }
  return {};
}

Result<void> add_policies(ResourceContext& context, const Kind& kind, const std::string& name,
                          const json::Object& properties) {
  for (const std::string& arn : managed_policies(properties)) {
    STATOR_TRY_VOID(attach(context, kind, name, arn));
  }
  for (const auto& [policy, document] : inline_policies(properties)) {
    STATOR_TRY_VOID(put_inline(context, kind, name, policy, document));
  }
  return {};
}

Result<void> drop_policies(ResourceContext& context, const Kind& kind, const Existing& existing) {
  for (const std::string& arn : managed_policies(existing.properties)) {
    STATOR_TRY_VOID(detach(context, kind, existing.physical_id, arn));
  }
  for (const auto& [policy, document] : inline_policies(existing.properties)) {
    STATOR_TRY_VOID(take_inline(context, kind, existing.physical_id, policy));
  }
  return {};
}

Result<void> update_principal(ResourceContext& context, const Kind& kind, const Existing& existing,
                              const json::Object& properties) {
  STATOR_TRY_VOID(check_lists(properties));
  const std::string& name = existing.physical_id;
  const auto new_arns = managed_policies(properties);
  const auto old_arns = managed_policies(existing.properties);
  const auto wanted = inline_policies(properties), old = inline_policies(existing.properties);
  for (const std::string& arn : new_arns) {
    if (!old_arns.contains(arn)) STATOR_TRY_VOID(attach(context, kind, name, arn));
  }
  for (const auto& [policy, document] : wanted) {
    const auto before = old.find(policy);
    if (before != old.end() && before->second == document) continue;
    STATOR_TRY_VOID(put_inline(context, kind, name, policy, document));
  }
  for (const std::string& arn : old_arns) {
    if (!new_arns.contains(arn)) STATOR_TRY_VOID(detach(context, kind, name, arn));
  }
  for (const auto& [policy, document] : old) {
    if (!wanted.contains(policy)) STATOR_TRY_VOID(take_inline(context, kind, name, policy));
  }
  if (kind.title == kGroup.title) return {};
  STATOR_TRY_VOID(update_boundary(context, kind, existing, properties));
  return update_tags(context, kind, existing, properties);
}

Result<json::Object> read_principal(ResourceContext& context, const Kind& kind,
                                    const Existing& existing) {
  const std::string& name = existing.physical_id;
  STATOR_TRY(const json::Object answer,
             context.api.call(kService, operation("Get", kind), target(kind, name)));
  STATOR_TRY(json::Object real, object_in(answer, operation("Get", kind), kind.title));
  STATOR_TRY(real["ManagedPolicyArns"], attached_policies(context, kind, name));
  json::Array policies;
  for (const auto& [policy, document] : inline_policies(existing.properties)) {
    STATOR_TRY(json::Value now, read_inline(context, kind, name, policy));
    if (now.is_null()) continue;
    policies.push_back(json::Object{{"PolicyName", policy}, {"PolicyDocument", std::move(now)}});
  }
  real["Policies"] = std::move(policies);
  const json::Object boundary = object_at(real, "PermissionsBoundary");
  real.erase("PermissionsBoundary");
  merge(real, renamed(boundary, {{"PermissionsBoundaryArn", "PermissionsBoundary"}}));
  real["Tags"] = real_tags(context, existing.properties, tags_by_key(json::find(real, "Tags")));
  return real;
}

Result<void> put_inline(ResourceContext& context, const Kind& kind, const std::string& name,
                        const std::string& policy, const std::string& document) {
  return call(context, operation("Put", kind, "Policy"),
              target(kind, name, {{"PolicyName", policy}, {"PolicyDocument", document}}));
}

Result<void> take_inline(ResourceContext& context, const Kind& kind, const std::string& name,
                         const std::string& policy) {
  return gone(context.api.call(kService, operation("Delete", kind, "Policy"),
                               target(kind, name, {{"PolicyName", policy}})));
}

Result<json::Value> read_inline(ResourceContext& context, const Kind& kind, const std::string& name,
                                const std::string& policy) {
  const auto answer = context.api.call(kService, operation("Get", kind, "Policy"),
                                       target(kind, name, {{"PolicyName", policy}}));
  if (!answer && answer.error().code == ErrorCode::kNotFound) return json::Value();
  if (!answer) return answer.error();
  return decoded_document(*answer, "PolicyDocument");
}

json::Value decoded_document(const json::Object& answer, std::string_view member) {
  const std::string encoded = text_of(answer, member);
  const auto decoded = percent_decode(encoded);
  auto parsed = json::parse(decoded.value_or(encoded));
  return parsed ? std::move(*parsed) : json::Value(encoded);
}

}  // namespace stator::cloudformation::resources::iam
