#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "iam/condition.hpp"
#include "iam/matching.hpp"
#include "iam/matching_arn.hpp"

/// Policy documents, compiled for matching.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
namespace stator::iam {

/// Where a document is used decides which elements it must and must not have.
enum class PolicyKind : std::uint8_t {
  kInline,    ///< of a user or role: Resource, no Principal
  kManaged,   ///< the same, and its Version must be 2012-10-17
  kTrust,     ///< of a role: Principal, no Resource, actions of STS only
  kResource,  ///< of a resource: Principal and Resource
};

enum class Effect : std::uint8_t { kAllow, kDeny };

/// One value of a Principal element.
struct PrincipalPattern {
  enum class Type : std::uint8_t {
    kAnyone,     ///< "*"
    kAccount,    ///< a whole account: value is its number
    kArn,        ///< a user, a role or one session of a role
    kService,    ///< "lambda.amazonaws.com"
    kFederated,  ///< an identity provider
    kCanonicalUser,
  };
  Type type = Type::kAnyone;
  std::string value;
};

struct Statement {
  std::string sid;
  Effect effect = Effect::kDeny;
  bool not_action = false;
  bool not_resource = false;
  bool not_principal = false;
  std::vector<ActionPattern> actions;
  std::vector<ResourcePattern> resources;    ///< empty in a trust policy
  std::vector<PrincipalPattern> principals;  ///< empty in an identity policy
  std::vector<Condition> conditions;         ///< all must hold
};

/// A parsed document. Immutable; any thread may match against it.
class Policy {
 public:
  /// The largest text looked at; each use has a smaller limit of its own.
  static constexpr std::size_t kBytesMax = 131'072;

  /// MalformedPolicyDocument in AWS's words where they are known, followed by the place.
  [[nodiscard]] static Result<Policy> parse(std::string_view document, PolicyKind kind);

  [[nodiscard]] const std::vector<Statement>& statements() const { return statements_; }

  /// The keys that conditions and variables ask for, in lower case, each once.
  [[nodiscard]] std::vector<std::string> context_keys() const;

 private:
  explicit Policy(std::vector<Statement> statements) : statements_(std::move(statements)) {}
  std::vector<Statement> statements_;
};

/// The document's length as AWS's size limits count it: without white space.
[[nodiscard]] std::size_t policy_size(std::string_view document);

}  // namespace stator::iam
