#include "dynamodb/service_model.hpp"

/// Requests on many items: batches, transactions, PartiQL. Members stand in the order in which AWS
/// reports what is wrong with them.
namespace stator::dynamodb::model {

namespace {

/// A key of RequestItems: a table by name or ARN.
constexpr Rule kTableKey = optional_table_name("");

constexpr Rule kGetsMembers[] = {required(list("Keys", {}, 1, 100)), kAttributesToGet,
                                 kConsistentRead, kProjectionExpression, kNames};
constexpr Rule kGets[] = {structure("", kGetsMembers, "KeysAndAttributes")};
constexpr Rule kBatchGetItem[] = {kReturnConsumedCapacity,
                                  required(map("RequestItems", kTableKey, kGets))};

constexpr Rule kPutMembers[] = {kItem};
constexpr Rule kDeleteMembers[] = {kKey};
constexpr Rule kWriteMembers[] = {structure("PutRequest", kPutMembers, "PutRequest"),
                                  structure("DeleteRequest", kDeleteMembers, "DeleteRequest")};
constexpr Rule kWrite[] = {structure("", kWriteMembers, "WriteRequest")};
constexpr Rule kWrites[] = {list("", kWrite, 1, 25)};
constexpr Rule kBatchWriteItem[] = {kReturnConsumedCapacity, kReturnItemCollectionMetrics,
                                    required(map("RequestItems", kTableKey, kWrites))};

constexpr Rule kCheckActionMembers[] = {
    table_name(), kKey, required(kConditionExpression), kReturnValuesOnFailure, kNames, kValues};
constexpr Rule kPutActionMembers[] = {table_name(),           kItem,  kConditionExpression,
                                      kReturnValuesOnFailure, kNames, kValues};
constexpr Rule kDeleteActionMembers[] = {table_name(),           kKey,   kConditionExpression,
                                         kReturnValuesOnFailure, kNames, kValues};
constexpr Rule kUpdateActionMembers[] = {table_name(),
                                         kKey,
                                         required(text("UpdateExpression")),
                                         kConditionExpression,
                                         kReturnValuesOnFailure,
                                         kNames,
                                         kValues};
constexpr Rule kActionMembers[] = {
    structure("ConditionCheck", kCheckActionMembers, "ConditionCheck"),
    structure("Put", kPutActionMembers, "Put"), structure("Delete", kDeleteActionMembers, "Delete"),
    structure("Update", kUpdateActionMembers, "Update")};
constexpr Rule kAction[] = {structure("", kActionMembers, "TransactWriteItem")};
constexpr Rule kClientRequestToken = text("ClientRequestToken", 1, 36);
constexpr Rule kTransactWriteItems[] = {kReturnConsumedCapacity, kReturnItemCollectionMetrics,
                                        kClientRequestToken,
                                        required(list("TransactItems", kAction, 1, 100))};

constexpr Rule kGetMembers[] = {table_name(), kKey, kProjectionExpression, kNames};
constexpr Rule kGetActionMembers[] = {required(structure("Get", kGetMembers, "Get"))};
constexpr Rule kGetAction[] = {structure("", kGetActionMembers, "TransactGetItem")};
constexpr Rule kTransactGetItems[] = {kReturnConsumedCapacity,
                                      required(list("TransactItems", kGetAction, 1, 100))};

constexpr Rule kStatement = required(text("Statement", 1, 8'192));
constexpr Rule kParameters = list("Parameters", {}, 1);
constexpr std::int64_t kIntegerMax = 2'147'483'647;
constexpr Rule kExecuteStatement[] = {kStatement,
                                      kParameters,
                                      kConsistentRead,
                                      kReturnValuesOnFailure,
                                      kReturnConsumedCapacity,
                                      text("NextToken", 1, 32'768),
                                      typed(Type::kInteger, "Limit", 1, kIntegerMax)};

constexpr Rule kBatchStatementMembers[] = {kStatement, kParameters, kConsistentRead,
                                           kReturnValuesOnFailure};
constexpr Rule kBatchStatement[] = {structure("", kBatchStatementMembers, "BatchStatementRequest")};
constexpr Rule kBatchExecuteStatement[] = {required(list("Statements", kBatchStatement, 1, 25)),
                                           kReturnConsumedCapacity};

constexpr Rule kTransactStatementMembers[] = {kStatement, kParameters, kReturnValuesOnFailure};
constexpr Rule kTransactStatement[] = {
    structure("", kTransactStatementMembers, "ParameterizedStatement")};
constexpr Rule kExecuteTransaction[] = {
    required(list("TransactStatements", kTransactStatement, 1, 100)), kReturnConsumedCapacity,
    kClientRequestToken};

constexpr Request kRequests[] = {
    {"BatchGetItem", kBatchGetItem},
    {"BatchWriteItem", kBatchWriteItem},
    {"TransactWriteItems", kTransactWriteItems},
    {"TransactGetItems", kTransactGetItems},
    {"ExecuteStatement", kExecuteStatement},
    {"BatchExecuteStatement", kBatchExecuteStatement},
    {"ExecuteTransaction", kExecuteTransaction},
};

}  // namespace

const std::span<const Request> kJointRequests = kRequests;

}  // namespace stator::dynamodb::model
