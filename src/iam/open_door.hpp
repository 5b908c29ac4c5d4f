#pragma once

#include <string>

#include "aws/call.hpp"

namespace stator::iam {

/// `--auth off`: whoever asks is the account's root, signed or not, and everything is allowed.
class OpenDoor final : public aws::Authenticator, public aws::Authorizer {
 public:
  explicit OpenDoor(std::string account) : account_(std::move(account)) {}

  [[nodiscard]] Result<aws::Principal> authenticate(const http::Request&, std::string_view,
                                                    WallTime) override {
    return aws::Principal{.kind = aws::Principal::Kind::kRoot,
                          .account = account_,
                          .arn = "arn:aws:iam::" + account_ + ":root",
                          .user_id = account_,
                          .access_key_id = {},
                          .role_name = {}};
  }
  [[nodiscard]] Result<void> authorize(const aws::Call&,
                                       std::span<const aws::Permission>) override {
    return {};
  }

 private:
  std::string account_;
};

}  // namespace stator::iam
