#include "apigateway/ops/refused.hpp"

#include <array>
#include <string>

#include "apigateway/errors.hpp"

namespace stator::apigateway {
namespace {

struct Refused {
  const char* name;
  const char* method;
  const char* path;
};

#define API "/v2/apis/{apiId}"
#define RESPONSES API "/integrations/{integrationId}/integrationresponses"
#define ROUTE API "/routes/{routeId}"

/// What a WebSocket API has beside what an HTTP API has.
constexpr std::array kOfWebSocket = {
    Refused{"CreateIntegrationResponse", "POST", RESPONSES},
    Refused{"DeleteIntegrationResponse", "DELETE", RESPONSES "/{integrationResponseId}"},
    Refused{"GetIntegrationResponse", "GET", RESPONSES "/{integrationResponseId}"},
    Refused{"GetIntegrationResponses", "GET", RESPONSES},
    Refused{"UpdateIntegrationResponse", "PATCH", RESPONSES "/{integrationResponseId}"},
    Refused{"CreateRouteResponse", "POST", ROUTE "/routeresponses"},
    Refused{"DeleteRouteResponse", "DELETE", ROUTE "/routeresponses/{routeResponseId}"},
    Refused{"GetRouteResponse", "GET", ROUTE "/routeresponses/{routeResponseId}"},
    Refused{"GetRouteResponses", "GET", ROUTE "/routeresponses"},
    Refused{"UpdateRouteResponse", "PATCH", ROUTE "/routeresponses/{routeResponseId}"},
    Refused{"DeleteRouteRequestParameter", "DELETE",
            ROUTE "/requestparameters/{requestParameterKey}"},
    Refused{"CreateModel", "POST", API "/models"},
    Refused{"UpdateModel", "PATCH", API "/models/{modelId}"},
    Refused{"GetModelTemplate", "GET", API "/models/{modelId}/template"}};

#undef ROUTE
#undef RESPONSES
#undef API

/// Families of paths; `below` refuses what is under the path as well.
struct Family {
  const char* path;
  const char* what;
};

constexpr std::array kFamilies = {
    Family{"/v2/vpclinks", "VPC links are"},
    Family{"/v2/portals", "Developer portals are"},
    Family{"/v2/portalproducts", "Developer portals are"},
    Family{"/v2/domainnames/{domainName}/routingrules", "Routing rules are"},
    Family{"/restapis", "REST APIs (API Gateway v1) are"},
    Family{"/apikeys", "API keys, which are for REST APIs (API Gateway v1), are"},
    Family{"/usageplans", "Usage plans, which are for REST APIs (API Gateway v1), are"},
    Family{"/domainnames", "Domain names of REST APIs (API Gateway v1) are"},
    Family{"/domainnameaccessassociations", "Private domain names (API Gateway v1) are"},
    Family{"/clientcertificates", "Client certificates of REST APIs (API Gateway v1) are"},
    Family{"/account", "The account settings of API Gateway v1 are"},
    Family{"/sdktypes", "SDKs of REST APIs (API Gateway v1) are"},
    Family{"/vpclinks", "VPC links (API Gateway v1) are"},
    Family{"/tags", "Tags of API Gateway v1 are"}};

aws::Operation refuse(std::string name, std::string method, std::string path, std::string why) {
  return aws::Operation::json(
      std::move(name), aws::ByPath{.method = std::move(method), .path = std::move(path)},
      [why](const aws::Call&, const aws::Input&) -> Result<aws::Needs> { return unsupported(why); },
      [why](aws::Call&, const aws::Input&) -> Result<json::Object> { return unsupported(why); });
}

}  // namespace

std::vector<aws::Operation> refused_operations() {
  std::vector<aws::Operation> operations;
  for (const Refused& one : kOfWebSocket) {
    operations.push_back(refuse(one.name, one.method, one.path,
                                std::string(one.name) +
                                    " is for WebSocket APIs only, which are not supported by "
                                    "stator"));
  }
  for (const Family& family : kFamilies) {
    const std::string why =
        std::string(family.what) + " not supported by stator: HTTP APIs (apigatewayv2) are";
    for (const char* method : {"DELETE", "GET", "PATCH", "POST", "PUT"}) {
      for (const char* below : {"", "/{below+}"}) {
        const std::string path = std::string(family.path) + below;
        operations.push_back(refuse(std::string(method) + " " + path, method, path, why));
      }
    }
  }
  return operations;
}

}  // namespace stator::apigateway
