#pragma once

#include "aws/operation.hpp"
#include "dynamodb/tables.hpp"

/// One operation, one file of this folder. service.cpp lists them.
namespace stator::dynamodb {

// On items.
[[nodiscard]] aws::Operation batch_get_item(Tables& tables);
[[nodiscard]] aws::Operation batch_write_item(Tables& tables);
[[nodiscard]] aws::Operation delete_item(Tables& tables);
[[nodiscard]] aws::Operation batch_execute_statement(Tables& tables);
[[nodiscard]] aws::Operation execute_statement(Tables& tables);
[[nodiscard]] aws::Operation execute_transaction(Tables& tables);
[[nodiscard]] aws::Operation get_item(Tables& tables);
[[nodiscard]] aws::Operation put_item(Tables& tables);
[[nodiscard]] aws::Operation query(Tables& tables);
[[nodiscard]] aws::Operation scan(Tables& tables);
[[nodiscard]] aws::Operation transact_get_items(Tables& tables);
[[nodiscard]] aws::Operation transact_write_items(Tables& tables);
[[nodiscard]] aws::Operation update_item(Tables& tables);

// On tables.
[[nodiscard]] aws::Operation create_table(Tables& tables);
[[nodiscard]] aws::Operation delete_table(Tables& tables);
[[nodiscard]] aws::Operation delete_resource_policy(Tables& tables);
[[nodiscard]] aws::Operation describe_continuous_backups(Tables& tables);
[[nodiscard]] aws::Operation describe_endpoints();
[[nodiscard]] aws::Operation describe_limits();
[[nodiscard]] aws::Operation describe_table(Tables& tables);
[[nodiscard]] aws::Operation describe_time_to_live(Tables& tables);
[[nodiscard]] aws::Operation get_resource_policy(Tables& tables);
[[nodiscard]] aws::Operation list_tables(Tables& tables);
[[nodiscard]] aws::Operation list_tags_of_resource(Tables& tables);
[[nodiscard]] aws::Operation put_resource_policy(Tables& tables);
[[nodiscard]] aws::Operation tag_resource(Tables& tables);
[[nodiscard]] aws::Operation untag_resource(Tables& tables);
[[nodiscard]] aws::Operation update_table(Tables& tables);
[[nodiscard]] aws::Operation update_time_to_live(Tables& tables);

// On tables and their copies.
[[nodiscard]] aws::Operation create_backup(recovery::Recovery& recovery);
[[nodiscard]] aws::Operation delete_backup(recovery::Recovery& recovery);
[[nodiscard]] aws::Operation delete_table(recovery::Recovery& recovery);
[[nodiscard]] aws::Operation describe_backup(recovery::Recovery& recovery);
[[nodiscard]] aws::Operation describe_continuous_backups(recovery::Recovery& recovery);
[[nodiscard]] aws::Operation describe_export(recovery::Recovery& recovery);
[[nodiscard]] aws::Operation describe_import(recovery::Recovery& recovery);
[[nodiscard]] aws::Operation export_table_to_point_in_time(recovery::Recovery& recovery);
[[nodiscard]] aws::Operation import_table(recovery::Recovery& recovery);
[[nodiscard]] aws::Operation list_backups(recovery::Recovery& recovery);
[[nodiscard]] aws::Operation list_exports(recovery::Recovery& recovery);
[[nodiscard]] aws::Operation list_imports(recovery::Recovery& recovery);
[[nodiscard]] aws::Operation restore_table_from_backup(recovery::Recovery& recovery);
[[nodiscard]] aws::Operation restore_table_to_point_in_time(recovery::Recovery& recovery);
[[nodiscard]] aws::Operation update_continuous_backups(recovery::Recovery& recovery);

}  // namespace stator::dynamodb
