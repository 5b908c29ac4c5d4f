#include <utility>
#include <vector>

#include "iam/identity.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/stator_ops.hpp"

namespace stator::iam {
namespace {

using Make = aws::Operation (*)(Identity&);
using MakeOfKind = aws::Operation (*)(Identity&, EntityKind);

std::vector<Make> of_roles_and_users() {
  return {ops::create_role,       ops::get_role,
          ops::delete_role,       ops::update_role,
          ops::create_user,       ops::update_role_description,
          ops::get_user,          ops::update_assume_role_policy,
          ops::delete_user,       ops::create_access_key,
          ops::list_access_keys,  ops::update_access_key,
          ops::delete_access_key, ops::get_access_key_last_used};
}

std::vector<Make> of_policies() {
  return {ops::create_policy,        ops::get_policy,
          ops::list_policies,        ops::delete_policy,
          ops::get_policy_version,   ops::create_policy_version,
          ops::list_policy_versions, ops::set_default_policy_version,
          ops::tag_policy,           ops::delete_policy_version,
          ops::untag_policy,         ops::list_entities_for_policy,
          ops::list_policy_tags};
}

std::vector<Make> of_groups_and_profiles() {
  return {ops::create_group,
          ops::get_group,
          ops::delete_group,
          ops::add_user_to_group,
          ops::remove_user_from_group,
          ops::list_groups_for_user,
          ops::create_instance_profile,
          ops::get_instance_profile,
          ops::list_instance_profiles,
          ops::list_instance_profiles_for_role,
          ops::delete_instance_profile,
          ops::add_role_to_instance_profile,
          ops::remove_role_from_instance_profile,
          ops::create_account_alias,
          ops::list_account_aliases,
          ops::delete_account_alias,
          ops::get_account_summary,
          ops::get_account_authorization_details};
}

std::vector<Make> of_providers() {
  return {ops::create_open_id_connect_provider,
          ops::get_open_id_connect_provider,
          ops::list_open_id_connect_providers,
          ops::delete_open_id_connect_provider,
          ops::add_client_id_to_open_id_connect_provider,
          ops::remove_client_id_from_open_id_connect_provider,
          ops::update_open_id_connect_provider_thumbprint,
          ops::tag_open_id_connect_provider,
          ops::untag_open_id_connect_provider,
          ops::list_open_id_connect_provider_tags};
}

/// The operations that IAM has for several kinds, and for which.
std::vector<std::pair<MakeOfKind, std::vector<EntityKind>>> of_kinds() {
  using enum EntityKind;
  return {{ops::list_entities, {kRole, kUser, kGroup}},
          {ops::rename_entity, {kUser, kGroup}},
          {ops::put_inline_policy, {kRole, kUser, kGroup}},
          {ops::get_inline_policy, {kRole, kUser, kGroup}},
          {ops::list_inline_policies, {kRole, kUser, kGroup}},
          {ops::delete_inline_policy, {kRole, kUser, kGroup}},
          {ops::attach_policy, {kRole, kUser, kGroup}},
          {ops::detach_policy, {kRole, kUser, kGroup}},
          {ops::list_attached_policies, {kRole, kUser, kGroup}},
          {ops::put_permissions_boundary, {kRole, kUser}},
          {ops::delete_permissions_boundary, {kRole, kUser}},
          {ops::tag_entity, {kRole, kUser, kInstanceProfile}},
          {ops::untag_entity, {kRole, kUser, kInstanceProfile}},
          {ops::list_entity_tags, {kRole, kUser, kInstanceProfile}}};
}

}  // namespace

aws::Service make_iam_service(Identity& identity) {
  aws::Service service{.signing_name = "iam",
                       .protocol = aws::Protocol::kQuery,
                       .api_version = "2010-05-08",
                       .xml_namespace = "https://iam.amazonaws.com/doc/2010-05-08/",
                       .operations = {}};
  auto& all = service.operations;
  for (const auto& make :
       {of_roles_and_users(), of_policies(), of_groups_and_profiles(), of_providers()}) {
    for (const auto one : make) all.push_back(one(identity));
  }
  for (const auto& [make, kinds] : of_kinds()) {
    for (const auto kind : kinds) all.push_back(make(identity, kind));
  }
  for (const auto make : {ops::simulate_custom_policy, ops::simulate_principal_policy,
                          ops::get_context_keys_for_principal_policy}) {
    all.push_back(make(identity));
  }
  all.push_back(ops::get_context_keys_for_custom_policy());
  all.push_back(ops::get_account_password_policy());
  all.push_back(ops::create_service_linked_role());
  for (auto& one : ops::list_nothing(identity)) all.push_back(std::move(one));
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
