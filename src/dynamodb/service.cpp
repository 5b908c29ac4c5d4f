#include "dynamodb/ops/operations.hpp"

namespace stator::dynamodb {

aws::Service make_service(Tables& tables) {
  aws::Service service{"dynamodb", aws::Protocol::kJson10, "DynamoDB_20120810"};
  service.operations = {batch_get_item(tables),
                        batch_write_item(tables),
                        create_table(tables),
                        delete_item(tables),
                        delete_table(tables),
                        describe_continuous_backups(tables),
                        describe_endpoints(),
                        describe_limits(),
                        describe_table(tables),
                        describe_time_to_live(tables),
                        batch_execute_statement(tables),
                        execute_statement(tables),
                        execute_transaction(tables),
                        get_item(tables),
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
