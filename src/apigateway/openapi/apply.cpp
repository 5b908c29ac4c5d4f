#include "apigateway/openapi/apply.hpp"

#include "apigateway/authorizers/authorizer_record.hpp"
#include "apigateway/rules/rules.hpp"
#include "aws/input.hpp"

namespace stator::apigateway::openapi {
namespace {

Error at(const ImportedPart& part, Error error) {
  error.message = part.place + ": " + error.message;
  return error;
}

std::vector<std::string> ids(const Draft& draft, Kind kind) {
  std::vector<std::string> all;
  for (const auto& [id, record] : draft.all(kind)) all.push_back(id);
  return all;
}

/// Routes go first, because they refer to the others.
Result<void> clear(Draft& draft) {
  for (const Kind kind : {Kind::kRoute, Kind::kIntegration, Kind::kAuthorizer}) {
    for (const std::string& id : ids(draft, kind)) STATOR_TRY_VOID(draft.erase(kind, id));
  }
  return {};
}

Result<void> apply_to_api(const Imported& imported, Draft& draft) {
  json::Object& record = draft.edit_api();
  for (const char* replaced :
       {"description", "version", "corsConfiguration", "disableExecuteApiEndpoint"}) {
    record.erase(replaced);
  }
  const aws::Input input(imported.api);
  STATOR_TRY_VOID(apply_api(input, record));
  return apply_tags(input, record);
}

Result<std::string> add(Draft& draft, Kind kind, json::Object record) {
  STATOR_TRY(const json::Object* added, draft.add(kind, std::move(record)));
  return id_of(kind, *added);
}

Result<std::string> add_integration(const ImportedPart& part, Draft& draft) {
  json::Object record;
  const auto applied = apply_integration(aws::Input(part.input), record);
  if (!applied) return at(part, applied.error());
  return add(draft, Kind::kIntegration, std::move(record));
}

Result<std::string> add_authorizer(const ImportedPart& part, Draft& draft) {
  json::Object record;
  const auto applied = change_authorizer(record, aws::Input(part.input));
  if (!applied) return at(part, applied.error());
  return add(draft, Kind::kAuthorizer, std::move(record));
}

Result<void> add_route(const ImportedPart& part, json::Object input, Draft& draft) {
  json::Object record;
  const auto applied = apply_route(aws::Input(std::move(input)), draft, record);
  if (!applied) return at(part, applied.error());
  STATOR_TRY_VOID(add(draft, Kind::kRoute, std::move(record)));
  return {};
}

}  // namespace

Result<void> apply(const Imported& imported, Draft& draft) {
  STATOR_TRY_VOID(clear(draft));
  STATOR_TRY_VOID(apply_to_api(imported, draft));
  std::vector<std::string> integrations, authorizers;
  for (const ImportedPart& part : imported.integrations) {
    STATOR_TRY(integrations.emplace_back(), add_integration(part, draft));
  }
  for (const ImportedPart& part : imported.authorizers) {
    STATOR_TRY(authorizers.emplace_back(), add_authorizer(part, draft));
  }
  for (const ImportedRoute& route : imported.routes) {
    json::Object input = route.part.input;
    if (route.integration) input["target"] = "integrations/" + integrations.at(*route.integration);
    if (route.authorizer) input["authorizerId"] = authorizers.at(*route.authorizer);
    STATOR_TRY_VOID(add_route(route.part, std::move(input), draft));
  }
  return {};
}

}  // namespace stator::apigateway::openapi
