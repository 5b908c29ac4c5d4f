#pragma once

#include <string>
#include <string_view>

#include "aws/call.hpp"
#include "aws/operation.hpp"
#include "json/json.hpp"

namespace stator::aws {

/// A call that was answered, for the audit log. Refers to what the caller holds.
struct AuditedCall {
  const Call& call;
  std::string_view service;    ///< the signing name: "dynamodb"
  std::string_view operation;  ///< "CreateTable"
  bool is_management = true;   ///< false: the data plane, e.g. PutItem
  /// False: the signature was refused, so that the call's principal says nothing.
  bool is_authenticated = true;
  const json::Object* request = nullptr;   ///< null when it was not read as JSON
  const json::Object* response = nullptr;  ///< null for errors
  std::string_view error_name = {};        ///< "AccessDeniedException", "" for a success
  std::string_view error_message = {};
  /// What a policy would have refused, in the denial's words, where policies are only watched.
  std::string_view would_be_denial = {};
};

/// Remembers who did what. Implemented by audit/. Any thread; returns at once.
class AuditTrail {
 public:
  virtual ~AuditTrail() = default;
  virtual void record(const AuditedCall& audited) = 0;
};

/// Whether an operation works on resources rather than on what they hold. CloudTrail's division:
/// management events and data events.
[[nodiscard]] bool is_management(const Service& service, const Operation& operation);

}  // namespace stator::aws
