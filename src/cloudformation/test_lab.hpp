#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <map>
#include <set>

#include "aws/call.hpp"
#include "base/check.hpp"
#include "cloudformation/stacks.hpp"

namespace stator::cloudformation {

/// Plays every service: keeps what exists, writes down what was called, and fails where it is told.
class FakeWorld {
 public:
  std::vector<std::string> calls;    ///< "iam:CreateRole", in order
  std::vector<json::Object> inputs;  ///< what they were given
  std::set<std::string> alive;       ///< "role NAME", "table NAME", …
  std::string fail_at;               ///< an operation that fails
  int fail_after = 0;                ///< times that it may succeed before
  /// What operations answer: one answer a call, the last one for good. Others get what follows from
  /// the calls before.
  std::map<std::string, std::vector<Result<json::Object>>> answers;
  std::vector<std::string> principals;         ///< who called
  std::map<std::string, std::string> objects;  ///< of S3, by "BUCKET/KEY"
  /// Told of each call before it is answered; null: nobody is.
  std::function<void(const std::string& call, const json::Object& input)> watch;

  Result<json::Object> call(std::string_view service, std::string_view operation,
                            const json::Object& input) {
    const std::string name = std::string(service) + ":" + std::string(operation);
    calls.push_back(name);
    inputs.push_back(input);
    if (name == fail_at && fail_after-- == 0) {
      return Error{ErrorCode::kInvalid, "no luck", "UnluckyException"};
    }
    if (watch) watch(name, input);
    if (const auto given = answers.find(name); given != answers.end()) {
      Result<json::Object> next = given->second.front();
      if (given->second.size() > 1) given->second.erase(given->second.begin());
      return next;
    }
    return answer(operation, input);
  }

  [[nodiscard]] std::string listed() const {
    std::string text;
    for (const std::string& call : calls) text += call + " ";
    return text;
  }
  /// The input of the newest call of an operation.
  [[nodiscard]] json::Object last_input(const std::string& operation) const {
    for (std::size_t i = calls.size(); i-- > 0;) {
      if (calls[i] == operation) return inputs[i];
    }
    return {};
  }
  void forget() {
    calls.clear();
    inputs.clear();
  }

 private:
  static std::string get(const json::Object& input, std::string_view name) {
    return json::find_string(input, name).value_or("");
  }
  std::string make(const std::string& kind, const std::string& name) {
    alive.insert(kind + " " + name);
    return name;
  }
  Result<json::Object> drop(const std::string& kind, const std::string& name) {
    if (alive.erase(kind + " " + name) == 0) return not_found("no " + kind + " " + name);
    return json::Object();
  }

  Result<json::Object> answer(std::string_view operation, const json::Object& input) {
    if (operation == "GetObject") {
      const auto found = objects.find(get(input, "Bucket") + "/" + get(input, "Key"));
      if (found == objects.end()) return not_found("The specified key does not exist.");
      return json::Object{{"StatusCode", 200}, {"Body", found->second}};
    }
    if (operation == "CreateTable") {
      const std::string name = make("table", get(input, "TableName"));
      return json::Object{{"TableDescription", json::Object{{"TableArn", "arn:table/" + name}}}};
    }
    if (operation == "DescribeTable") {
      const std::string name = get(input, "TableName");
      if (!alive.contains("table " + name)) return not_found("no table");
      return json::Object{{"Table", json::Object{{"TableStatus", "ACTIVE"}}}};
    }
    if (operation == "DeleteTable") return drop("table", get(input, "TableName"));
    if (operation == "CreateRole") {
      const std::string name = make("role", get(input, "RoleName"));
      return json::Object{
          {"Role", json::Object{{"Arn", "arn:role/" + name}, {"RoleId", "AROA" + name}}}};
    }
    if (operation == "PutRolePolicy") {
      make("inline", get(input, "RoleName") + "/" + get(input, "PolicyName"));
      return json::Object();
    }
    if (operation == "DeleteRolePolicy") {
      return drop("inline", get(input, "RoleName") + "/" + get(input, "PolicyName"));
    }
    if (operation == "AttachRolePolicy") {
      make("attached", get(input, "RoleName") + "/" + get(input, "PolicyArn"));
      return json::Object();
    }
    if (operation == "DetachRolePolicy") {
      return drop("attached", get(input, "RoleName") + "/" + get(input, "PolicyArn"));
    }
    if (operation == "DeleteRole") return drop("role", get(input, "RoleName"));
    if (operation == "CreateFunction") {
      return json::Object{
          {"FunctionArn", "arn:function:" + make("function", get(input, "FunctionName"))}};
    }
    if (operation == "GetFunction") {
      return json::Object{
          {"Configuration", json::Object{{"State", "Active"}, {"LastUpdateStatus", "Successful"}}}};
    }
    if (operation == "DeleteFunction") return drop("function", get(input, "FunctionName"));
    if (operation == "PublishLayerVersion") {
      const std::string version = std::to_string(++layers_);
      const std::string name = get(input, "LayerName");
      make("layer", name + ":" + version);
      return json::Object{{"LayerVersionArn", "arn:aws:lambda:r:a:layer:" + name + ":" + version}};
    }
    if (operation == "DeleteLayerVersion") {
      return drop("layer", get(input, "LayerName") + ":" + get(input, "VersionNumber"));
    }
    if (operation == "AddPermission") {
      make("permission", get(input, "StatementId"));
      return json::Object();
    }
    if (operation == "RemovePermission") return drop("permission", get(input, "StatementId"));
    return gateway_answer(operation, input);
  }

  Result<json::Object> gateway_answer(std::string_view operation, const json::Object& input) {
    const std::string id = "id" + std::to_string(calls.size());
    if (operation == "ReimportApi") return json::Object{{"apiId", get(input, "apiId")}};
    if (operation == "CreateApi" || operation == "ImportApi") {
      make("api", id);
      return json::Object{{"apiId", id}, {"apiEndpoint", "http://" + id + ".example"}};
    }
    if (operation == "CreateIntegration") {
      return json::Object{{"integrationId", make("integration", id)}};
    }
    if (operation == "CreateRoute") return json::Object{{"routeId", make("route", id)}};
    if (operation == "CreateStage") {
      make("stage", get(input, "stageName"));
      return json::Object();
    }
    if (operation == "DeleteApi") return drop("api", get(input, "apiId"));
    if (operation == "DeleteIntegration") return drop("integration", get(input, "integrationId"));
    if (operation == "DeleteRoute") return drop("route", get(input, "routeId"));
    if (operation == "DeleteStage") return drop("stage", get(input, "stageName"));
    return json::Object();
  }

  int layers_ = 0;
};

class FakeClient final : public ApiClient {
 public:
  explicit FakeClient(FakeWorld& world) : world_(world) {}
  Result<json::Object> call(std::string_view service, std::string_view operation,
                            json::Object input) override {
    return world_.call(service, operation, input);
  }

 private:
  FakeWorld& world_;
};

class AllowAll final : public aws::Authorizer {
 public:
  Result<void> authorize(const aws::Call&, std::span<const aws::Permission> needs) override {
    for (const aws::Permission& need : needs) asked = need.action + " " + need.resource;
    return {};
  }
  std::string asked;
};

/// Stacks over a store in memory and a FakeWorld, with one worker.
class StackLab : public ::testing::Test {
 protected:
  StackLab() {
    start();
    call_.account = "111122223333";
    call_.region = "eu-west-1";
    call_.principal.arn = "arn:aws:iam::111122223333:user/deployer";
    call_.now = clock_.wall();
  }

  /// New Stacks over the same store, as after a restart.
  void start() {
    stacks_.reset();
    stacks_.emplace(StacksParts{
        *store_,
        [this](const aws::Principal& principal, std::string_view) -> std::unique_ptr<ApiClient> {
          world_.principals.push_back(principal.arn);
          return std::make_unique<FakeClient>(world_);
        },
        workers_, clock_, random_,
        [this](std::chrono::milliseconds) {
          if (on_sleep_) on_sleep_();
        },
        logger_, lanes_});
  }

  /// Runs an operation over members given as JSON text and waits for what it set going.
  Result<json::Object> run(std::string_view operation, const json::Object& members) {
    const aws::Service service = make_service(*stacks_);
    for (const aws::Operation& candidate : service.operations) {
      if (candidate.name() != operation) continue;
      auto answer =
          candidate.run_json(call_, aws::Input(members, aws::Input::Scalars::kText), authorizer_);
      settle();
      return answer;
    }
    return internal("no such operation");
  }
  Result<json::Object> deploy(std::string_view operation, const std::string& body,
                              json::Object more = {}) {
    more["StackName"] = "items";
    more["TemplateBody"] = body;
    more["Capabilities"] = json::Array{"CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"};
    return run(operation, more);
  }
  void settle() {
    std::promise<void> done;
    STATOR_CHECK(workers_.post([&done] { done.set_value(); }));
    done.get_future().wait();
  }

  json::Object stack(const std::string& name = "items") {
    const auto answer = run("DescribeStacks", {{"StackName", name}});
    EXPECT_TRUE(answer) << (answer ? "" : answer.error().message);
    if (!answer) return {};
    return answer->at("Stacks").get_array().at(0).get_object();
  }
  std::string status(const std::string& name = "items") {
    return json::find_string(stack(name), "StackStatus").value_or("");
  }
  std::string output(const std::string& key) {
    const json::Object described = stack();
    for (const json::Value& entry : described.at("Outputs").get_array()) {
      if (entry.at("OutputKey") == json::Value(key)) {
        return std::string(entry.at("OutputValue").get_string());
      }
    }
    return "";
  }
  /// "STATUS logical-id", oldest first.
  std::vector<std::string> events(const std::string& name = "items") {
    std::vector<std::string> list;
    const auto answer = run("DescribeStackEvents", {{"StackName", name}});
    if (!answer) return {answer.error().message};
    for (const json::Value& event : answer->at("StackEvents").get_array()) {
      list.push_back(std::string(event.at("ResourceStatus").get_string()) + " " +
                     std::string(event.at("LogicalResourceId").get_string()));
    }
    std::reverse(list.begin(), list.end());
    return list;
  }

  FakeClock clock_;
  SystemRandom random_;
  log::Logger logger_{clock_, log::Level::kError, [](std::string_view) {}};
  std::unique_ptr<storage::Store> store_ = storage::make_memory_store();
  WorkerPool workers_{1, 4};
  FakeWorld world_;
  AllowAll authorizer_;
  std::function<void()> on_sleep_;  ///< in place of time that passes
  aws::Call call_;
  /// One resource after the other, so that the order of calls is known.
  LaneOptions lanes_{.lanes_max = 1};
  std::optional<Stacks> stacks_;
};

}  // namespace stator::cloudformation
