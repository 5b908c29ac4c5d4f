#pragma once

#include <memory>
#include <span>

#include "aws/call.hpp"
#include "base/result.hpp"
#include "iam/decide.hpp"
#include "iam/principals.hpp"

namespace stator::iam {

/// An outcome with what it points into.
struct Judgement {
  Outcome outcome;
  std::shared_ptr<const CompiledEntity> entity;  ///< null for root and for who is not there
};

/// Decides by the caller's policies and the resource's: fetches them, asks decide(), and says why
/// not. Any thread.
class PolicyAuthorizer final : public aws::Authorizer {
 public:
  explicit PolicyAuthorizer(Principals& principals) : principals_(principals) {}

  [[nodiscard]] Result<void> authorize(const aws::Call& call,
                                       std::span<const aws::Permission> needs) override;

  [[nodiscard]] Result<Judgement> judge(const aws::Call& call, const aws::Permission& need);

 private:
  [[nodiscard]] Result<std::shared_ptr<const CompiledEntity>> find_entity(
      const aws::Principal& principal, const CompiledSession* session);

  Principals& principals_;
};

/// The caller as the policies of resources see it; `entity` as in Judgement.
[[nodiscard]] Caller caller_of(const aws::Principal& principal, const CompiledEntity* entity);

/// "User: ARN is not authorized to perform: ACTION on resource: ARN", which begins every denial.
[[nodiscard]] std::string denial_subject(const aws::Principal& principal, const Access& access);

}  // namespace stator::iam
