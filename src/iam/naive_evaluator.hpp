#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

/// A second evaluator for the tests, written from AWS's documentation with no thought of speed. It
/// reads the JSON text anew for every question and shares no code with the one it is held against.
namespace stator::iam::naive {

/// A request and who makes it.
struct Request {
  std::string action, resource;
  std::map<std::string, std::vector<std::string>> keys;  ///< names in lower case
  std::string account, arn, role_arn, service;           ///< as in iam::Caller
  bool has_boundary = false;
};

enum class Answer { kNothing, kAllow, kDeny };

/// What policies without principals say.
[[nodiscard]] Answer ask(const std::vector<std::string>& documents, const Request& request);

struct Voices {
  std::vector<std::string> identity;
  std::optional<std::vector<std::string>> boundary, session;
  std::optional<std::string> resource;
  bool is_root = false, is_foreign = false;
};

/// kNothing is an implicit denial.
[[nodiscard]] Answer decide(const Voices& voices, const Request& request);

}  // namespace stator::iam::naive
