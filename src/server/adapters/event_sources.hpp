#pragma once

#include "aws/call.hpp"
#include "dynamodb/streams/reader.hpp"
#include "iam/identity.hpp"
#include "lambda/sources/doors.hpp"
#include "s3/objects.hpp"

/// What event source mappings of functions ask for.
namespace stator::server {

/// Tables' streams as event sources.
class TableStreams final : public lambda::sources::StreamSource {
 public:
  explicit TableStreams(dynamodb::Tables& tables) : tables_(tables), reader_(tables) {}
  Result<Description> describe(std::string_view stream_arn) override;
  Result<std::uint64_t> latest(std::string_view stream_arn) override;
  Result<lambda::sources::StreamPage> read(const lambda::sources::StreamRead& wanted) override;
  void listen(std::function<void(std::uint64_t stream_id)> written) override;

 private:
  dynamodb::Tables& tables_;
  dynamodb::streams::StreamReader reader_;
};

/// What a function's role may do, as the policies say that any caller is judged by.
class FunctionRights final : public lambda::sources::RoleRights {
 public:
  FunctionRights(iam::Identity& identity, aws::Authorizer& authorizer, const Clock& clock)
      : identity_(identity), authorizer_(authorizer), clock_(clock) {}
  Result<void> check(const std::string& role_arn, const std::string& action,
                     const std::string& resource) override;

 private:
  iam::Identity& identity_;
  aws::Authorizer& authorizer_;
  const Clock& clock_;
};

/// Batches that failed go to S3.
class FailedRecords final : public lambda::sources::ObjectSink {
 public:
  FailedRecords(s3::Objects& objects, const Clock& clock) : objects_(objects), clock_(clock) {}
  Result<void> put(std::string_view account, std::string_view bucket, std::string_view key,
                   std::string body) override;

 private:
  s3::Objects& objects_;
  const Clock& clock_;
};

}  // namespace stator::server
