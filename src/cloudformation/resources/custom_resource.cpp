#include <algorithm>
#include <charconv>

#include "base/ids.hpp"
#include "cloudformation/custom_responses.hpp"
#include "cloudformation/resources/resources.hpp"
#include "cloudformation/resources/shared.hpp"

/// AWS::CloudFormation::CustomResource and Custom::ANY, which a function makes.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref.html
namespace stator::cloudformation::resources {
namespace {

constexpr std::size_t kNameMax = 255;
constexpr std::int64_t kTimeoutMaxS = 3'600;
/// How often a wait looks whether the server stops.
constexpr std::chrono::milliseconds kLookEvery{500};

/// A template's scalars reach the function as text.
json::Value as_texts(const json::Value& value) {
  if (value.is_object()) {
    json::Object out;
    for (const auto& member : value.get_object()) out[member.key()] = as_texts(member.value());
    return out;
  }
  if (value.is_array()) {
    json::Array out;
    for (const json::Value& item : value.get_array()) out.push_back(as_texts(item));
    return out;
  }
  return value.is_string() || value.is_null() ? value : json::Value(json::dump(value));
}

Result<std::chrono::milliseconds> timeout_of(const json::Object& properties) {
  const json::Value* given = json::find(properties, "ServiceTimeout");
  if (given == nullptr) return std::chrono::seconds(kTimeoutMaxS);
  const json::Value text = as_texts(*given);
  std::int64_t seconds = 0;
  const std::string_view digits = text.is_string() ? json::view(text.get_string()) : "";
  const auto [end, failure] = std::from_chars(digits.begin(), digits.end(), seconds);
  if (failure != std::errc() || end != digits.end() || seconds < 1 || seconds > kTimeoutMaxS) {
    return invalid("ServiceTimeout must be a number of seconds from 1 to 3600");
  }
  return std::chrono::seconds(seconds);
}

/// What the function is asked, apart from where and under which id it answers.
struct Question {
  std::string_view type;  ///< "Create"
  const json::Object& properties;
  std::string physical_id = {};
  const json::Object* old_properties = nullptr;
};

struct Answer {
  std::string physical_id;  ///< "" where a failure gives none
  json::Object data;
  std::string failure;  ///< "" for success
};

Result<Answer> read_answer(std::string_view text, const json::Object& event) {
  if (text.size() > CustomResponses::kBytesMax) return invalid("Response object is too long.");
  const auto parsed = json::parse_object(text);
  if (!parsed) return invalid("Invalid Response object: it is not JSON.");
  for (const char* member : {"StackId", "RequestId", "LogicalResourceId"}) {
    if (text_of(*parsed, member) != text_of(event, member)) {
      return invalid("Invalid Response object: Value of property " + std::string(member) +
                     " must be the request's.");
    }
  }
  Answer answer{text_of(*parsed, "PhysicalResourceId"), object_at(*parsed, "Data"), ""};
  const std::string status = text_of(*parsed, "Status");
  if (status == "FAILED") {
    answer.failure = "Received response status [FAILED] from custom resource. Message returned: " +
                     text_of(*parsed, "Reason") + " (RequestId: " + text_of(event, "RequestId") +
                     ")";
  } else if (status != "SUCCESS") {
    return invalid("Invalid Response object: Value of property Status must be SUCCESS or FAILED.");
  } else if (answer.physical_id.empty()) {
    return invalid("Invalid PhysicalResourceId");
  }
  return answer;
}

Result<std::string> await(const ResourceContext& context, CustomResponses::Awaited& awaited,
                          std::chrono::milliseconds timeout, const std::string& request_id) {
  for (auto left = timeout; left.count() > 0; left -= kLookEvery) {
    if (context.is_stopping && context.is_stopping()) return unavailable("the server is stopping");
    if (auto text = awaited.wait(std::min(left, kLookEvery))) return std::move(*text);
  }
  return Error{
      ErrorCode::kTimeout,
      "CloudFormation did not receive a response from your Custom Resource. Please check "
      "your logs for requestId [" +
          request_id +
          "]. If you are using the Python cfn-response module, you may need to update your "
          "Lambda function code so that CloudFormation can attach the updated version."};
}

/// Asks the function and waits for what it answers. `was_asked` tells an error before the function
/// was called from one after.
Result<Answer> ask(ResourceContext& context, const Question& question, bool* was_asked = nullptr) {
  const std::string function = text_of(question.properties, "ServiceToken");
  if (function.find(":lambda:") == std::string::npos) {
    return unsupported("stator knows no other ServiceToken than a Lambda function's ARN: '" +
                       function + "'");
  }
  if (context.responses == nullptr) return unsupported("Custom resources are not served here");
  STATOR_TRY(const auto timeout, timeout_of(question.properties));
  const auto awaited = context.responses->open();
  json::Object event{
      {"RequestType", question.type},       {"ServiceToken", function},
      {"ResponseURL", awaited->url()},      {"StackId", context.stack_id},
      {"RequestId", uuid4(context.random)}, {"LogicalResourceId", context.logical_id}};
  if (!question.physical_id.empty()) event["PhysicalResourceId"] = question.physical_id;
  event["ResourceType"] = context.type;
  event["ResourceProperties"] = as_texts(question.properties);
  if (question.old_properties != nullptr) {
    event["OldResourceProperties"] = as_texts(*question.old_properties);
  }
  STATOR_TRY_VOID(context.api.call("lambda", "Invoke",
                                   {{"FunctionName", function},
                                    {"Headers", json::Object{{"X-Amz-Invocation-Type", "Event"}}},
                                    {"Body", json::dump(event)}}));
  if (was_asked != nullptr) *was_asked = true;
  STATOR_TRY(const std::string text,
             await(context, *awaited, timeout, text_of(event, "RequestId")));
  return read_answer(text, event);
}

/// However the creation fails, the function is told to delete what it may have made, under the id
/// that it gave or else one of ours.
Result<void> create(ResourceContext& context, const json::Object& properties) {
  const std::string spare_id = context.generate_name(kNameMax);
  bool was_asked = false;
  const auto answer = ask(context, {"Create", properties}, &was_asked);
  if (!answer) {
    if (was_asked) STATOR_TRY_VOID(context.exists({spare_id, {}, properties}));
    return answer.error();
  }
  const std::string id = answer->physical_id.empty() ? spare_id : answer->physical_id;
  STATOR_TRY_VOID(context.exists({id, answer->data, properties}));
  return answer->failure.empty() ? Result<void>() : invalid(answer->failure);
}

/// Another physical id is another resource: the old one is deleted when the stack's update is
/// through.
Result<void> update(ResourceContext& context, const Existing& resource,
                    const json::Object& properties) {
  if (differs(resource.properties, properties, "ServiceToken")) {
    return invalid("Modifying service token is not allowed.");
  }
  STATOR_TRY(const Answer answer,
             ask(context, {"Update", properties, resource.physical_id, &resource.properties}));
  if (!answer.failure.empty()) return invalid(answer.failure);
  return context.exists({answer.physical_id, answer.data, properties});
}

Result<void> remove(ResourceContext& context, const Existing& resource) {
  STATOR_TRY(const Answer answer,
             ask(context, {"Delete", resource.properties, resource.physical_id}));
  return answer.failure.empty() ? Result<void>() : invalid(answer.failure);
}

}  // namespace

ResourceType custom_resource() {
  return {.name = "AWS::CloudFormation::CustomResource",
          .properties = {{"ServiceToken", true, OnChange::kInPlace},
                         {"ServiceTimeout", false, OnChange::kInPlace}},
          .attributes = {},
          .is_open = true,
          .create = create,
          .remove = remove,
          .update = update};
}

}  // namespace stator::cloudformation::resources
