#include "dynamodb/ops/operations.hpp"

namespace stator::dynamodb {

aws::Service make_service(Tables& tables, recovery::Recovery& recovery) {
  aws::Service service{"dynamodb", aws::Protocol::kJson10, "DynamoDB_20120810"};
  service.operations = {batch_get_item(tables),
                        batch_write_item(tables),
                        create_table(tables),
                        create_backup(recovery),
                        delete_backup(recovery),
                        describe_backup(recovery),
                        describe_export(recovery),
                        describe_import(recovery),
                        export_table_to_point_in_time(recovery),
                        import_table(recovery),
                        list_exports(recovery),
                        list_imports(recovery),
                        list_backups(recovery),
                        restore_table_from_backup(recovery),
                        restore_table_to_point_in_time(recovery),
                        update_continuous_backups(recovery),
                        delete_item(tables),
                        delete_table(recovery),
                        describe_continuous_backups(recovery),
                        describe_endpoints(),
                        describe_limits(),
                        describe_table(tables),
                        describe_time_to_live(tables),
                        batch_execute_statement(tables),
                        execute_statement(tables),
                        execute_transaction(tables),
                        get_item(tables),
                        delete_resource_policy(tables),
                        get_resource_policy(tables),
                        put_resource_policy(tables),
                        list_tables(tables),
                        list_tags_of_resource(tables),
                        put_item(tables),
                        query(tables),
                        scan(tables),
                        tag_resource(tables),
                        transact_get_items(tables),
                        transact_write_items(tables),
                        untag_resource(tables),
                        update_table(tables),
                        update_item(tables),
                        update_time_to_live(tables)};
  return service;
}

}  // namespace stator::dynamodb
