#pragma once

#include <memory>
#include <span>

#include "aws/call.hpp"
#include "base/result.hpp"
#include "iam/evaluator.hpp"
#include "iam/principals.hpp"

namespace stator::iam {

/// A verdict with what it points into.
struct Judgement {
  Verdict verdict;
  std::shared_ptr<const CompiledEntity> entity;  ///< null for root and for who is not there
};

/// Decides by the caller's own policies. Root may do everything in its account; a service that acts
/// for itself has no policies and may do nothing here. Any thread.
class PolicyAuthorizer final : public aws::Authorizer {
 public:
  explicit PolicyAuthorizer(Principals& principals) : principals_(principals) {}

  [[nodiscard]] Result<void> authorize(const aws::Principal& principal,
                                       std::span<const aws::Permission> needs) override;

  /// What the caller's own policies say, whoever owns the resource.
  [[nodiscard]] Result<Judgement> judge(const aws::Principal& principal, const Access& access);

 private:
  Principals& principals_;
};

/// "User: ARN is not authorized to perform: ACTION on resource: ARN", which begins every denial.
[[nodiscard]] std::string denial_subject(const aws::Principal& principal, const Access& access);

}  // namespace stator::iam
