#include "apigateway/errors.hpp"
#include "apigateway/openapi/export.hpp"
#include "apigateway/ops/ops.hpp"
#include "base/strings.hpp"
#include "json/yaml.hpp"

namespace stator::apigateway {
namespace {

constexpr const char* kPath = "/v2/apis/{apiId}/exports/{specification}";

struct Request {
  aws::Input input;
  std::string api_id;
  bool is_yaml = false;
  openapi::ExportOptions options;
};

Result<Request> parse(const aws::Call&, const aws::RawRequest& raw) {
  json::Object members;
  for (const auto& [label, value] : raw.labels) members[label] = value;
  const auto query = http::parse_query(raw.http.query());
  if (!query) return bad_request("The query string of the request holds a malformed escape");
  for (const auto& [name, value] : *query) members[name] = value;
  Request request{aws::Input(std::move(members), aws::Input::Scalars::kText), {}, false, {}};
  const aws::Input& input = request.input;
  STATOR_TRY(request.api_id, input.required_text("apiId"));
  return request;
}

/// After authorization: what may be wrong with the rest of the request.
Result<void> read_options(Request& request) {
  const aws::Input& input = request.input;
  STATOR_TRY(const auto specification, input.text("specification"));
  if (specification != "OAS30") {
    return bad_request("Invalid specification specified. Must be one of [OAS30]");
  }
  STATOR_TRY(const auto type, input.text("outputType"));
  if (type != "JSON" && type != "YAML") {
    return bad_request("Invalid outputType specified. Must be one of [YAML, JSON]");
  }
  request.is_yaml = type == "YAML";
  STATOR_TRY(const auto version, input.text("exportVersion"));
  if (version.value_or("1.0") != "1.0") return bad_request("Invalid exportVersion: it must be 1.0");
  STATOR_TRY(const auto extensions, input.boolean("includeExtensions"));
  request.options.includes_extensions = extensions.value_or(true);
  STATOR_TRY(const auto stage, input.text("stageName"));
  request.options.stage = stage.value_or("");
  return {};
}

/// Of a stage, what its deployment froze.
Result<Snapshot> snapshot_of(Draft& draft, const std::string& stage) {
  if (stage.empty()) return *draft.snapshot();
  STATOR_TRY(const json::Object* record, draft.find(Kind::kStage, stage));
  const auto deployment = json::find_string(*record, "deploymentId");
  if (!deployment) return bad_request("Stage " + stage + " has no deployment to export");
  STATOR_TRY(const auto frozen, draft.snapshot_of(*deployment));
  return *frozen;
}

Result<http::Response> handle(Apis& apis, aws::Call& call, Request request) {
  STATOR_TRY_VOID(read_options(request));
  STATOR_TRY(const json::Object api, apis.get(call, Kind::kApi, {request.api_id}));
  // An edit that changes nothing stores nothing.
  STATOR_TRY(const json::Object document,
             apis.edit(call, request.api_id, [&](Draft& draft) -> Result<json::Object> {
               STATOR_TRY(Snapshot snapshot, snapshot_of(draft, request.options.stage));
               snapshot.api["apiEndpoint"] = api.at("apiEndpoint");
               return openapi::export_document(snapshot, request.options);
             }));
  http::Response response;
  response.headers.add("content-type", request.is_yaml ? "application/yaml" : "application/json");
  response.body = request.is_yaml ? json::dump_yaml(document) : json::dump(document);
  return response;
}

}  // namespace

aws::Operation export_api(Apis& apis) {
  return aws::Operation::raw<Request>(
      "ExportApi", aws::ByPath{.method = "GET", .path = kPath}, parse,
      [needs = needs_of(apis, "GET", kPath)](const aws::Call& call, const Request& request) {
        return needs(call, request.input);
      },
      [&apis](aws::Call& call, Request request) { return handle(apis, call, std::move(request)); });
}

}  // namespace stator::apigateway
