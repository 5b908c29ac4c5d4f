// Every operation of the API through the JavaScript SDK: once with success and once with an error that
// its reference names, and those that stator leaves out with their refusal. Arguments: a prefix for
// tables, and a bucket for exports. Exits 1 with the first difference, and when an operation that the
// SDK knows was not tried.
import assert from "node:assert/strict";
import * as dynamodb from "@aws-sdk/client-dynamodb";
import * as streams from "@aws-sdk/client-dynamodb-streams";

const [prefix, bucket] = process.argv.slice(2);
const config = {
  ...(process.env.STATOR_URL ? { endpoint: process.env.STATOR_URL } : {}),
  region: process.env.AWS_REGION ?? "us-east-1",
  maxAttempts: 1,
};
const apis = [
  { commands: dynamodb, client: new dynamodb.DynamoDBClient(config) },
  { commands: streams, client: new streams.DynamoDBStreamsClient(config) },
];
const stranger = new dynamodb.DynamoDBClient({
  ...config, credentials: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "none" },
});
// docs/compat/dynamodb.md names them too.
const leftOut = [
  "CancelBulkOperation", "CreateGlobalTable", "DescribeBulkOperation", "DescribeContributorInsights",
  "DescribeGlobalTable", "DescribeGlobalTableSettings", "DescribeKinesisStreamingDestination",
  "DescribeTableReplicaAutoScaling", "DisableKinesisStreamingDestination", "EnableKinesisStreamingDestination",
  "ListBulkOperations", "ListContributorInsights", "ListGlobalTables", "SearchVectors", "StartBulkPutItems",
  "UpdateContributorInsights", "UpdateGlobalTable", "UpdateGlobalTableSettings",
  "UpdateKinesisStreamingDestination", "UpdateTableReplicaAutoScaling",
];
const answered = new Set();
const refused = new Set();
const made = new Set();

function send(operation, input, client) {
  const api = apis.find(({ commands }) => commands[`${operation}Command`]);
  return (client ?? api.client).send(new api.commands[`${operation}Command`](input));
}
async function run(operation, input) {
  const answer = await send(operation, input);
  answered.add(operation);
  return answer;
}
async function refuse(operation, input, name, client) {
  await assert.rejects(send(operation, input, client), (error) => {
    assert.equal(error.name, name, `${operation}: ${error.name}: ${error.message}`);
    assert.notEqual(error.message, "", operation);
    return true;
  });
  refused.add(operation);
}
async function until(operation, input, holds) {
  for (let tries = 0; tries < 600; ++tries) {
    const answer = await run(operation, input);
    if (holds(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, config.endpoint ? 50 : 2_000));
  }
  throw new Error(`${operation} did not come to its end`);
}
async function makeTable(name, more = {}) {
  made.add(name);
  await run("CreateTable", { TableName: name, ...schema, ...more });
  const { Table } = await until("DescribeTable", { TableName: name }, ({ Table }) => Table.TableStatus === "ACTIVE");
  return Table;
}

const schema = {
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
  KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
};
const TableName = `${prefix}-all`;
const missing = { TableName: `${prefix}-none` };
const id = (value) => ({ id: { S: value } });

async function tables() {
  const { TableArn } = await makeTable(TableName);
  await refuse("CreateTable", { TableName, ...schema }, "ResourceInUseException");
  await refuse("DescribeTable", missing, "ResourceNotFoundException");
  assert.ok((await run("ListTables", { Limit: 100 })).TableNames.includes(TableName));
  await refuse("ListTables", { Limit: 101 }, "ValidationException");
  await run("UpdateTable", {
    TableName, StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" },
  });
  await until("DescribeTable", { TableName }, ({ Table }) => Table.TableStatus === "ACTIVE");
  await refuse("UpdateTable", { ...missing, DeletionProtectionEnabled: true }, "ResourceNotFoundException");
  for (const operation of ["DescribeLimits", "DescribeEndpoints"]) {
    await run(operation, {});
    await refuse(operation, {}, "UnrecognizedClientException", stranger);
  }

  await run("TagResource", { ResourceArn: TableArn, Tags: [{ Key: "team", Value: "green" }] });
  const { Tags } = await run("ListTagsOfResource", { ResourceArn: TableArn });
  assert.deepEqual(Tags, [{ Key: "team", Value: "green" }]);
  await run("UntagResource", { ResourceArn: TableArn, TagKeys: ["team"] });
  const none = TableArn.replace(TableName, missing.TableName);
  await refuse("TagResource", { ResourceArn: none, Tags: [{ Key: "a", Value: "b" }] }, "ResourceNotFoundException");
  await refuse("UntagResource", { ResourceArn: none, TagKeys: ["a"] }, "ResourceNotFoundException");
  await refuse("ListTagsOfResource", { ResourceArn: none }, "ResourceNotFoundException");

  const Policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{
      Effect: "Allow", Action: "dynamodb:GetItem", Resource: TableArn,
      Principal: { AWS: `arn:aws:iam::${TableArn.split(":")[4]}:root` },
    }],
  });
  const { RevisionId } = await run("PutResourcePolicy", { ResourceArn: TableArn, Policy });
  await refuse("PutResourcePolicy", { ResourceArn: TableArn, Policy, ExpectedRevisionId: "NO_POLICY" },
               "PolicyNotFoundException");
  await until("GetResourcePolicy", { ResourceArn: TableArn }, (found) => found.RevisionId === RevisionId);
  await run("DeleteResourcePolicy", { ResourceArn: TableArn });
  await refuse("DeleteResourcePolicy", { ResourceArn: TableArn, ExpectedRevisionId: RevisionId },
               "PolicyNotFoundException");
  await refuse("GetResourcePolicy", { ResourceArn: none }, "ResourceNotFoundException");

  const TimeToLiveSpecification = { AttributeName: "ttl", Enabled: true };
  await run("UpdateTimeToLive", { TableName, TimeToLiveSpecification });
  await refuse("UpdateTimeToLive", { ...missing, TimeToLiveSpecification }, "ResourceNotFoundException");
  assert.equal((await run("DescribeTimeToLive", { TableName })).TimeToLiveDescription.AttributeName, "ttl");
  await refuse("DescribeTimeToLive", missing, "ResourceNotFoundException");
  return TableArn;
}

async function items() {
  const ConditionExpression = "attribute_not_exists(id)";
  const Key = id("a");
  await run("PutItem", { TableName, Item: { ...Key, n: { N: "1" } } });
  await refuse("PutItem", { TableName, Item: Key, ConditionExpression }, "ConditionalCheckFailedException");
  assert.deepEqual((await run("GetItem", { TableName, Key })).Item, { ...Key, n: { N: "1" } });
  await refuse("GetItem", { ...missing, Key }, "ResourceNotFoundException");
  const update = {
    TableName, Key, UpdateExpression: "ADD n :one", ExpressionAttributeValues: { ":one": { N: "1" } },
    ReturnValues: "ALL_NEW",
  };
  assert.deepEqual((await run("UpdateItem", update)).Attributes, { ...Key, n: { N: "2" } });
  await refuse("UpdateItem", { ...update, ConditionExpression }, "ConditionalCheckFailedException");
  await refuse("DeleteItem", { TableName, Key, ConditionExpression }, "ConditionalCheckFailedException");
  assert.deepEqual((await run("DeleteItem", { TableName, Key, ReturnValues: "ALL_OLD" })).Attributes,
    { ...Key, n: { N: "2" } });

  await run("BatchWriteItem", {
    RequestItems: { [TableName]: ["b", "c"].map((name) => ({ PutRequest: { Item: id(name) } })) },
  });
  await refuse("BatchWriteItem", { RequestItems: { [TableName]: [] } }, "ValidationException");
  const gets = { [TableName]: { Keys: [id("b")] } };
  assert.deepEqual((await run("BatchGetItem", { RequestItems: gets })).Responses, { [TableName]: [id("b")] });
  await refuse("BatchGetItem", { RequestItems: { [missing.TableName]: { Keys: [Key] } } },
    "ResourceNotFoundException");

  const query = { KeyConditionExpression: "id = :id", ExpressionAttributeValues: { ":id": { S: "b" } } };
  assert.deepEqual((await run("Query", { TableName, ...query })).Items, [id("b")]);
  await refuse("Query", { ...missing, ...query }, "ResourceNotFoundException");
  assert.equal((await run("Scan", { TableName })).Count, 2);
  await refuse("Scan", missing, "ResourceNotFoundException");
}

async function transactions() {
  const token = { ClientRequestToken: prefix.slice(-36) };
  await run("TransactWriteItems", { ...token, TransactItems: [{ Put: { TableName, Item: id("t") } }] });
  await refuse("TransactWriteItems", { ...token, TransactItems: [{ Put: { TableName, Item: id("u") } }] },
    "IdempotentParameterMismatchException");
  const { Responses } = await run("TransactGetItems", { TransactItems: [{ Get: { TableName, Key: id("t") } }] });
  assert.deepEqual(Responses, [{ Item: id("t") }]);
  await refuse("TransactGetItems", { TransactItems: [{ Get: { TableName, Key: { no: { S: "x" } } } }] },
    "TransactionCanceledException");

  const insert = { Statement: `INSERT INTO "${TableName}" VALUE {'id': ?}`, Parameters: [{ S: "p" }] };
  await run("ExecuteStatement", insert);
  await refuse("ExecuteStatement", insert, "DuplicateItemException");
  const select = { Statement: `SELECT id FROM "${TableName}" WHERE id = 'p'` };
  assert.deepEqual((await run("BatchExecuteStatement", { Statements: [select] })).Responses,
    [{ Item: id("p"), TableName }]);
  await refuse("BatchExecuteStatement", { Statements: [] }, "ValidationException");
  assert.deepEqual((await run("ExecuteTransaction", { TransactStatements: [select] })).Responses, [{ Item: id("p") }]);
  await refuse("ExecuteTransaction", { TransactStatements: [insert] }, "TransactionCanceledException");
}

async function changes() {
  const { Streams } = await run("ListStreams", { TableName });
  await refuse("ListStreams", { Limit: 0 }, "ValidationException");
  const [{ StreamArn }] = Streams;
  const { StreamDescription } = await run("DescribeStream", { StreamArn });
  assert.equal(StreamDescription.StreamViewType, "NEW_IMAGE");
  const noStream = StreamArn.replace(TableName, missing.TableName);
  await refuse("DescribeStream", { StreamArn: noStream }, "ResourceNotFoundException");
  const [{ ShardId }] = StreamDescription.Shards;
  const at = { StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" };
  const { ShardIterator } = await run("GetShardIterator", at);
  await refuse("GetShardIterator", { ...at, StreamArn: noStream }, "ResourceNotFoundException");
  const { Records } = await run("GetRecords", { ShardIterator });
  assert.deepEqual(Records[0].dynamodb.NewImage, { ...id("a"), n: { N: "1" } });
  await refuse("GetRecords", { ShardIterator: "none" }, "ValidationException");
}

async function backups(TableArn) {
  const { BackupDetails } = await run("CreateBackup", { TableName, BackupName: "all" });
  const { BackupArn } = BackupDetails;
  const noBackup = { BackupArn: `${TableArn}/backup/01489602797149-73d8d5bc` };
  await refuse("CreateBackup", { ...missing, BackupName: "all" }, "TableNotFoundException");
  await until("DescribeBackup", { BackupArn },
    ({ BackupDescription }) => BackupDescription.BackupDetails.BackupStatus === "AVAILABLE");
  await refuse("DescribeBackup", noBackup, "BackupNotFoundException");
  const { BackupSummaries } = await run("ListBackups", { TableName });
  assert.deepEqual(BackupSummaries.map((backup) => backup.BackupArn), [BackupArn]);
  await refuse("ListBackups", { Limit: 101 }, "ValidationException");
  made.add(`${prefix}-restored`);
  await run("RestoreTableFromBackup", { TargetTableName: `${prefix}-restored`, BackupArn });
  await refuse("RestoreTableFromBackup", { TargetTableName: TableName, BackupArn }, "TableAlreadyExistsException");
  await run("DescribeTable", { TableName: `${prefix}-restored` });

  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
  await run("UpdateContinuousBackups", { TableName, PointInTimeRecoverySpecification });
  await refuse("UpdateContinuousBackups", { ...missing, PointInTimeRecoverySpecification }, "TableNotFoundException");
  const { ContinuousBackupsDescription } = await run("DescribeContinuousBackups", { TableName });
  assert.equal(ContinuousBackupsDescription.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus, "ENABLED");
  await refuse("DescribeContinuousBackups", missing, "TableNotFoundException");
  const latest = { SourceTableName: TableName, UseLatestRestorableTime: true };
  made.add(`${prefix}-again`);
  await run("RestoreTableToPointInTime", { ...latest, TargetTableName: `${prefix}-again` });
  await refuse("RestoreTableToPointInTime", { ...latest, TargetTableName: TableName }, "TableAlreadyExistsException");
  await run("DeleteBackup", { BackupArn });
  await refuse("DeleteBackup", { BackupArn }, "BackupNotFoundException");
}

async function files(TableArn) {
  const place = { S3Bucket: bucket };
  const { ExportDescription } = await run("ExportTableToPointInTime", { TableArn, ...place, S3Prefix: "out" });
  const { ExportArn } = ExportDescription;
  const none = TableArn.replace(TableName, missing.TableName);
  await refuse("ExportTableToPointInTime", { TableArn: none, ...place }, "TableNotFoundException");
  const done = await until("DescribeExport", { ExportArn },
    (answer) => answer.ExportDescription.ExportStatus !== "IN_PROGRESS");
  assert.equal(done.ExportDescription.ExportStatus, "COMPLETED");
  await refuse("DescribeExport", { ExportArn: `${TableArn}/export/01489602797149-73d8d5bc` },
    "ExportNotFoundException");
  assert.equal((await run("ListExports", { TableArn })).ExportSummaries.length, 1);
  await refuse("ListExports", { MaxResults: 26 }, "ValidationException");

  made.add(`${prefix}-imported`);
  const S3KeyPrefix = done.ExportDescription.ExportManifest.replace("manifest-summary.json", "data/");
  const request = {
    S3BucketSource: { ...place, S3KeyPrefix },
    InputFormat: "DYNAMODB_JSON", InputCompressionType: "GZIP",
    TableCreationParameters: { TableName: `${prefix}-imported`, ...schema },
  };
  const { ImportTableDescription } = await run("ImportTable", request);
  const { ImportArn } = ImportTableDescription;
  const brought = await until("DescribeImport", { ImportArn },
    (answer) => answer.ImportTableDescription.ImportStatus !== "IN_PROGRESS");
  assert.equal(brought.ImportTableDescription.ImportStatus, "COMPLETED");
  await refuse("ImportTable", request, "ResourceInUseException");
  await refuse("DescribeImport", { ImportArn: `${TableArn}/import/01489602797149-73d8d5bc` },
    "ImportNotFoundException");
  const { ImportSummaryList } = await run("ListImports", {});
  assert.ok(ImportSummaryList.some((summary) => summary.ImportArn === ImportArn));
  await refuse("ListImports", { PageSize: 26 }, "ValidationException");
  assert.equal((await run("Scan", { TableName: `${prefix}-imported` })).Count,
    (await run("Scan", { TableName })).Count);
}

function namesOf(commands) {
  return Object.keys(commands).filter((name) => name.endsWith("Command") && !name.startsWith("$"))
    .map((name) => name.slice(0, -"Command".length));
}

try {
  const TableArn = await tables();
  await items();
  await transactions();
  await changes();
  await backups(TableArn);
  await files(TableArn);
} finally {
  for (const name of made) {
    await until("DescribeTable", { TableName: name }, ({ Table }) => Table.TableStatus === "ACTIVE").catch(() => {});
    await run("DeleteTable", { TableName: name }).catch(() => {});
  }
}
await refuse("DeleteTable", missing, "ResourceNotFoundException");
for (const operation of leftOut) await refuse(operation, {}, "UnknownOperationException");
const all = apis.flatMap(({ commands }) => namesOf(commands));
assert.deepEqual(all.filter((name) => !refused.has(name)), [], "never refused");
assert.deepEqual(all.filter((name) => !answered.has(name) && !leftOut.includes(name)), [], "never answered");
