#include "iam/identity.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/stator_ops.hpp"

namespace stator::iam {

aws::Service make_iam_service(Identity& identity) {
  aws::Service service{.signing_name = "iam",
                       .protocol = aws::Protocol::kQuery,
                       .api_version = "2010-05-08",
                       .xml_namespace = "https://iam.amazonaws.com/doc/2010-05-08/",
                       .operations = {}};
  auto& all = service.operations;
  for (const auto make : {ops::create_role,
                          ops::get_role,
                          ops::list_roles,
                          ops::delete_role,
                          ops::update_role,
                          ops::update_role_description,
                          ops::update_assume_role_policy,
                          ops::list_instance_profiles_for_role,
                          ops::create_user,
                          ops::get_user,
                          ops::list_users,
                          ops::delete_user,
                          ops::create_access_key,
                          ops::list_access_keys,
                          ops::update_access_key,
                          ops::delete_access_key,
                          ops::create_policy,
                          ops::get_policy,
                          ops::list_policies,
                          ops::delete_policy,
                          ops::create_policy_version,
                          ops::get_policy_version,
                          ops::list_policy_versions,
                          ops::set_default_policy_version,
                          ops::delete_policy_version}) {
    all.push_back(make(identity));
  }
  for (const auto make :
       {ops::create_open_id_connect_provider, ops::get_open_id_connect_provider,
        ops::list_open_id_connect_providers, ops::delete_open_id_connect_provider,
        ops::add_client_id_to_open_id_connect_provider,
        ops::remove_client_id_from_open_id_connect_provider,
        ops::update_open_id_connect_provider_thumbprint, ops::tag_open_id_connect_provider,
        ops::untag_open_id_connect_provider, ops::list_open_id_connect_provider_tags}) {
    all.push_back(make(identity));
  }
  for (const auto make :
       {ops::put_inline_policy, ops::get_inline_policy, ops::list_inline_policies,
        ops::delete_inline_policy, ops::attach_policy, ops::detach_policy,
        ops::list_attached_policies, ops::tag_entity, ops::untag_entity, ops::list_entity_tags}) {
    all.push_back(make(identity, EntityKind::kRole));
    all.push_back(make(identity, EntityKind::kUser));
  }
  return service;
}

aws::Service make_sts_service(Identity& identity) {
  aws::Service service{.signing_name = "sts",
                       .protocol = aws::Protocol::kQuery,
                       .api_version = "2011-06-15",
                       .xml_namespace = "https://sts.amazonaws.com/doc/2011-06-15/",
                       .operations = {}};
  for (const auto make :
       {ops::assume_role, ops::assume_role_with_web_identity, ops::get_session_token,
        ops::get_federation_token, ops::get_access_key_info, ops::decode_authorization_message}) {
    service.operations.push_back(make(identity));
  }
  service.operations.push_back(ops::get_caller_identity());
  return service;
}

aws::Service make_stator_service(Identity& identity, FindRecord find_record) {
  aws::Service service{.signing_name = "stator",
                       .protocol = aws::Protocol::kJson11,
                       .target_prefix = "Stator",
                       .operations = {}};
  service.operations.push_back(ops::explain(identity, std::move(find_record)));
  service.operations.push_back(ops::suggest_policy(identity));
  return service;
}

}  // namespace stator::iam
