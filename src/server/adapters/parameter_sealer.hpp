#pragma once

#include "iam/identity.hpp"
#include "ssm/parameters.hpp"

namespace stator::server {

/// Seals SecureStrings with the key that seals users' secrets (DATA/session_key).
class ParameterSealer final : public ssm::Sealer {
 public:
  /// Must outlive this.
  explicit ParameterSealer(iam::Identity& identity) : identity_(identity) {}
  std::string seal(std::string_view context, std::string_view plain) override;
  std::optional<std::string> open(std::string_view context, std::string_view sealed) override;

 private:
  iam::Identity& identity_;
};

}  // namespace stator::server
