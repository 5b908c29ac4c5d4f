#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "apigateway/apis.hpp"
#include "aws/operation.hpp"

/// One factory per operation, each in the file of its name.
namespace stator::apigateway {

class Domains;

[[nodiscard]] aws::Operation create_api(Apis& apis);
[[nodiscard]] aws::Operation get_api(Apis& apis);
[[nodiscard]] aws::Operation get_apis(Apis& apis);
[[nodiscard]] aws::Operation update_api(Apis& apis);
[[nodiscard]] aws::Operation delete_api(Apis& apis);
[[nodiscard]] aws::Operation delete_cors_configuration(Apis& apis);
[[nodiscard]] aws::Operation export_api(Apis& apis);
[[nodiscard]] aws::Operation import_api(Apis& apis);
[[nodiscard]] aws::Operation reimport_api(Apis& apis);

[[nodiscard]] aws::Operation create_integration(Apis& apis);
[[nodiscard]] aws::Operation get_integration(Apis& apis);
[[nodiscard]] aws::Operation get_integrations(Apis& apis);
[[nodiscard]] aws::Operation update_integration(Apis& apis);
[[nodiscard]] aws::Operation delete_integration(Apis& apis);

[[nodiscard]] aws::Operation create_route(Apis& apis);
[[nodiscard]] aws::Operation get_route(Apis& apis);
[[nodiscard]] aws::Operation get_routes(Apis& apis);
[[nodiscard]] aws::Operation update_route(Apis& apis);
[[nodiscard]] aws::Operation delete_route(Apis& apis);

[[nodiscard]] aws::Operation create_stage(Apis& apis);
[[nodiscard]] aws::Operation get_stage(Apis& apis);
[[nodiscard]] aws::Operation get_stages(Apis& apis);
[[nodiscard]] aws::Operation update_stage(Apis& apis);
[[nodiscard]] aws::Operation delete_stage(Apis& apis);
[[nodiscard]] aws::Operation delete_access_log_settings(Apis& apis);
[[nodiscard]] aws::Operation delete_route_settings(Apis& apis);

[[nodiscard]] aws::Operation create_deployment(Apis& apis);
[[nodiscard]] aws::Operation get_deployment(Apis& apis);
[[nodiscard]] aws::Operation get_deployments(Apis& apis);
[[nodiscard]] aws::Operation update_deployment(Apis& apis);
[[nodiscard]] aws::Operation delete_deployment(Apis& apis);

[[nodiscard]] aws::Operation get_model(Apis& apis);
[[nodiscard]] aws::Operation get_models(Apis& apis);
[[nodiscard]] aws::Operation delete_model(Apis& apis);

[[nodiscard]] aws::Operation create_authorizer(Apis& apis);
[[nodiscard]] aws::Operation get_authorizer(Apis& apis);
[[nodiscard]] aws::Operation get_authorizers(Apis& apis);
[[nodiscard]] aws::Operation update_authorizer(Apis& apis);
[[nodiscard]] aws::Operation delete_authorizer(Apis& apis);
[[nodiscard]] aws::Operation reset_authorizers_cache(Apis& apis);
[[nodiscard]] aws::Operation create_domain_name(Domains& domains);
[[nodiscard]] aws::Operation get_domain_name(Domains& domains);
[[nodiscard]] aws::Operation get_domain_names(Domains& domains);
[[nodiscard]] aws::Operation update_domain_name(Domains& domains);
[[nodiscard]] aws::Operation delete_domain_name(Domains& domains);

[[nodiscard]] aws::Operation create_api_mapping(Domains& domains);
[[nodiscard]] aws::Operation get_api_mapping(Domains& domains);
[[nodiscard]] aws::Operation get_api_mappings(Domains& domains);
[[nodiscard]] aws::Operation update_api_mapping(Domains& domains);
[[nodiscard]] aws::Operation delete_api_mapping(Domains& domains);

/// Operations of four kinds share three shapes: read one, read all, remove one.
struct ReadShape {
  std::string name;  ///< "GetRoute"
  std::string path;  ///< "/v2/apis/{apiId}/routes/{routeId}"
  Kind kind;
  std::string id_member;  ///< "routeId"; "" for the API itself and for lists
};
[[nodiscard]] aws::Operation read_one(Apis& apis, ReadShape shape);
[[nodiscard]] aws::Operation read_all(Apis& apis, ReadShape shape);
[[nodiscard]] aws::Operation remove_one(Apis& apis, ReadShape shape);

/// API Gateway authorizes by HTTP method on the resource's path: apigateway:GET on
/// arn:aws:apigateway:REGION::/apis/ID/routes. `path` is the template; its labels are filled in.
/// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagementv2.html
[[nodiscard]] aws::Operation::JsonNeeds needs_of(std::string method, std::string path);

/// The same with aws:ResourceTag/* of the API, or of the stage where the path names one.
[[nodiscard]] aws::Operation::JsonNeeds needs_of(const Apis& apis, std::string method,
                                                 std::string path);
void append_tag_keys(const json::Object& tags, aws::ConditionKeys& keys);

/// Who hands API Gateway a role in `member` must also be allowed to pass it.
[[nodiscard]] aws::Operation::JsonNeeds with_role(aws::Operation::JsonNeeds needs,
                                                  std::string member);

/// The members of `input` in `names` that are there, copied.
[[nodiscard]] json::Object pick(const aws::Input& input,
                                std::initializer_list<std::string_view> names);

}  // namespace stator::apigateway
