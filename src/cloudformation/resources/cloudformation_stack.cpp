#include "cloudformation/nested.hpp"
#include "cloudformation/resources/resources.hpp"
#include "cloudformation/template_url.hpp"

namespace stator::cloudformation::resources {
namespace {

constexpr std::size_t kNameMax = 128;
constexpr std::int64_t kMinuteMs = 60'000;

/// Parameters of nested stacks are texts, or lists that are joined to one.
Result<GivenParameters> parameters_of(const json::Object& properties) {
  GivenParameters parameters;
  const json::Value* given = json::find(properties, "Parameters");
  if (given == nullptr) return parameters;
  if (!given->is_object()) return invalid("Parameters must be an object");
  const auto text = [](const json::Value& value) {
    return value.is_string() ? std::string(json::view(value.get_string())) : json::dump(value);
  };
  for (const auto& member : given->get_object()) {
    std::string joined;
    if (member.value().is_object()) return invalid("Value of property Parameters must be text");
    if (member.value().is_array()) {
      for (const json::Value& item : member.value().get_array()) {
        joined += (joined.empty() ? "" : ",") + text(item);
      }
    } else {
      joined = text(member.value());
    }
    parameters.emplace(std::string(member.key()), std::move(joined));
  }
  return parameters;
}

/// The outer stack's tags are the nested one's too; its own win.
json::Array tags_of(const ResourceContext& context, const json::Object& properties) {
  json::Object map;
  for (const json::Array* list : {&context.stack_tags}) {
    for (const auto& member : tag_map({{"Tags", *list}})) map[member.key()] = member.value();
  }
  for (const auto& member : tag_map(properties)) map[member.key()] = member.value();
  json::Array tags;
  for (const auto& member : map) {
    tags.push_back(json::Object{{"Key", json::Value(member.key())}, {"Value", member.value()}});
  }
  return tags;
}

Result<NestedRequest> read(ResourceContext& context, const json::Object& properties) {
  if (context.nested == nullptr) return unsupported("stator does not nest stacks here");
  const json::Value* topics = json::find(properties, "NotificationARNs");
  if (topics != nullptr && !(topics->is_array() && topics->get_array().empty())) {
    return unsupported("stator does not support NotificationARNs: it has no SNS");
  }
  NestedRequest request;
  STATOR_TRY(request.template_body, read_template(context.api, text_of(properties, "TemplateURL")));
  STATOR_TRY(request.parameters, parameters_of(properties));
  request.tags = tags_of(context, properties);
  const json::Value* minutes = json::find(properties, "TimeoutInMinutes");
  if (minutes != nullptr) {
    const std::string text =
        minutes->is_string() ? text_of(properties, "TimeoutInMinutes") : json::dump(*minutes);
    const bool is_number =
        !text.empty() && text.size() < 6 && text.find_first_not_of("0123456789") == text.npos;
    if (!is_number) return invalid("TimeoutInMinutes must be a number");
    request.timeout_ms = std::stoll(text) * kMinuteMs;
  }
  return request;
}

/// An error in AWS's words unless the nested stack stands as it should.
Result<void> check(const NestedStack& stack, std::string_view wanted, const char* what) {
  if (stack.status.starts_with(wanted)) return {};
  return invalid("Embedded stack " + stack.id + " was not successfully " + what +
                 ". Currently in " + stack.status + " with reason: " + stack.reason);
}

Result<void> create(ResourceContext& context, const json::Object& properties) {
  STATOR_TRY(NestedRequest request, read(context, properties));
  request.name = context.generate_name(kNameMax);
  STATOR_TRY(const NestedStack made, context.nested->create(request, [&](const std::string& id) {
    return context.exists({id, {}, properties});
  }));
  STATOR_TRY_VOID(check(made, "CREATE_COMPLETE", "created"));
  return context.exists({made.id, made.attributes, properties});
}

Result<void> update(ResourceContext& context, const Existing& stack,
                    const json::Object& properties) {
  STATOR_TRY(const NestedRequest request, read(context, properties));
  STATOR_TRY(const NestedStack now, context.nested->update(stack.physical_id, request));
  STATOR_TRY_VOID(check(now, "UPDATE_COMPLETE", "updated"));
  return context.exists({now.id, now.attributes, properties});
}

Result<void> undo(ResourceContext& context, const Existing& stack, const json::Object& properties) {
  STATOR_TRY(const NestedStack now, context.nested->undo(stack.physical_id));
  if (now.status.ends_with("_FAILED")) {
    STATOR_TRY_VOID(check(now, "UPDATE_ROLLBACK_COMPLETE", "updated"));
  }
  return context.exists({now.id, now.attributes, properties});
}

Result<void> settle(ResourceContext& context, const Existing& stack) {
  STATOR_TRY(const NestedStack now, context.nested->settle(stack.physical_id));
  (void)now;
  return {};
}

Result<void> remove(ResourceContext& context, const Existing& stack) {
  if (context.nested == nullptr) return unsupported("stator does not nest stacks here");
  STATOR_TRY(const NestedStack now, context.nested->remove(stack.physical_id));
  return check(now, "DELETE_COMPLETE", "deleted");
}

}  // namespace

ResourceType cloudformation_stack() {
  constexpr auto kInPlace = OnChange::kInPlace;
  return {.name = "AWS::CloudFormation::Stack",
          .properties = {{"TemplateURL", true, kInPlace},
                         {"Parameters", false, kInPlace},
                         {"TimeoutInMinutes", false, kInPlace},
                         {"NotificationARNs", false, kInPlace},
                         {"Tags", false, kInPlace}},
          .attributes = {"Outputs.*"},
          .create = create,
          .remove = remove,
          .update = update,
          .undo = undo,
          .settle = settle};
}

}  // namespace stator::cloudformation::resources
