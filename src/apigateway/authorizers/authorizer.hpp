#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "apigateway/authorizers/decision_cache.hpp"
#include "apigateway/authorizers/function_decision.hpp"
#include "apigateway/authorizers/identity_source.hpp"
#include "apigateway/compiled.hpp"
#include "oidc/issuer_url.hpp"
#include "oidc/jwt.hpp"
#include "oidc/key_set.hpp"

/// What requests need to know of authorizers. Compiled with the stage.
namespace stator::apigateway {

struct JwtRules {
  oidc::IssuerUrl issuer;
  std::vector<std::string> audiences;
};

struct FunctionRules {
  std::string function_arn;  ///< "": the URI names a variable that the stage does not have
  std::string role_arn;      ///< that invokes, or ""
  bool is_v2 = true;
  bool is_simple = false;
  std::chrono::seconds ttl{0};  ///< 0: nothing is kept
};

/// A token that was believed.
struct VerifiedToken {
  json::Object claims;  ///< as texts
  std::vector<std::string> scopes;
  oidc::Lifetime lifetime;
  /// That it was believed by: when the issuer has others, it counts no more.
  std::shared_ptr<const oidc::KeySet> keys;
};

/// Told what the function decided: an error is a failure of the authorizer.
using FunctionDecided = std::function<void(const Result<std::shared_ptr<const FunctionDecision>>&)>;

/// What an authorizer of one stage decided. It goes when the stage is compiled again, so that no
/// decision outlives a change or reaches another API, stage or authorizer. Any thread.
struct AuthorizerMemory {
  static constexpr std::size_t kTokensMax = 2'000;
  static constexpr std::size_t kDecisionsMax = 2'000;

  DecisionCache<VerifiedToken> tokens{kTokensMax};  ///< by hash
  DecisionCache<FunctionDecision> decisions{kDecisionsMax};
  std::mutex mutex;
  /// Who waits for a function that is being asked, by the key of its decision; under `mutex`.
  std::map<std::string, std::vector<FunctionDecided>> waiting;
};

struct Authorizer {
  std::string id;
  std::vector<IdentitySource> identity;
  std::optional<JwtRules> jwt;  ///< nothing: it is a function
  FunctionRules function;
  std::shared_ptr<AuthorizerMemory> memory = std::make_shared<AuthorizerMemory>();
};

/// What a route asks of a request.
struct RouteAuthorization {
  enum class Type {
    kIam,
    kJwt,
    kFunction,
    kNobody,  ///< its authorizer is not there: nobody is let in
  };
  Type type = Type::kNobody;
  std::shared_ptr<const Authorizer> authorizer;  ///< of kJwt and kFunction
  std::vector<std::string> scopes;               ///< of kJwt: one of them, when there are any
};

using Authorizers = std::map<std::string, std::shared_ptr<const Authorizer>>;

/// By id. A record that cannot be understood is left out, which shuts the routes that name it.
[[nodiscard]] Authorizers compile_authorizers(const std::vector<json::Object>& records,
                                              const Variables& stage_variables);

/// Null for a route that is open.
[[nodiscard]] std::shared_ptr<const RouteAuthorization> compile_authorization(
    const json::Object& route, const Authorizers& authorizers);

}  // namespace stator::apigateway
