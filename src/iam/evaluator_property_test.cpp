#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "iam/decide.hpp"
#include "iam/naive_evaluator.hpp"
#include "json/json.hpp"

/// Random policies over a small world, judged by the evaluator and by the naive one.
namespace stator::iam {
namespace {

using rc::gen::inRange;
using Texts = std::vector<std::string>;

constexpr const char* kAccount = "111122223333";

/// At every size alike: rapidcheck's own ranges begin narrow.
int between(int from, int to) {
  return *rc::gen::resize(rc::kNominalSize, inRange(from, to));
}

std::string pick(const std::vector<std::string>& from) {
  return *rc::gen::elementOf(from);
}

/// One to three of them as a JSON scalar or list.
json::Value pick_some(const std::vector<std::string>& from) {
  const int count = between(1, 4);
  if (count == 1) return json::Value(pick(from));
  json::Array values;
  for (int i = 0; i < count; ++i) values.emplace_back(pick(from));
  return values;
}

bool one_in(int n) {
  return between(0, n) == 0;
}

const Texts& action_patterns() {
  static const Texts kAll{"*",      "*",    "*",    "s:*",   "s:*",   "s:Ab",
                          "s:*",    "*",    "s:a?", "S:AB",  "s:*b",  "t:Ab",
                          "s:A*b*", "s:Bb", "s:??", "s:*a*", "t:B?b", "s:b*b*b*"};
  return kAll;
}

const Texts& resource_patterns() {
  static const Texts kAll{"*",
                          "*",
                          "*",
                          "*",
                          "arn:aws:s:::*",
                          "arn:aws:s:::a",
                          "arn:aws:s:::a/*",
                          "arn:aws:s:::*b",
                          "arn:aws:s:r:1:a/b:c",
                          "arn:aws:s:*:?:a*",
                          "arn:aws:s",
                          "arn:aws:s:r",
                          "arn:*:s:r*:1:*/b*",
                          "arn:aws:s:::${aws:one}",
                          "arn:aws:s:::${aws:one}/*",
                          "arn:aws:s:::${aws:none}*",
                          "arn:aws:s:::${aws:none, 'a'}",
                          "arn:aws:s:${aws:star}:1:*",
                          "arn:aws:s:::a${*}",
                          "arn:aws:s:::${aws:many}",
                          "${aws:whole}"};
  return kAll;
}

const Texts& resources() {
  static const Texts kAll{"*",   "arn:aws:s:::a",         "arn:aws:s:::a/b", "arn:aws:s:::b",
                          "x",   "arn:aws:s:r:1:a/b:c",   "arn:aws:s:rr:1:", "arn:aws:s:::ab/bb",
                          "arn", "arn:aws:s:r:1:a${b}/b", "arn:aws:s:*:1:a", "arn:aws:s:::a*"};
  return kAll;
}

const Texts& condition_values() {
  static const Texts kAll{"a",
                          "A",
                          "ab",
                          "a*",
                          "?",
                          "*",
                          "",
                          "1",
                          "1.0",
                          "2",
                          "10",
                          "-3",
                          "true",
                          "False",
                          "${aws:one}",
                          "${aws:none}",
                          "${aws:none, 'a'}",
                          "${aws:many, 'a'}",
                          "a${*}",
                          "${aws:star}b",
                          "arn:aws:s:::a*",
                          "arn:aws:s:${aws:star}:*:a",
                          "arn:aws:s:r"};
  return kAll;
}

std::string pick_operator() {
  const std::string base = pick({"StringEquals",
                                 "StringNotEquals",
                                 "StringEqualsIgnoreCase",
                                 "StringNotEqualsIgnoreCase",
                                 "StringLike",
                                 "StringNotLike",
                                 "NumericEquals",
                                 "NumericNotEquals",
                                 "NumericLessThan",
                                 "NumericLessThanEquals",
                                 "NumericGreaterThan",
                                 "NumericGreaterThanEquals",
                                 "ArnLike",
                                 "ArnEquals",
                                 "ArnNotLike",
                                 "ArnNotEquals",
                                 "Bool",
                                 "IpAddress",
                                 "NotIpAddress",
                                 "DateLessThan",
                                 "DateGreaterThanEquals",
                                 "DateNotEquals",
                                 "Null"});
  if (base == "Null") return base;
  return pick({"", "", "ForAnyValue:", "ForAllValues:"}) + base + pick({"", "", "IfExists"});
}

json::Value values_for(const std::string& operation) {
  if (operation.find("IpAddress") != std::string::npos) {
    return pick_some({"10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "192.0.2.0/31", "128.0.0.0/1"});
  }
  if (operation.find("Date") != std::string::npos) return pick_some({"1", "2", "10"});
  if (operation == "Null") return pick_some({"true", "false"});
  return pick_some(condition_values());
}

json::Object pick_condition() {
  json::Object condition;
  for (int i = between(1, 3); i > 0; --i) {
    const std::string operation = pick_operator();
    json::Object keys;
    const bool is_address = operation.find("IpAddress") != std::string::npos;
    for (int k = between(1, 3); k > 0; --k) {
      const std::string key =
          is_address ? "aws:Ip" : pick({"aws:One", "AWS:one", "aws:many", "aws:none", "aws:whole"});
      keys[key] = values_for(operation);
    }
    condition[operation] = std::move(keys);
  }
  return condition;
}

json::Object pick_statement() {
  const bool is_deny = one_in(4);
  json::Object statement{{"Effect", is_deny ? "Deny" : "Allow"}};
  statement[one_in(6) ? "NotAction" : "Action"] = pick_some(action_patterns());
  statement[one_in(5) ? "NotResource" : "Resource"] = pick_some(resource_patterns());
  if (one_in(2)) statement["Condition"] = pick_condition();
  return statement;
}

const Texts& principals() {
  static const Texts kAll{"*",
                          "111122223333",
                          "222233334444",
                          "arn:aws:iam::111122223333:root",
                          "arn:aws:iam::111122223333:user/ann",
                          "arn:aws:iam::111122223333:role/p/app",
                          "arn:aws:sts::111122223333:assumed-role/app/s",
                          "arn:aws:sts::111122223333:federated-user/fred"};
  return kAll;
}

json::Object with_principal(json::Object statement) {
  const bool is_not = statement.at("Effect") == "Deny" && one_in(2);
  json::Value value("*");
  if (!one_in(6)) {
    json::Object by_type{{"AWS", pick_some(principals())}};
    if (one_in(3)) by_type["Service"] = pick_some({"x.amazonaws.com", "y.amazonaws.com"});
    value = by_type;
  }
  statement[is_not ? "NotPrincipal" : "Principal"] = std::move(value);
  return statement;
}

std::vector<json::Object> pick_statements(int max) {
  std::vector<json::Object> statements;
  for (int i = between(1, max + 1); i > 0; --i) statements.push_back(pick_statement());
  return statements;
}

std::string document_of(const std::vector<json::Object>& statements, bool is_old = false) {
  json::Array list;
  for (const auto& statement : statements) list.emplace_back(statement);
  return json::dump(json::Object{{"Version", is_old ? "2008-10-17" : "2012-10-17"},
                                 {"Statement", std::move(list)}});
}

Texts pick_documents() {
  Texts documents;
  for (int i = between(0, 3); i > 0; --i) {
    const bool is_old = one_in(8);
    auto document = document_of(pick_statements(3), is_old);
    // In the old language that is neither an ARN nor a star.
    const std::string whole = "${aws:whole}";
    for (auto at = document.find(whole); is_old && at != std::string::npos;
         at = document.find(whole)) {
      document.replace(at, whole.size(), "*");
    }
    documents.push_back(std::move(document));
  }
  return documents;
}

std::vector<NamedPolicy> compile(const Texts& documents) {
  std::vector<NamedPolicy> policies;
  for (const auto& document : documents) {
    auto policy = Policy::parse(document, PolicyKind::kInline);
    RC_ASSERT(policy.has_value());
    policies.push_back({"p", *std::move(policy)});
  }
  return policies;
}

naive::Request pick_request() {
  naive::Request request;
  request.action = pick({"s:Ab", "s:aa", "s:BbBb", "t:Bab", "s:b"});
  request.resource = pick(resources());
  const auto set = [&](const std::string& key, int max, const Texts& values) {
    if (one_in(5)) return;
    auto& found = request.keys[key];
    for (int i = between(max == 1 ? 1 : 0, max + 1); i > 0; --i) found.push_back(pick(values));
  };
  set("aws:one", 1, {"a", "b", "ab", "a*", "", "1", "2", "true", "arn:aws:s:::a"});
  set("aws:many", 3, {"a", "ab", "b", "", "10", "x"});
  set("aws:whole", 1, {"arn:aws:s:::a", "arn:aws:s:r:1:a/b:c", "x", "*", "arn:aws:s:*:1:a"});
  set("aws:ip", 2, {"10.1.2.3", "10.2.2.3", "192.0.2.1", "192.0.2.2", "9.1.2.3"});
  request.keys["aws:star"] = {"*"};
  return request;
}

void set_caller(naive::Request& request, int kind) {
  request.account = kind < 3 || kind == 5 ? kAccount : "";
  if (kind == 0) request.arn = "arn:aws:iam::111122223333:user/ann";
  if (kind == 1) {
    request.arn = "arn:aws:sts::111122223333:assumed-role/app/s";
    request.role_arn = "arn:aws:iam::111122223333:role/p/app";
  }
  if (kind == 2) {
    request.arn = "arn:aws:sts::111122223333:federated-user/fred";
    request.role_arn = "arn:aws:iam::111122223333:user/ann";
  }
  if (kind == 3) request.service = "x.amazonaws.com";
  if (kind == 5) request.arn = "arn:aws:iam::111122223333:root";
}

GivenContext context_of(const naive::Request& request) {
  GivenContext context;
  for (const auto& [key, values] : request.keys) context.set(key, values);
  return context;
}

naive::Answer answer_of(Decision decision) {
  if (decision == Decision::kAllow) return naive::Answer::kAllow;
  return decision == Decision::kExplicitDeny ? naive::Answer::kDeny : naive::Answer::kNothing;
}

naive::Answer judged(const Texts& documents, const naive::Request& request) {
  const auto policies = compile(documents);
  const Access access(request.action, request.resource);
  return answer_of(evaluate(policies, access, context_of(request)).decision);
}

std::string show(naive::Answer answer) {
  return answer == naive::Answer::kAllow ? "allow" : answer == naive::Answer::kDeny ? "deny" : "-";
}

RC_GTEST_PROP(EvaluatorProperty, AgreesWithTheNaiveOne, ()) {
  const auto documents = pick_documents();
  const auto request = pick_request();
  const auto answer = judged(documents, request);
  RC_CLASSIFY(answer == naive::Answer::kAllow, "allowed");
  RC_CLASSIFY(answer == naive::Answer::kDeny, "denied");
  for (const auto& document : documents) RC_LOG() << document << "\n";
  RC_LOG() << request.action << " " << request.resource << "\n";
  for (const auto& [key, values] : request.keys) {
    RC_LOG() << key << ":";
    for (const auto& value : values) RC_LOG() << " '" << value << "'";
    RC_LOG() << "\n";
  }
  RC_ASSERT(show(answer) == show(naive::ask(documents, request)));
}

RC_GTEST_PROP(EvaluatorProperty, DecidesAsTheNaiveOneDoes, ()) {
  auto request = pick_request();
  const int kind = between(0, 6);
  set_caller(request, kind);
  naive::Voices voices;
  voices.identity = pick_documents();
  if (one_in(3)) voices.boundary = pick_documents();
  if (one_in(3)) voices.session = pick_documents();
  if (!one_in(3)) {
    auto statements = pick_statements(4);
    for (auto& statement : statements) statement = with_principal(std::move(statement));
    voices.resource = document_of(statements);
  }
  voices.is_root = kind == 5;
  voices.is_foreign = one_in(3);
  request.has_boundary = voices.boundary.has_value();

  const auto identity = compile(voices.identity);
  const auto boundary = compile(voices.boundary.value_or(Texts()));
  const auto session = compile(voices.session.value_or(Texts()));
  std::optional<Policy> resource;
  if (voices.resource) {
    auto parsed = Policy::parse(*voices.resource, PolicyKind::kResource);
    RC_LOG() << *voices.resource << "\n";
    RC_ASSERT(parsed.has_value());
    resource = *std::move(parsed);
  }
  const Voices given{.caller = {.account = request.account,
                                .arn = request.arn,
                                .role_arn = request.role_arn,
                                .service = request.service,
                                .has_boundary = request.has_boundary},
                     .identity = identity,
                     .boundary = voices.boundary ? &boundary : nullptr,
                     .session = voices.session ? &session : nullptr,
                     .resource = resource ? &*resource : nullptr,
                     .is_root = voices.is_root,
                     .is_service = request.arn.empty(),
                     .is_foreign = voices.is_foreign};
  const Access access(request.action, request.resource);
  const auto outcome = decide(given, access, context_of(request));
  RC_CLASSIFY(outcome.decision == Decision::kAllow, "allowed");
  RC_CLASSIFY(outcome.decision == Decision::kExplicitDeny, "denied");
  RC_ASSERT(show(answer_of(outcome.decision)) == show(naive::decide(voices, request)));
}

RC_GTEST_PROP(EvaluatorProperty, NeverAllowsMoreForAnotherDeny, ()) {
  auto statements = pick_statements(3);
  const auto request = pick_request();
  const auto before = judged({document_of(statements)}, request);
  auto deny = pick_statement();
  deny["Effect"] = "Deny";
  statements.insert(statements.begin() + between(0, static_cast<int>(statements.size()) + 1), deny);
  const auto after = judged({document_of(statements)}, request);
  RC_ASSERT(after == before || after == naive::Answer::kDeny);
}

RC_GTEST_PROP(EvaluatorProperty, NeverDeniesForAnotherAllow, ()) {
  auto statements = pick_statements(3);
  const auto request = pick_request();
  const auto before = judged({document_of(statements)}, request);
  auto allow = pick_statement();
  allow["Effect"] = "Allow";
  statements.insert(statements.begin() + between(0, static_cast<int>(statements.size()) + 1),
                    allow);
  const auto after = judged({document_of(statements)}, request);
  RC_ASSERT(after == before || after == naive::Answer::kAllow);
  RC_ASSERT(before != naive::Answer::kDeny || after == naive::Answer::kDeny);
}

RC_GTEST_PROP(EvaluatorProperty, DoesNotCareHowStatementsAreSpreadOverPolicies, ()) {
  const auto statements = pick_statements(5);
  const auto request = pick_request();
  const auto at = statements.begin() + between(0, static_cast<int>(statements.size()) + 1);
  Texts halves;
  if (at != statements.begin()) halves.push_back(document_of({statements.begin(), at}));
  if (at != statements.end()) halves.push_back(document_of({at, statements.end()}));
  RC_ASSERT(judged({document_of(statements)}, request) == judged(halves, request));
}

/// A condition more can only narrow where a statement applies.
RC_GTEST_PROP(EvaluatorProperty, NeverAllowsMoreForAnotherConditionOnAnAllow, ()) {
  auto statements = pick_statements(3);
  const auto request = pick_request();
  auto& changed =
      statements[static_cast<std::size_t>(between(0, static_cast<int>(statements.size())))];
  changed["Effect"] = "Allow";
  const auto before = judged({document_of(statements)}, request);
  if (!changed.contains("Condition")) changed["Condition"] = json::Object();
  const std::string operation = pick_operator();
  auto& condition = changed["Condition"].as_object();
  RC_PRE(!condition.contains(operation));
  condition[operation] = json::Object{{"aws:one", values_for(operation)}};
  const auto after = judged({document_of(statements)}, request);
  RC_ASSERT(after == before || before == naive::Answer::kAllow);
}

/// Without conditions of its own an explanation is empty exactly when the statement applies.
RC_GTEST_PROP(EvaluatorProperty, ExplainsWhatDoesNotFit, ()) {
  const auto document = document_of({pick_statement()});
  const auto request = pick_request();
  const auto policies = compile({document});
  const auto& statement = policies[0].policy.statements()[0];
  const Access access(request.action, request.resource);
  const auto context = context_of(request);
  const auto misfits = explain_statement(statement, nullptr, access, context);
  RC_ASSERT(misfits.empty() == match_statement(statement, access, context));
}

}  // namespace
}  // namespace stator::iam
