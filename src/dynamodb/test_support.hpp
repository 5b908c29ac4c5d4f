#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>

#include "dynamodb/recovery/recovery.hpp"
#include "dynamodb/recovery/test_artifacts.hpp"
#include "dynamodb/tables.hpp"

namespace stator::dynamodb::testing {

/// Grants everything and remembers what was asked, with the keys that conditions would see.
class PermissiveAuthorizer final : public aws::Authorizer {
 public:
  Result<void> authorize(const aws::Call&, std::span<const aws::Permission> needs) override {
    const std::scoped_lock lock(mutex_);
    last.assign(needs.begin(), needs.end());
    last_keys.clear();
    for (const aws::Permission& need : needs) {
      last_keys.push_back(need.keys ? need.keys() : aws::ConditionKeys());
    }
    return {};
  }
  aws::Needs last;
  std::vector<aws::ConditionKeys> last_keys;

 private:
  std::mutex mutex_;
};

/// The service over a store in memory: operations by name, JSON text in, JSON text out.
class Harness {
 public:
  explicit Harness(std::unique_ptr<storage::Store> store = storage::make_memory_store(),
                   const Tables::Options& options = Tables::Options())
      : options_(options), store_(std::move(store)) {
    reopen();
  }

  /// The answer's text, or "Type: message" (with the error's further members, if any).
  std::string run(const std::string& operation, const std::string& body,
                  aws::Call* call_out = nullptr) {
    for (const aws::Operation& candidate : service_.operations) {
      if (candidate.name() != operation) continue;
      aws::Call call;
      call.account = "000000000000";
      call.region = "us-east-1";
      call.now = clock_.wall();
      std::string answer =
          candidate.is_json() ? run_json(candidate, call, body) : run_raw(candidate, call, body);
      if (call_out) *call_out = call;
      return answer;
    }
    return "no operation " + operation;
  }

  /// A table with a string key "id" and, if wanted, a sort key "sk" of the given type.
  void make_table(const std::string& name, const std::string& sort_type = "") {
    std::string definitions = R"({"AttributeName":"id","AttributeType":"S"})";
    std::string keys = R"({"AttributeName":"id","KeyType":"HASH"})";
    if (!sort_type.empty()) {
      definitions += R"(,{"AttributeName":"sk","AttributeType":")" + sort_type + R"("})";
      keys += R"(,{"AttributeName":"sk","KeyType":"RANGE"})";
    }
    const std::string answer =
        run("CreateTable", R"({"TableName":")" + name + R"(","BillingMode":"PAY_PER_REQUEST",)" +
                               R"("AttributeDefinitions":[)" + definitions + R"(],"KeySchema":[)" +
                               keys + "]}");
    ASSERT_NE(answer.find("CREATING"), std::string::npos) << answer;
  }

  void put(const std::string& table, const std::string& item) {
    const std::string answer =
        run("PutItem", R"({"TableName":")" + table + R"(","Item":)" + item + "}");
    ASSERT_EQ(answer, "{}");
  }

  /// As after a restart: the catalogue is read anew.
  void reopen() {
    recovery_.reset();
    tables_ = std::make_unique<Tables>(*store_, clock_, random_, options_);
    recovery_ = std::make_unique<recovery::Recovery>(*tables_, artifacts_);
    service_ = make_service(*tables_, *recovery_);
    aws::Service streams = make_streams_service(*tables_);
    for (aws::Operation& operation : streams.operations) {
      service_.operations.push_back(std::move(operation));
    }
  }

  /// Closes the store, for a test that opens it anew.
  void close() {
    service_.operations.clear();
    recovery_.reset();
    tables_.reset();
    store_.reset();
  }
  void open(std::unique_ptr<storage::Store> store) {
    store_ = std::move(store);
    reopen();
  }

  [[nodiscard]] Tables& tables() { return *tables_; }
  [[nodiscard]] storage::Store& store() { return *store_; }
  [[nodiscard]] recovery::Recovery& recovery() { return *recovery_; }
  [[nodiscard]] FakeClock& clock() { return clock_; }
  [[nodiscard]] recovery::MemoryArtifacts& artifacts() { return artifacts_; }
  [[nodiscard]] const aws::Needs& last_needs() const { return authorizer_.last; }
  /// Of each of the last needs.
  [[nodiscard]] const std::vector<aws::ConditionKeys>& last_keys() const {
    return authorizer_.last_keys;
  }

 private:
  static std::string text_of(const Error& error) {
    return error.aws_type + ": " + error.message + error.detail_json;
  }

  std::string run_json(const aws::Operation& operation, aws::Call& call, const std::string& body) {
    auto object = json::parse_object(body);
    if (!object) return text_of(object.error());
    const auto answer = operation.run_json(call, aws::Input(std::move(*object)), authorizer_);
    return answer ? json::dump(*answer) : text_of(answer.error());
  }

  std::string run_raw(const aws::Operation& operation, aws::Call& call, const std::string& body) {
    http::Request request;
    request.body = body;
    const std::vector<std::pair<std::string, std::string>> labels;
    std::string answer;
    operation.run_raw(call, {request, labels}, authorizer_, [&](Result<http::Response> response) {
      answer = response ? response->body : text_of(response.error());
    });
    return answer;
  }

  const Tables::Options options_;
  std::unique_ptr<storage::Store> store_;
  FakeClock clock_;
  SystemRandom random_;
  PermissiveAuthorizer authorizer_;
  recovery::MemoryArtifacts artifacts_;
  std::unique_ptr<Tables> tables_;
  std::unique_ptr<recovery::Recovery> recovery_;
  aws::Service service_;
};

}  // namespace stator::dynamodb::testing
