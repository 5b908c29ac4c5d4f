#include "cloudformation/resources/lambda.hpp"

#include "archive/zip.hpp"
#include "base/bytes.hpp"
#include "cloudformation/resources/shared.hpp"

namespace stator::cloudformation::resources::lambda {
namespace {

/// `import cfnresponse` and `require('cfn-response')`, with the arguments that AWS documents. These
/// follow the scheme of the ResponseURL.
constexpr const char* kPythonResponse = R"(import json
import urllib.request

SUCCESS = "SUCCESS"
FAILED = "FAILED"


def send(event, context, responseStatus, responseData, physicalResourceId=None, noEcho=False,
         reason=None):
    log = "See the details in CloudWatch Log Stream: {}".format(context.log_stream_name)
    body = json.dumps({
        "Status": responseStatus,
        "Reason": reason or log,
        "PhysicalResourceId": physicalResourceId or context.log_stream_name,
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
        "NoEcho": noEcho,
        "Data": responseData,
    }).encode()
    request = urllib.request.Request(event["ResponseURL"], data=body, method="PUT",
                                     headers={"content-type": "", "content-length": str(len(body))})
    try:
        with urllib.request.urlopen(request) as answer:
            print("Status code:", answer.status)
    except Exception as error:
        print("send(..) failed executing urlopen(..):", error)
)";
constexpr const char* kNodeResponse = R"(exports.SUCCESS = 'SUCCESS';
exports.FAILED = 'FAILED';
exports.send = function (event, context, responseStatus, responseData, physicalResourceId, noEcho) {
  return new Promise((resolve) => {
    const body = JSON.stringify({
      Status: responseStatus,
      Reason: 'See the details in CloudWatch Log Stream: ' + context.logStreamName,
      PhysicalResourceId: physicalResourceId || context.logStreamName,
      StackId: event.StackId,
      RequestId: event.RequestId,
      LogicalResourceId: event.LogicalResourceId,
      NoEcho: noEcho || false,
      Data: responseData,
    });
    const url = new URL(event.ResponseURL);
    const client = require(url.protocol === 'http:' ? 'http' : 'https');
    const end = (note) => { console.log(note); if (context.done) context.done(); resolve(); };
    const request = client.request(url, {
      method: 'PUT', headers: { 'content-type': '', 'content-length': Buffer.byteLength(body) },
    }, (answer) => { answer.resume(); end('Status code: ' + answer.statusCode); });
    request.on('error', (error) => end('send(..) failed executing request(..): ' + error));
    request.end(body);
  });
};
)";

}  // namespace

Result<json::Object> inline_code(std::string_view runtime, const json::Value& source) {
  const bool is_python = runtime.starts_with("python");
  if (!is_python && !runtime.starts_with("nodejs")) {
    return invalid("ZipFile can only be used when Runtime is set to one of Python's or Node.js's");
  }
  if (!source.is_string()) return invalid("Code.ZipFile must be text");
  std::vector<archive::Entry> entries{
      {.name = is_python ? "index.py" : "index.js",
       .contents = std::string(json::view(source.get_string()))},
      {.name = is_python ? "cfnresponse.py" : "node_modules/cfn-response/index.js",
       .contents = is_python ? kPythonResponse : kNodeResponse}};
  STATOR_TRY(const std::string zip, archive::pack(std::move(entries)));
  return json::Object{{"ZipFile", base64_encode(zip)}};
}

Result<void> set_settings(ResourceContext& context, const std::string& name,
                          const json::Object& before, const json::Object& after) {
  struct Setting {
    std::string_view property, put, member;
    json::Value initial;  ///< what is put where the template no longer says; null: `take` is called
    std::string_view take;
  };
  const Setting settings[] = {
      {"ReservedConcurrentExecutions", "PutFunctionConcurrency", "ReservedConcurrentExecutions",
       nullptr, "DeleteFunctionConcurrency"},
      {"RecursiveLoop", "PutFunctionRecursionConfig", "RecursiveLoop", "Terminate", ""},
      {"RuntimeManagementConfig", "PutRuntimeManagementConfig", "",
       json::Object{{"UpdateRuntimeOn", "Auto"}}, ""}};
  for (const Setting& setting : settings) {
    if (!differs(before, after, setting.property)) continue;
    const json::Value* wanted = json::find(after, setting.property);
    if (wanted == nullptr && setting.initial.is_null()) {
      STATOR_TRY_VOID(context.api.call(kService, setting.take, {{"FunctionName", name}}));
      continue;
    }
    json::Object input{{"FunctionName", name}};
    const json::Value& value = wanted == nullptr ? setting.initial : *wanted;
    if (!setting.member.empty()) {
      input[setting.member] = value;
    } else if (value.is_object()) {
      merge(input, value.get_object());
    } else {
      return invalid(std::string(setting.property) + " must be an object");
    }
    STATOR_TRY_VOID(context.api.call(kService, setting.put, std::move(input)));
  }
  return {};
}

Result<void> set_provisioned(ResourceContext& context, const std::string& function,
                             const std::string& qualifier, const json::Object& before,
                             const json::Object& after) {
  constexpr std::string_view kProperty = "ProvisionedConcurrencyConfig";
  if (!differs(before, after, kProperty)) return {};
  const json::Object target{{"FunctionName", function}, {"Qualifier", qualifier}};
  const json::Value* wanted = json::find(after, kProperty);
  if (wanted == nullptr) {
    return gone(context.api.call(kService, "DeleteProvisionedConcurrencyConfig", target));
  }
  if (!wanted->is_object()) return invalid(std::string(kProperty) + " must be an object");
  json::Object input = target;
  merge(input, wanted->get_object());
  STATOR_TRY_VOID(context.api.call(kService, "PutProvisionedConcurrencyConfig", std::move(input)));
  return wait_until(context, [&]() -> Result<bool> {
    STATOR_TRY(const json::Object now,
               context.api.call(kService, "GetProvisionedConcurrencyConfig", target));
    const std::string status = text_of(now, "Status");
    if (status == "FAILED") return invalid(text_of(now, "StatusReason"));
    return status == "READY";
  });
}

Result<json::Value> read_provisioned(ResourceContext& context, const std::string& function,
                                     const std::string& qualifier) {
  const auto now = context.api.call(kService, "GetProvisionedConcurrencyConfig",
                                    {{"FunctionName", function}, {"Qualifier", qualifier}});
  if (!now && now.error().code == ErrorCode::kNotFound) return json::Value();
  if (!now) return now.error();
  return json::Value(renamed(
      *now, {{"RequestedProvisionedConcurrentExecutions", "ProvisionedConcurrentExecutions"}}));
}

Qualified split_arn(const std::string& arn) {
  // arn:aws:lambda:REGION:ACCOUNT:function:NAME[:QUALIFIER]
  std::size_t at = 0;
  for (int i = 0; i < 7 && at != std::string::npos; ++i) {
    at = arn.find(':', i == 0 ? 0 : at + 1);
  }
  if (at == std::string::npos) return {arn, ""};
  return {arn.substr(0, at), arn.substr(at + 1)};
}

Result<json::Object> statement_of(const Result<json::Object>& get_policy, const std::string& sid) {
  if (!get_policy) return get_policy.error();
  STATOR_TRY(const json::Object policy, json::parse_object(text_of(*get_policy, "Policy")));
  const json::Value* statements = json::find(policy, "Statement");
  if (statements != nullptr && statements->is_array()) {
    for (const json::Value& statement : statements->get_array()) {
      if (statement.is_object() && text_of(statement.get_object(), "Sid") == sid) {
        return statement.get_object();
      }
    }
  }
  return not_found("The policy has no statement " + sid);
}

}  // namespace stator::cloudformation::resources::lambda
