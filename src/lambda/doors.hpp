#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "aws/call.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"

/// What Lambda needs from other services. The server implements these over iam/, logs/ and s3/.
/// Every call may come from any thread.
namespace stator::lambda {

struct SessionKeys {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;
  WallTime expires;
};

/// A function's role and its temporary keys.
class RoleCredentials {
 public:
  virtual ~RoleCredentials() = default;
  /// kAccessDenied or kNotFound unless the role exists and its trust policy lets
  /// lambda.amazonaws.com assume it.
  [[nodiscard]] virtual Result<void> check_assumable(const std::string& role_arn) = 0;
  [[nodiscard]] virtual Result<SessionKeys> session(const std::string& role_arn,
                                                    const std::string& session_name) = 0;
  /// The same session as one who asks, without keys: for what Lambda does as the function.
  [[nodiscard]] virtual Result<aws::Principal> principal(const std::string& role_arn,
                                                         const std::string& session_name) = 0;
};

struct LogEvent {
  WallTime time;
  std::string message;
};

/// Where functions' logs go. append() makes the group and the stream where they are missing and
/// never waits for the disk; what it cannot take it drops.
class LogSink {
 public:
  virtual ~LogSink() = default;
  virtual void append(std::string_view account, std::string_view region, std::string_view group,
                      std::string_view stream, std::vector<LogEvent> events) = 0;
};

/// Packages that a deployment has put into S3.
class ArtifactStore {
 public:
  virtual ~ArtifactStore() = default;
  /// The object's bytes; S3's own error (NoSuchBucket, NoSuchKey) otherwise.
  [[nodiscard]] virtual Result<std::string> read(std::string_view account, std::string_view bucket,
                                                 std::string_view key) = 0;
};

}  // namespace stator::lambda
