#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apigateway/openapi/document.hpp"

namespace stator::apigateway::openapi {

/// Who may call an operation, as a route says it.
struct Access {
  std::string type = "NONE";              ///< authorizationType
  std::optional<std::size_t> authorizer;  ///< a number in SecuritySchemes::authorizers()
  json::Array scopes;
};

/// components.securitySchemes, read: which of them are authorizers, and what a list of security
/// requirements comes to.
class SecuritySchemes {
 public:
  [[nodiscard]] static Result<SecuritySchemes> read(const json::Object* schemes, Notes& notes);

  /// The members that CreateAuthorizer takes, in the order of the document.
  [[nodiscard]] const std::vector<json::Object>& authorizers() const { return authorizers_; }

  /// A `security` list, of an operation or of the whole document; HTTP APIs take one requirement. A
  /// scheme that is not declared is a fault, because the operation would be open to everyone.
  [[nodiscard]] Result<Access> access_of(const json::Value& security, std::string_view place,
                                         Notes& notes) const;

 private:
  struct Scheme {
    std::string type;  ///< "JWT", "CUSTOM", "AWS_IAM"; "" for what API Gateway does not enforce
    std::optional<std::size_t> authorizer;
  };
  [[nodiscard]] Result<Scheme> read_scheme(const std::string& name, const json::Object& scheme,
                                           Notes& notes);

  std::map<std::string, Scheme, std::less<>> schemes_;
  std::vector<json::Object> authorizers_;
};

/// A stored authorizer as a security scheme.
[[nodiscard]] json::Object write_scheme(const json::Object& authorizer);
/// The scheme that stands for AWS_IAM.
[[nodiscard]] json::Object signature_scheme();

}  // namespace stator::apigateway::openapi
