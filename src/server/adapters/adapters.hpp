#pragma once

#include "apigateway/domains/truststore.hpp"
#include "apigateway/gateway.hpp"
#include "dynamodb/recovery/artifacts.hpp"
#include "iam/identity.hpp"
#include "lambda/doors.hpp"
#include "lambda/functions.hpp"
#include "lambda/sources/doors.hpp"
#include "logs/log_store.hpp"
#include "s3/objects.hpp"

/// The doors between services: each implements what one service asks for by what another offers.
namespace stator::server {

/// API Gateway invokes functions, as the service that it is or as a role that it may assume.
class GatewayFunctions final : public apigateway::FunctionInvoker {
 public:
  GatewayFunctions(lambda::Functions& functions, iam::Identity& identity,
                   lambda::sources::RoleRights& rights)
      : functions_(functions), identity_(identity), rights_(rights) {}
  void invoke(apigateway::FunctionCall call,
              std::function<void(Result<apigateway::FunctionAnswer>)> done) override;

 private:
  /// Whether the role is API Gateway's to assume, and may invoke the function.
  [[nodiscard]] Result<void> check_role(const apigateway::FunctionCall& call) const;

  lambda::Functions& functions_;
  iam::Identity& identity_;
  lambda::sources::RoleRights& rights_;
};

/// Functions run as their roles.
class FunctionRoles final : public lambda::RoleCredentials {
 public:
  explicit FunctionRoles(iam::Identity& identity) : identity_(identity) {}
  Result<void> check_assumable(const std::string& role_arn) override;
  Result<lambda::SessionKeys> session(const std::string& role_arn,
                                      const std::string& session_name) override;
  Result<aws::Principal> principal(const std::string& role_arn,
                                   const std::string& session_name) override;

 private:
  iam::Identity& identity_;
};

/// The role that a stack is changed as (RoleARN), which must let CloudFormation assume it.
[[nodiscard]] Result<aws::Principal> stack_role(iam::Identity& identity,
                                                const std::string& role_arn);

/// Functions' logs go to CloudWatch Logs. What the store does not take is lost, and said.
class FunctionLogs final : public lambda::LogSink {
 public:
  FunctionLogs(logs::LogStore& store, const log::Logger& logger) : store_(store), logger_(logger) {}
  void append(std::string_view account, std::string_view region, std::string_view group,
              std::string_view stream, std::vector<lambda::LogEvent> events) override;

 private:
  logs::LogStore& store_;
  const log::Logger& logger_;
};

/// Access logs of stages go to CloudWatch Logs. What the store does not take is lost, and said.
class AccessLogs final : public apigateway::AccessLogSink {
 public:
  AccessLogs(logs::LogStore& store, const log::Logger& logger) : store_(store), logger_(logger) {}
  void append(const apigateway::AccessLog& log, const std::string& stream,
              std::vector<apigateway::AccessLogLine> lines) override;

 private:
  logs::LogStore& store_;
  const log::Logger& logger_;
};

/// Packages come from S3.
class FunctionArtifacts final : public lambda::ArtifactStore {
 public:
  explicit FunctionArtifacts(s3::Objects& objects) : objects_(objects) {}
  Result<std::string> read(std::string_view account, std::string_view bucket,
                           std::string_view key) override;

 private:
  s3::Objects& objects_;
};

/// Truststores of mutual TLS come from S3.
class Truststores final : public apigateway::TruststoreReader {
 public:
  explicit Truststores(s3::Objects& objects) : objects_(objects) {}
  Result<std::string> read(std::string_view account, std::string_view bucket,
                           std::string_view key) override;

 private:
  s3::Objects& objects_;
};

/// Exports of tables go to S3 and imports come from there.
class TableArtifacts final : public dynamodb::recovery::Artifacts {
 public:
  TableArtifacts(s3::Objects& objects, const Clock& clock) : objects_(objects), clock_(clock) {}
  Result<void> put(const dynamodb::recovery::ArtifactName& name, std::string bytes) override;
  Result<std::string> get(const dynamodb::recovery::ArtifactName& name) override;
  Result<std::vector<std::string>> list(const dynamodb::recovery::ArtifactName& after,
                                        std::string_view prefix) override;

 private:
  s3::Objects& objects_;
  const Clock& clock_;
};

}  // namespace stator::server
