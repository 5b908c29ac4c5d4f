// A round over the operations on items through the JavaScript SDK's document client, as applications
// use it: plain objects in and out, paginators, typed errors. URL, region and keys come from the
// environment. Exits 1 with the first difference.
import assert from "node:assert/strict";
import {
  CreateTableCommand, DeleteTableCommand, DescribeTableCommand, DynamoDBClient, ListTablesCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import {
  BatchGetCommand, BatchWriteCommand, DeleteCommand, DynamoDBDocumentClient, GetCommand, paginateQuery,
  paginateScan, PutCommand, TransactGetCommand, TransactWriteCommand, UpdateCommand,
} from "@aws-sdk/lib-dynamodb";

const client = new DynamoDBClient({
  ...(process.env.STATOR_URL ? { endpoint: process.env.STATOR_URL } : {}),
  region: process.env.AWS_REGION ?? "us-east-1",
  maxAttempts: 1,
});
const items = DynamoDBDocumentClient.from(client);
const TableName = process.argv[2];

await client.send(new CreateTableCommand({
  TableName,
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [
    { AttributeName: "id", AttributeType: "S" },
    { AttributeName: "sk", AttributeType: "N" },
  ],
  KeySchema: [
    { AttributeName: "id", KeyType: "HASH" },
    { AttributeName: "sk", KeyType: "RANGE" },
  ],
}));
try {
  await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1 }, { TableName });
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  assert.equal(Table.TableStatus, "ACTIVE");
  assert.ok(Table.CreationDateTime instanceof Date);
  assert.ok((await client.send(new ListTablesCommand({}))).TableNames.includes(TableName));

  const Item = {
    id: "a", sk: 1, text: "\u2603", list: [1, "two", null, true], map: { deep: { deeper: -1.5 } },
    set: new Set(["x", "y"]), bytes: new Uint8Array([0, 1, 255]),
  };
  await items.send(new PutCommand({ TableName, Item }));
  const { Item: read } = await items.send(new GetCommand({ TableName, Key: { id: "a", sk: 1 } }));
  assert.deepEqual({ ...read, bytes: [...read.bytes] }, { ...Item, bytes: [0, 1, 255] });

  await assert.rejects(
    items.send(new PutCommand({
      TableName, Item, ConditionExpression: "attribute_not_exists(id)",
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    })),
    (error) => error.name === "ConditionalCheckFailedException" && error.Item.text.S === "\u2603");

  const { Attributes } = await items.send(new UpdateCommand({
    TableName, Key: { id: "a", sk: 1 }, ReturnValues: "UPDATED_NEW",
    UpdateExpression: "SET #m.#d = :v ADD counter_of :one",
    ExpressionAttributeNames: { "#m": "map", "#d": "new" },
    ExpressionAttributeValues: { ":v": [true], ":one": 1 },
  }));
  assert.deepEqual(Attributes, { map: { new: [true] }, counter_of: 1 });

  await items.send(new BatchWriteCommand({
    RequestItems: {
      [TableName]: Array.from({ length: 25 }, (_, sk) => ({ PutRequest: { Item: { id: "b", sk } } })),
    },
  }));
  const seen = [];
  const pages = paginateQuery({ client: items, pageSize: 10 }, {
    TableName, KeyConditionExpression: "id = :b AND sk >= :five", ScanIndexForward: false,
    ExpressionAttributeValues: { ":b": "b", ":five": 5 },
  });
  for await (const page of pages) seen.push(...page.Items.map((item) => item.sk));
  assert.deepEqual(seen, Array.from({ length: 20 }, (_, i) => 24 - i));

  let scanned = 0;
  for await (const page of paginateScan({ client: items, pageSize: 7 }, { TableName })) scanned += page.Count;
  assert.equal(scanned, 26);

  const { Responses } = await items.send(new BatchGetCommand({
    RequestItems: { [TableName]: { Keys: [{ id: "b", sk: 3 }, { id: "none", sk: 0 }] } },
  }));
  assert.deepEqual(Responses[TableName], [{ id: "b", sk: 3 }]);

  await items.send(new TransactWriteCommand({
    TransactItems: [
      { Put: { TableName, Item: { id: "t", sk: 1 } } },
      { Delete: { TableName, Key: { id: "b", sk: 0 } } },
      { ConditionCheck: { TableName, Key: { id: "b", sk: 1 }, ConditionExpression: "attribute_exists(id)" } },
    ],
  }));
  const both = await items.send(new TransactGetCommand({
    TransactItems: [
      { Get: { TableName, Key: { id: "t", sk: 1 } } },
      { Get: { TableName, Key: { id: "b", sk: 0 } } },
    ],
  }));
  assert.deepEqual(both.Responses.map((answer) => answer.Item), [{ id: "t", sk: 1 }, undefined]);
  await assert.rejects(
    items.send(new TransactWriteCommand({
      TransactItems: [
        { Put: { TableName, Item: { id: "t", sk: 2 } } },
        { Put: { TableName, Item: { id: "t", sk: 1 }, ConditionExpression: "attribute_not_exists(id)" } },
      ],
    })),
    (error) => error.name === "TransactionCanceledException" &&
      error.CancellationReasons.map((reason) => reason.Code).join() === "None,ConditionalCheckFailed");

  const old = await items.send(new DeleteCommand({ TableName, Key: { id: "t", sk: 1 }, ReturnValues: "ALL_OLD" }));
  assert.deepEqual(old.Attributes, { id: "t", sk: 1 });
  assert.equal((await items.send(new GetCommand({ TableName, Key: { id: "t", sk: 2 } }))).Item, undefined);
} finally {
  await client.send(new DeleteTableCommand({ TableName }));
}
