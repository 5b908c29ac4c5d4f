#include "audit/record.hpp"

#include <algorithm>
#include <array>

#include "audit/redaction.hpp"
#include "aws/sigv4.hpp"
#include "base/bytes.hpp"
#include "base/time_format.hpp"

namespace stator::audit {
namespace {

using Kind = aws::Principal::Kind;

constexpr std::string_view kEventVersion = "1.11";
constexpr std::array<std::string_view, 13> kReads{
    "Get",  "List",  "Describe", "Head",     "Filter",   "Lookup",      "Simulate",
    "Scan", "Query", "Validate", "BatchGet", "Estimate", "TransactGet",
};

std::string_view type_of(Kind kind) {
  switch (kind) {
    case Kind::kRoot:
      return "Root";
    case Kind::kUser:
      return "IAMUser";
    case Kind::kAssumedRole:
      return "AssumedRole";
    case Kind::kFederatedUser:
      return "FederatedUser";
    case Kind::kService:
      return "AWSService";
    case Kind::kAnonymous:
      return "AWSAccount";
  }
  return "Unknown";
}

std::string text(std::string_view view) {
  return std::string(view);
}

json::Object session_context(const aws::Principal& principal) {
  json::Object context;
  if (principal.kind == Kind::kAssumedRole) {
    context["sessionIssuer"] =
        json::Object{{"type", "Role"},
                     {"principalId", principal.user_id.substr(0, principal.user_id.find(':'))},
                     {"accountId", principal.account},
                     {"userName", principal.role_name}};
  }
  context["attributes"] = json::Object{{"creationDate", iso8601(principal.session->issued)},
                                       {"mfaAuthenticated", "false"}};
  if (!principal.session->source_identity.empty()) {
    context["sourceIdentity"] = principal.session->source_identity;
  }
  return context;
}

json::Object identity_of(const aws::Principal& principal) {
  json::Object identity{{"type", text(type_of(principal.kind))}};
  if (principal.kind == Kind::kService) {
    identity["invokedBy"] = principal.arn;
    return identity;
  }
  if (principal.kind == Kind::kAnonymous) {
    identity["accountId"] = "anonymous";
    return identity;
  }
  identity["principalId"] = principal.user_id;
  identity["arn"] = principal.arn;
  identity["accountId"] = principal.account;
  if (!principal.access_key_id.empty()) identity["accessKeyId"] = principal.access_key_id;
  if (principal.kind == Kind::kUser) {
    identity["userName"] = principal.arn.substr(principal.arn.rfind('/') + 1);
  }
  if (principal.session != nullptr) identity["sessionContext"] = session_context(principal);
  return identity;
}

/// Nobody is known; the key that was claimed may help to find out who it was.
json::Object claimed_identity(const aws::Call& call) {
  json::Object identity{{"type", "Unknown"}};
  if (call.http == nullptr) return identity;
  const auto claim = aws::sigv4::read_claim(*call.http);
  const auto credential = aws::sigv4::split_credential(claim.credential.value_or(""));
  if (credential) identity["accessKeyId"] = text(credential->access_key_id);
  return identity;
}

void add_source(json::Object& record, const aws::Call& call) {
  if (call.http != nullptr) {
    record["sourceIPAddress"] = call.source_ip;
    record["userAgent"] = text(call.http->headers.get("user-agent"));
    return;
  }
  // Only services call in-process: those that act for themselves, and CloudFormation for its user.
  const std::string by =
      call.principal.kind == Kind::kService ? call.principal.arn : "cloudformation.amazonaws.com";
  record["sourceIPAddress"] = by;
  record["userAgent"] = by;
}

}  // namespace

bool is_read_only(std::string_view operation) {
  return std::any_of(kReads.begin(), kReads.end(),
                     [&](std::string_view prefix) { return operation.starts_with(prefix); });
}

json::Object make_record(const aws::AuditedCall& audited, std::string event_id) {
  const aws::Call& call = audited.call;
  const bool is_read = is_read_only(audited.operation);
  json::Object record{{"eventVersion", text(kEventVersion)},
                      {"userIdentity", audited.is_authenticated ? identity_of(call.principal)
                                                                : claimed_identity(call)},
                      {"eventTime", iso8601(call.now)},
                      {"eventSource", text(audited.service) + ".amazonaws.com"},
                      {"eventName", text(audited.operation)},
                      {"awsRegion", call.region}};
  add_source(record, call);
  if (!audited.error_name.empty()) {
    record["errorCode"] = text(audited.error_name);
    record["errorMessage"] = text(audited.error_message);
  }
  record["requestParameters"] =
      audited.request != nullptr ? json::Value(redacted(*audited.request)) : json::Value(nullptr);
  record["responseElements"] = audited.response != nullptr && !is_read
                                   ? json::Value(redacted(*audited.response))
                                   : json::Value(nullptr);
  record["requestID"] = call.request_id;
  record["eventID"] = std::move(event_id);
  record["readOnly"] = is_read;
  record["eventType"] = "AwsApiCall";
  record["managementEvent"] = audited.is_management;
  record["recipientAccountId"] = call.account;
  record["eventCategory"] = audited.is_management ? "Management" : "Data";
  if (!audited.would_be_denial.empty()) {
    record["additionalEventData"] = json::Object{{"wouldBeDenied", text(audited.would_be_denial)}};
  }
  return record;
}

std::string to_line(json::Object record) {
  std::string line = json::dump(record);
  for (const char* name : {"responseElements", "requestParameters", "additionalEventData"}) {
    if (line.size() <= kLineBytesMax) break;
    if (!record.contains(name)) continue;
    record[name] = json::Object{{"omitted", true}};
    line = json::dump(record);
  }
  // A header can hold any bytes, and a line that is no JSON would hide what it tells.
  if (!is_utf8(line)) {
    for (char& c : line) {
      if (static_cast<unsigned char>(c) >= 0x80) c = '?';
    }
  }
  return line;
}

}  // namespace stator::audit
