#pragma once

#include <vector>

#include "aws/operation.hpp"
#include "iam/identity.hpp"
#include "iam/records.hpp"

/// One factory per operation. Where IAM has the same operation for several kinds, the kind chooses
/// which of them it is (PutRolePolicy, PutUserPolicy or PutGroupPolicy).
namespace stator::iam::ops {

// Roles.
[[nodiscard]] aws::Operation create_role(Identity& identity);
[[nodiscard]] aws::Operation get_role(Identity& identity);
[[nodiscard]] aws::Operation delete_role(Identity& identity);
[[nodiscard]] aws::Operation update_role(Identity& identity);
[[nodiscard]] aws::Operation update_role_description(Identity& identity);
[[nodiscard]] aws::Operation update_assume_role_policy(Identity& identity);

// Users.
[[nodiscard]] aws::Operation create_user(Identity& identity);
[[nodiscard]] aws::Operation get_user(Identity& identity);
[[nodiscard]] aws::Operation delete_user(Identity& identity);
[[nodiscard]] aws::Operation create_access_key(Identity& identity);
[[nodiscard]] aws::Operation get_access_key_last_used(Identity& identity);
[[nodiscard]] aws::Operation list_access_keys(Identity& identity);
[[nodiscard]] aws::Operation update_access_key(Identity& identity);
[[nodiscard]] aws::Operation delete_access_key(Identity& identity);

// Groups.
[[nodiscard]] aws::Operation create_group(Identity& identity);
[[nodiscard]] aws::Operation get_group(Identity& identity);
[[nodiscard]] aws::Operation delete_group(Identity& identity);
[[nodiscard]] aws::Operation add_user_to_group(Identity& identity);
[[nodiscard]] aws::Operation remove_user_from_group(Identity& identity);
[[nodiscard]] aws::Operation list_groups_for_user(Identity& identity);

// Instance profiles.
[[nodiscard]] aws::Operation create_instance_profile(Identity& identity);
[[nodiscard]] aws::Operation get_instance_profile(Identity& identity);
[[nodiscard]] aws::Operation list_instance_profiles(Identity& identity);
[[nodiscard]] aws::Operation list_instance_profiles_for_role(Identity& identity);
[[nodiscard]] aws::Operation delete_instance_profile(Identity& identity);
[[nodiscard]] aws::Operation add_role_to_instance_profile(Identity& identity);
[[nodiscard]] aws::Operation remove_role_from_instance_profile(Identity& identity);

// The account.
[[nodiscard]] aws::Operation create_account_alias(Identity& identity);
[[nodiscard]] aws::Operation list_account_aliases(Identity& identity);
[[nodiscard]] aws::Operation delete_account_alias(Identity& identity);
[[nodiscard]] aws::Operation get_account_summary(Identity& identity);
[[nodiscard]] aws::Operation get_account_authorization_details(Identity& identity);
[[nodiscard]] aws::Operation get_account_password_policy();
[[nodiscard]] aws::Operation create_service_linked_role();

/// What stator has none of: lists that are always empty, for clients that ask before they delete.
[[nodiscard]] std::vector<aws::Operation> list_nothing(Identity& identity);

// Simulation.
[[nodiscard]] aws::Operation simulate_custom_policy(Identity& identity);
[[nodiscard]] aws::Operation simulate_principal_policy(Identity& identity);
[[nodiscard]] aws::Operation get_context_keys_for_custom_policy();
[[nodiscard]] aws::Operation get_context_keys_for_principal_policy(Identity& identity);

// Several kinds.
[[nodiscard]] aws::Operation list_entities(Identity& identity, EntityKind kind);
[[nodiscard]] aws::Operation rename_entity(Identity& identity, EntityKind kind);
[[nodiscard]] aws::Operation put_permissions_boundary(Identity& identity, EntityKind kind);
[[nodiscard]] aws::Operation delete_permissions_boundary(Identity& identity, EntityKind kind);
[[nodiscard]] aws::Operation put_inline_policy(Identity& identity, EntityKind kind);
[[nodiscard]] aws::Operation get_inline_policy(Identity& identity, EntityKind kind);
[[nodiscard]] aws::Operation list_inline_policies(Identity& identity, EntityKind kind);
[[nodiscard]] aws::Operation delete_inline_policy(Identity& identity, EntityKind kind);
[[nodiscard]] aws::Operation attach_policy(Identity& identity, EntityKind kind);
[[nodiscard]] aws::Operation detach_policy(Identity& identity, EntityKind kind);
[[nodiscard]] aws::Operation list_attached_policies(Identity& identity, EntityKind kind);
[[nodiscard]] aws::Operation tag_entity(Identity& identity, EntityKind kind);
[[nodiscard]] aws::Operation untag_entity(Identity& identity, EntityKind kind);
[[nodiscard]] aws::Operation list_entity_tags(Identity& identity, EntityKind kind);

// Managed policies.
[[nodiscard]] aws::Operation create_policy(Identity& identity);
[[nodiscard]] aws::Operation get_policy(Identity& identity);
[[nodiscard]] aws::Operation list_policies(Identity& identity);
[[nodiscard]] aws::Operation delete_policy(Identity& identity);
[[nodiscard]] aws::Operation create_policy_version(Identity& identity);
[[nodiscard]] aws::Operation get_policy_version(Identity& identity);
[[nodiscard]] aws::Operation list_policy_versions(Identity& identity);
[[nodiscard]] aws::Operation set_default_policy_version(Identity& identity);
[[nodiscard]] aws::Operation delete_policy_version(Identity& identity);
[[nodiscard]] aws::Operation tag_policy(Identity& identity);
[[nodiscard]] aws::Operation untag_policy(Identity& identity);
[[nodiscard]] aws::Operation list_policy_tags(Identity& identity);
[[nodiscard]] aws::Operation list_entities_for_policy(Identity& identity);

// OpenID Connect providers.
[[nodiscard]] aws::Operation create_open_id_connect_provider(Identity& identity);
[[nodiscard]] aws::Operation get_open_id_connect_provider(Identity& identity);
[[nodiscard]] aws::Operation list_open_id_connect_providers(Identity& identity);
[[nodiscard]] aws::Operation delete_open_id_connect_provider(Identity& identity);
[[nodiscard]] aws::Operation add_client_id_to_open_id_connect_provider(Identity& identity);
[[nodiscard]] aws::Operation remove_client_id_from_open_id_connect_provider(Identity& identity);
[[nodiscard]] aws::Operation update_open_id_connect_provider_thumbprint(Identity& identity);
[[nodiscard]] aws::Operation tag_open_id_connect_provider(Identity& identity);
[[nodiscard]] aws::Operation untag_open_id_connect_provider(Identity& identity);
[[nodiscard]] aws::Operation list_open_id_connect_provider_tags(Identity& identity);

// STS.
[[nodiscard]] aws::Operation assume_role(Identity& identity);
[[nodiscard]] aws::Operation assume_role_with_web_identity(Identity& identity);
[[nodiscard]] aws::Operation get_caller_identity();
[[nodiscard]] aws::Operation get_session_token(Identity& identity);
[[nodiscard]] aws::Operation get_federation_token(Identity& identity);
[[nodiscard]] aws::Operation get_access_key_info(Identity& identity);
[[nodiscard]] aws::Operation decode_authorization_message(Identity& identity);

}  // namespace stator::iam::ops
