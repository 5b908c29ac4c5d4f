#pragma once

#include <string>
#include <string_view>

#include "lambda/functions.hpp"
#include "lambda/sources/doors.hpp"
#include "lambda/sources/lane.hpp"

namespace stator::lambda::sources {

/// Where failed batches go: an S3 bucket, as on AWS, or a Lambda function, invoked
/// asynchronously, which is stator's own.
/// Any thread.
class Destinations {
 public:
  struct Parts {
    Functions& functions;
    RoleRights& rights;
    ObjectSink& objects;
    const Clock& clock;
    Random& random;
  };
  explicit Destinations(Parts parts) : parts_(parts) {}

  /// InvalidParameterValueException unless `arn` is "", a bucket's ARN or a function's; SQS, SNS
  /// and Kafka are refused by name.
  [[nodiscard]] static Result<void> check_arn(const Mapping& mapping);
  /// Whether the role may deliver to the mapping's destination: InvalidParameterValueException in
  /// AWS's words. Success when there is no destination.
  [[nodiscard]] Result<void> check_role(const Mapping& mapping, const std::string& role_arn) const;

  /// Delivers as the role. `done` is called once, perhaps before this returns; writes to the disk.
  void deliver(const Mapping& mapping, const std::string& role_arn, Failure failure,
               Delivered done) const;

 private:
  [[nodiscard]] std::string object_key(const Mapping& mapping, const Failure& failure) const;

  Parts parts_;
};

}  // namespace stator::lambda::sources
