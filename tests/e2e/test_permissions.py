"""Users, roles and functions each try what they may and what they may not, for every service."""

import json
import pathlib
import unittest
import urllib.error
import urllib.parse
import urllib.request

from stator import package, Stator

try:
    import boto3
    import botocore.exceptions
    from botocore.auth import S3SigV4Auth, SigV4Auth
    from botocore.awsrequest import AWSRequest
except ImportError:
    boto3 = None

ACCOUNT = "000000000000"
TABLE = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/notes"
BOOTSTRAP = (pathlib.Path(__file__).parent / "signing_bootstrap.py").read_bytes()
PACKAGE = package({"bootstrap": BOOTSTRAP})
LAMBDA_TRUST = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action, resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action, resource="*", **more):
    return {**allow(action, resource, **more), "Effect": "Deny"}


def named(operation, members, service="dynamodb", target="DynamoDB_20120810"):
    return [service, "POST", "/", {"x-amz-target": f"{target}.{operation}",
                                   "content-type": "application/x-amz-json-1.0"}, json.dumps(members)]


def form(service, version, **members):
    return [service, "POST", "/", {"content-type": "application/x-www-form-urlencoded"},
            urllib.parse.urlencode({"Version": version, **members})]


def logs(operation, members):
    return named(operation, members, "logs", "Logs_20140328")


LOCKED = f"arn:aws:iam::{ACCOUNT}:role/locked"
# For each service one call that EVERYWHERE allows and one that it does not.
PROBES = {
    "dynamodb": (named("DescribeTable", {"TableName": "notes"}), named("ListTables", {})),
    "logs": (logs("DescribeLogGroups", {}), logs("CreateLogGroup", {"logGroupName": "g"})),
    "lambda": (["lambda", "GET", "/2015-03-31/functions/", {}, ""],
               ["lambda", "GET", "/2015-03-31/functions/f", {}, ""]),
    "apigateway": (["apigateway", "GET", "/v2/apis", {}, ""], ["apigateway", "GET", "/v2/apis/a", {}, ""]),
    "iam": (form("iam", "2010-05-08", Action="ListUsers"), form("iam", "2010-05-08", Action="ListRoles")),
    "sts": (form("sts", "2011-06-15", Action="GetCallerIdentity"),
            form("sts", "2011-06-15", Action="AssumeRole", RoleArn=LOCKED, RoleSessionName="me")),
    "cloudformation": (form("cloudformation", "2010-05-15", Action="ListStacks"),
                       form("cloudformation", "2010-05-15", Action="DescribeStacks", StackName="s")),
    "s3": (["s3", "GET", "/papers/public/a", {}, ""], ["s3", "GET", "/papers/private/a", {}, ""]),
}
EVERYWHERE = ({"Effect": "Allow", "Action": ["dynamodb:DescribeTable", "logs:DescribeLogGroups", "lambda:ListFunctions",
                                             "iam:ListUsers", "cloudformation:ListStacks"], "Resource": "*"},
              {"Effect": "Allow", "Action": "apigateway:GET", "Resource": "arn:aws:apigateway:us-east-1::/apis"},
              {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::papers/public/*"})


class Caller:
    """Clients of one identity."""

    def __init__(self, stator, key, secret, token=None):
        self.session = boto3.Session(key, secret, token, region_name="us-east-1")
        self.stator = stator

    def __getattr__(self, service):
        client = self.session.client({"functions": "lambda"}.get(service, service), endpoint_url=self.stator.url)
        setattr(self, service, client)
        return client


@unittest.skipIf(boto3 is None, "python3-boto3 is not installed")
class Permissions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stator = Stator().start()
        cls.addClassCleanup(cls.stator.__exit__)
        environment = cls.stator.environment()
        cls.root = Caller(cls.stator, environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"])
        cls.root.dynamodb.create_table(
            TableName="notes", BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("owner", "id")],
            KeySchema=[{"AttributeName": "owner", "KeyType": "HASH"}, {"AttributeName": "id", "KeyType": "RANGE"}])
        for owner in ("ann", "bob"):
            cls.root.dynamodb.put_item(TableName="notes", Item={
                "owner": {"S": owner}, "id": {"S": "1"}, "text": {"S": "hello"}, "secret": {"S": "x"}})
        cls.root.s3.create_bucket(Bucket="papers")
        for key in ("public/a", "private/a"):
            cls.root.s3.put_object(Bucket="papers", Key=key, Body=b"x")

    def user(self, name, *statements):
        """A user of its own for this test."""
        self.root.iam.create_user(UserName=name)
        if statements:
            self.root.iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=document(*statements))
        key = self.root.iam.create_access_key(UserName=name)["AccessKey"]

        def remove():
            self.root.iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
            if statements:
                self.root.iam.delete_user_policy(UserName=name, PolicyName="p")
            self.root.iam.delete_user(UserName=name)
        self.addCleanup(remove)
        return Caller(self.stator, key["AccessKeyId"], key["SecretAccessKey"])

    def role(self, name, trust, *statements):
        arn = self.root.iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust))["Role"]["Arn"]
        self.root.iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=document(*statements))

        def remove():
            self.root.iam.delete_role_policy(RoleName=name, PolicyName="p")
            self.root.iam.delete_role(RoleName=name)
        self.addCleanup(remove)
        return arn

    def refused(self, call, *words, **members):
        """The call is denied, and its message has the words."""
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            call(**members)
        error = caught.exception.response["Error"]
        self.assertIn(error["Code"], ("AccessDenied", "AccessDeniedException", "403"), error)
        for word in words:
            self.assertIn(word, error["Message"])

    def as_root(self, operation, **members):
        """An operation of DynamoDB that Debian's boto3 is too old to know."""
        request = AWSRequest("POST", self.stator.url + "/", data=json.dumps(members), headers={
            "Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "DynamoDB_20120810." + operation})
        SigV4Auth(self.root.session.get_credentials(), "dynamodb", "us-east-1").add_auth(request)
        with urllib.request.urlopen(urllib.request.Request(
                request.url, request.data.encode(), dict(request.headers)), timeout=30) as answer:
            return json.loads(answer.read())

    @staticmethod
    def key(owner):
        return {"owner": {"S": owner}, "id": {"S": "1"}}

    def test_each_user_has_its_own_rows(self):
        own = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["${aws:username}"]}}
        actions = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:BatchGetItem",
                   "dynamodb:PartiQLSelect"]
        ann = self.user("ann", allow(actions, TABLE, Condition=own),
                        deny("dynamodb:PartiQLSelect", Condition={"Bool": {"dynamodb:FullTableScan": "true"}})).dynamodb
        self.assertIn("Item", ann.get_item(TableName="notes", Key=self.key("ann")))
        self.refused(ann.get_item, "no identity-based policy allows the dynamodb:GetItem action",
                     TableName="notes", Key=self.key("bob"))
        ann.put_item(TableName="notes", Item=self.key("ann"))
        self.refused(ann.put_item, TableName="notes", Item=self.key("bob"))
        query = {"TableName": "notes", "KeyConditionExpression": "#o = :o", "ExpressionAttributeNames": {"#o": "owner"}}
        self.assertEqual(ann.query(**query, ExpressionAttributeValues={":o": {"S": "ann"}})["Count"], 1)
        self.refused(ann.query, **query, ExpressionAttributeValues={":o": {"S": "bob"}})
        self.refused(ann.scan, TableName="notes")
        ann.batch_get_item(RequestItems={"notes": {"Keys": [self.key("ann")]}})
        self.refused(ann.batch_get_item, RequestItems={"notes": {"Keys": [self.key("ann"), self.key("bob")]}})
        get = {"TableName": "notes"}
        ann.transact_get_items(TransactItems=[{"Get": {**get, "Key": self.key("ann")}}])
        self.refused(ann.transact_get_items, TransactItems=[{"Get": {**get, "Key": self.key(owner)}}
                                                            for owner in ("ann", "bob")])
        self.assertEqual(len(ann.execute_statement(Statement="SELECT * FROM notes WHERE owner='ann'")["Items"]), 1)
        self.refused(ann.execute_statement, Statement="SELECT * FROM notes WHERE owner='bob'")
        self.refused(ann.execute_statement, "explicit deny", Statement="SELECT * FROM notes")

    def test_attributes_are_named_or_not_seen(self):
        condition = {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["owner", "id", "text"]},
                     "StringEqualsIfExists": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES",
                                              "dynamodb:ReturnValues": ["NONE", "UPDATED_OLD", "UPDATED_NEW"]}}
        clerk = self.user("clerk", allow(["dynamodb:GetItem", "dynamodb:Scan", "dynamodb:UpdateItem"], TABLE,
                                         Condition=condition)).dynamodb
        get = {"TableName": "notes", "Key": self.key("bob")}
        self.assertEqual(clerk.get_item(**get, ProjectionExpression="#t",
                                        ExpressionAttributeNames={"#t": "text"})["Item"], {"text": {"S": "hello"}})
        self.refused(clerk.get_item, **get)
        self.refused(clerk.get_item, **get, ProjectionExpression="secret")
        self.refused(clerk.scan, TableName="notes", FilterExpression="secret = :s", ProjectionExpression="id",
                     ExpressionAttributeValues={":s": {"S": "x"}})
        update = {**get, "UpdateExpression": "SET #t = :t", "ExpressionAttributeNames": {"#t": "text"},
                  "ExpressionAttributeValues": {":t": {"S": "hello"}}}
        clerk.update_item(**update, ReturnValues="UPDATED_NEW")
        self.refused(clerk.update_item, **update, ReturnValues="ALL_NEW")

    def test_a_table_policy_opens_the_table_to_whom_it_names(self):
        guest, other = self.user("guest").dynamodb, self.user("other").dynamodb
        get = {"TableName": "notes", "Key": self.key("bob")}
        self.refused(guest.get_item, **get)
        statement = allow("dynamodb:GetItem", TABLE, Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:user/guest"})
        first = self.as_root("PutResourcePolicy", ResourceArn=TABLE, Policy=document(statement))["RevisionId"]
        self.addCleanup(self.as_root, "DeleteResourcePolicy", ResourceArn=TABLE)
        self.assertIn("Item", guest.get_item(**get))
        self.refused(other.get_item, **get)
        self.refused(guest.delete_item, **get)
        self.refused(guest.get_item, TableName="nowhere", Key={"id": {"S": "a"}})
        denial = deny("dynamodb:GetItem", TABLE, Principal="*")
        self.as_root("PutResourcePolicy", ResourceArn=TABLE, Policy=document(statement, denial),
                     ExpectedRevisionId=first)
        self.refused(guest.get_item, "explicit deny in a resource-based policy", **get)

    def test_an_address_is_denied(self):
        here = {"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}
        local = self.user("local", allow("dynamodb:*"), deny("dynamodb:DeleteTable", Condition=here)).dynamodb
        local.describe_table(TableName="notes")
        self.refused(local.delete_table, "explicit deny", TableName="notes")

    def test_a_role_reads_what_its_prefix_allows(self):
        arn = self.role("reader", {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
                                   "Action": "sts:AssumeRole"},
                        allow("s3:GetObject", "arn:aws:s3:::papers/public/*"),
                        allow("s3:ListBucket", "arn:aws:s3:::papers",
                              Condition={"StringLike": {"s3:prefix": "public/*"}}))
        user = self.user("walker", allow("sts:AssumeRole", arn))
        keys = user.sts.assume_role(RoleArn=arn, RoleSessionName="walk")["Credentials"]
        s3 = Caller(self.stator, keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"]).s3
        s3.get_object(Bucket="papers", Key="public/a")
        self.refused(s3.get_object, Bucket="papers", Key="private/a")
        self.assertEqual(s3.list_objects_v2(Bucket="papers", Prefix="public/")["KeyCount"], 1)
        self.refused(s3.list_objects_v2, Bucket="papers")
        # The bucket itself lets the role's sessions see more.
        more = allow("s3:GetObject", "arn:aws:s3:::papers/private/*", Principal={"AWS": arn})
        self.root.s3.put_bucket_policy(Bucket="papers", Policy=document(more))
        self.addCleanup(self.root.s3.delete_bucket_policy, Bucket="papers")
        s3.get_object(Bucket="papers", Key="private/a")
        self.refused(s3.delete_object, Bucket="papers", Key="private/a")

    def test_a_function_does_what_its_role_may_and_nothing_else(self):
        role = self.role("clerk-function", LAMBDA_TRUST, allow("dynamodb:GetItem", TABLE))
        self.root.functions.create_function(FunctionName="clerk", Runtime="provided.al2023", Handler="x", Role=role,
                                            Code={"ZipFile": PACKAGE}, Timeout=20)
        self.addCleanup(self.root.functions.delete_function, FunctionName="clerk")

        def attempt():
            calls = [named("GetItem", {"TableName": "notes", "Key": self.key("bob")}),
                     named("DeleteItem", {"TableName": "notes", "Key": self.key("nobody")}), named("ListTables", {})]
            answer = self.root.functions.invoke(FunctionName="clerk", Payload=json.dumps({"calls": calls}))
            return json.loads(answer["Payload"].read())
        self.assertEqual(attempt(), ["ok", "denied", "denied"])
        # A change of its policy counts from the next request on, with the keys that it has.
        self.root.iam.put_role_policy(RoleName="clerk-function", PolicyName="p",
                                      PolicyDocument=document(allow("dynamodb:ListTables")))
        self.assertEqual(attempt(), ["denied", "denied", "ok"])

        other = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:other*"
        invoker, caller = self.user("invoker", allow("lambda:InvokeFunction", other)), self.user("caller")
        invoke = {"FunctionName": "clerk", "InvocationType": "DryRun"}
        self.refused(invoker.functions.invoke, **invoke)
        self.refused(caller.functions.invoke, **invoke)
        self.root.functions.add_permission(FunctionName="clerk", StatementId="s", Action="lambda:InvokeFunction",
                                           Principal=f"arn:aws:iam::{ACCOUNT}:user/caller")
        caller.functions.invoke(**invoke)
        self.refused(invoker.functions.invoke, **invoke)

    def test_a_route_is_invoked_only_by_whom_may_invoke_its_path(self):
        role = self.role("door-function", LAMBDA_TRUST, allow("logs:*"))
        function = self.root.functions.create_function(
            FunctionName="door", Runtime="provided.al2023", Handler="x", Role=role, Code={"ZipFile": PACKAGE},
            Timeout=20)["FunctionArn"]
        self.addCleanup(self.root.functions.delete_function, FunctionName="door")
        gateway = self.root.apigatewayv2
        api = gateway.create_api(Name="door", ProtocolType="HTTP")["ApiId"]
        self.addCleanup(gateway.delete_api, ApiId=api)
        target = "integrations/" + gateway.create_integration(
            ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=function,
            PayloadFormatVersion="2.0")["IntegrationId"]
        gateway.create_route(ApiId=api, RouteKey="GET /rooms/{id}", Target=target, AuthorizationType="AWS_IAM")
        gateway.create_stage(ApiId=api, StageName="$default", AutoDeploy=True)
        arn = f"arn:aws:execute-api:us-east-1:{ACCOUNT}:{api}/$default/GET/rooms/"
        guest = self.user("guest", allow("execute-api:Invoke", arn + "1"))

        def enter(room, session=None):
            request = AWSRequest("GET", f"{self.stator.url}/_aws/execute-api/{api}/$default/rooms/{room}")
            if session:
                SigV4Auth(session.get_credentials(), "execute-api", "us-east-1").add_auth(request)
            try:
                with urllib.request.urlopen(urllib.request.Request(
                        request.url, headers=dict(request.headers)), timeout=30) as answer:
                    return answer.status
            except urllib.error.HTTPError as error:
                with error:
                    return error.code, error.read()
        forbidden = 403, b'{"message":"Forbidden"}'
        self.assertEqual(enter(1), forbidden)
        self.assertEqual(enter(2, guest.session), forbidden)
        # The signature is good and the caller may; the function's own policy has yet to let the gateway in.
        self.assertEqual(enter(1, guest.session), (500, b'{"message":"Internal Server Error"}'))
        self.root.functions.add_permission(
            FunctionName="door", StatementId="gateway", Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
            SourceArn=f"arn:aws:execute-api:us-east-1:{ACCOUNT}:{api}/*/*/rooms/*")
        self.assertEqual(enter(1, guest.session), 200)
        self.assertEqual(enter(2, guest.session), forbidden)

    def send(self, session, service, method, path, headers, body):
        request = AWSRequest(method, self.stator.url + path, data=body, headers=headers)
        sign = S3SigV4Auth if service == "s3" else SigV4Auth
        sign(session.get_credentials(), service, "us-east-1").add_auth(request)
        try:
            with urllib.request.urlopen(urllib.request.Request(
                    request.url, body.encode() if body else None, dict(request.headers), method=method), timeout=30):
                return "ok"
        except urllib.error.HTTPError as error:
            with error:
                text = error.headers.get("x-amzn-errortype", "") + error.read().decode()
            return "denied" if "AccessDenied" in text else f"{error.code} {text}"

    def test_user_role_and_function_meet_every_service(self):
        """Each of the three tries one call that its policy allows and one that it does not."""
        account = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}
        self.role("locked", LAMBDA_TRUST, allow("logs:*"))
        arn = self.role("everywhere", account, *EVERYWHERE)
        user = self.user("everywhere", *EVERYWHERE, allow("sts:AssumeRole", arn))
        keys = user.sts.assume_role(RoleArn=arn, RoleSessionName="walk")["Credentials"]
        role = Caller(self.stator, keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
        self.root.functions.create_function(
            FunctionName="everywhere", Runtime="provided.al2023", Handler="x", Code={"ZipFile": PACKAGE}, Timeout=20,
            Role=self.role("everywhere-function", LAMBDA_TRUST, *EVERYWHERE))
        self.addCleanup(self.root.functions.delete_function, FunctionName="everywhere")
        calls = [call for probes in PROBES.values() for call in probes]
        answer = self.root.functions.invoke(FunctionName="everywhere", Payload=json.dumps({"calls": calls}))
        by_function = iter(json.loads(answer["Payload"].read()))
        for service, probes in PROBES.items():
            for expected, probe in zip(("ok", "denied"), probes):
                with self.subTest(service=service, expected=expected):
                    self.assertEqual(self.send(user.session, *probe), expected, "user")
                    self.assertEqual(self.send(role.session, *probe), expected, "role")
                    self.assertEqual(next(by_function), expected, "function")

    def test_a_role_is_passed_only_by_whom_may_pass_it(self):
        role = self.role("passed", LAMBDA_TRUST, allow("logs:*"))
        make = {"FunctionName": "made", "Runtime": "provided.al2023", "Handler": "x", "Role": role,
                "Code": {"ZipFile": PACKAGE}}
        plain = self.user("plain", allow("lambda:*"))
        self.refused(plain.functions.create_function, "iam:PassRole", **make)

        def passer(name, service):
            return self.user(name, allow("lambda:*"), allow("iam:PassRole", role, Condition={
                "StringEquals": {"iam:PassedToService": service}})).functions
        self.refused(passer("elsewhere", "ecs.amazonaws.com").create_function, "iam:PassRole", **make)
        made = passer("passer", "lambda.amazonaws.com")
        made.create_function(**make)
        made.delete_function(FunctionName="made")

    def test_every_other_service_asks(self):
        red = {"StringEquals": {"aws:RequestTag/team": "red"}}
        user = self.user("tester", allow("logs:CreateLogGroup", f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:mine:*"),
                         allow("apigateway:GET", "arn:aws:apigateway:us-east-1::/apis*"),
                         allow("apigateway:POST", "*", Condition=red),
                         allow("cloudformation:DescribeStacks", f"arn:aws:cloudformation:*:{ACCOUNT}:stack/mine/*"),
                         allow("iam:GetUser", f"arn:aws:iam::{ACCOUNT}:user/${{aws:username}}"))
        user.logs.create_log_group(logGroupName="mine")
        self.refused(user.logs.create_log_group, logGroupName="yours")
        user.apigatewayv2.get_apis()
        self.refused(user.apigatewayv2.create_api, Name="a", ProtocolType="HTTP")
        made = user.apigatewayv2.create_api(Name="a", ProtocolType="HTTP", Tags={"team": "red"})
        self.refused(user.apigatewayv2.delete_api, ApiId=made["ApiId"])
        with self.assertRaisesRegex(botocore.exceptions.ClientError, "does not exist"):
            user.cloudformation.describe_stacks(StackName="mine")
        self.refused(user.cloudformation.describe_stacks, StackName="yours")
        user.iam.get_user(UserName="tester")
        self.refused(user.iam.get_user, UserName="root")
        self.refused(user.iam.list_users)


if __name__ == "__main__":
    unittest.main()
