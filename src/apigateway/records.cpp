#include "apigateway/records.hpp"

#include "storage/key.hpp"

namespace stator::apigateway {
namespace {

constexpr std::string_view kService = "apigateway", kSnapshot = "snapshot", kIndex = "index";

}  // namespace

KindNames names(Kind kind) {
  switch (kind) {
    case Kind::kApi:
      return {"api", "apiId", "API"};
    case Kind::kIntegration:
      return {"integration", "integrationId", "Integration"};
    case Kind::kRoute:
      return {"route", "routeId", "Route"};
    case Kind::kStage:
      return {"stage", "stageName", "stage"};
    case Kind::kDeployment:
      return {"deployment", "deploymentId", "Deployment"};
    case Kind::kAuthorizer:
      return {"authorizer", "authorizerId", "Authorizer"};
    case Kind::kModel:
      return {"model", "modelId", "Model"};
  }
  return {};
}

std::string id_of(Kind kind, const json::Object& record) {
  return json::find_string(record, names(kind).id_member).value_or("");
}

std::string record_key(const Scope& scope, Kind kind, const RecordId& id) {
  std::string key = records_prefix(scope, kind, id.api_id);
  storage::append_part(key, kind == Kind::kApi ? id.api_id : id.id);
  return key;
}

std::string records_prefix(const Scope& scope, Kind kind, std::string_view api_id) {
  std::string prefix =
      storage::path_key({scope.account, scope.region, kService, names(kind).stored});
  if (kind != Kind::kApi) storage::append_part(prefix, api_id);
  return prefix;
}

std::string index_prefix() {
  return storage::path_key({"", "", kService, kIndex});
}

std::string index_key(std::string_view api_id) {
  return storage::path_key({"", "", kService, kIndex, api_id});
}

std::string snapshot_key(const Scope& scope, const RecordId& deployment) {
  return storage::path_key(
      {scope.account, scope.region, kService, kSnapshot, deployment.api_id, deployment.id});
}

std::string snapshots_prefix(const Scope& scope, std::string_view api_id) {
  return storage::path_key({scope.account, scope.region, kService, kSnapshot, api_id});
}

}  // namespace stator::apigateway
