#pragma once

#include <memory>
#include <span>

#include "aws/call.hpp"
#include "base/result.hpp"
#include "iam/decide.hpp"
#include "iam/principals.hpp"

namespace stator::iam {

class DecisionObserver;

/// An outcome with what it points into.
struct Judgement {
  Outcome outcome;
  std::shared_ptr<const CompiledEntity> entity;  ///< null for root and for who is not there
};

/// Decides by the caller's policies and the resource's: fetches them, asks decide(), and says why
/// not. Any thread.
class PolicyAuthorizer final : public aws::Authorizer {
 public:
  struct Options {
    DecisionObserver* observer = nullptr;  ///< told of what authorize() decides; outlives this
    /// False: what policies deny is told to the observer and allowed. Who is nobody stays denied:
    /// only a policy could have let them in.
    bool is_enforced = true;
  };
  PolicyAuthorizer(Principals& principals, Options options)
      : principals_(principals), options_(options) {}

  [[nodiscard]] Result<void> authorize(const aws::Call& call,
                                       std::span<const aws::Permission> needs) override;

  /// The same for one need, without telling the observer.
  [[nodiscard]] Result<Judgement> judge(const aws::Call& call, const aws::Permission& need) {
    return judge_for(nullptr, call, need);
  }

 private:
  [[nodiscard]] Result<Judgement> judge_for(DecisionObserver* observer, const aws::Call& call,
                                            const aws::Permission& need);
  [[nodiscard]] bool is_enforced_for(const aws::Principal& principal) const {
    return options_.is_enforced || principal.kind == aws::Principal::Kind::kAnonymous;
  }
  [[nodiscard]] Result<std::shared_ptr<const CompiledEntity>> find_entity(
      const aws::Principal& principal, const CompiledSession* session);

  Principals& principals_;
  const Options options_;
};

/// The caller as the policies of resources see it; `entity` as in Judgement.
[[nodiscard]] Caller caller_of(const aws::Principal& principal, const CompiledEntity* entity);

/// "User: ARN is not authorized to perform: ACTION on resource: ARN", which begins every denial.
[[nodiscard]] std::string denial_subject(const aws::Principal& principal, const Access& access);

}  // namespace stator::iam
